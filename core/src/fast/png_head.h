/* What comes before the pixels of a PNG that isn't plain: header, resolution, palette and its transparency. */
#ifndef QRPNG_PNG_HEAD_H
#define QRPNG_PNG_HEAD_H

#include "checksums.h"
#include "fast.h"

/* Signature and IHDR: all that a plain one has before IDAT. */
enum { PLAIN_HEAD_NBYTES = 8 + 25, MAX_HEAD_NBYTES = PLAIN_HEAD_NBYTES + 21 + 18 + 14 };

/* The one used last: most calls ask for the same again. Zeroed before its first use. */
typedef struct png_head {
  int side_px, nbytes;
  qrpng_png_style style;
  uint8_t bytes[MAX_HEAD_NBYTES];
} png_head;

/* 1-bit gray, no resolution. */
static inline int fast_is_plain_style(const qrpng_png_style *style) {
  return qrpng_is_black_on_white(style) && style->dpi == 0;
}

/* Writes up to MAX_HEAD_NBYTES. Returns where IDAT has to begin. */
uint8_t *fast_put_png_head(png_head *head, int side_px, const qrpng_png_style *style, crc_tables *crc, uint8_t *png);

#endif
