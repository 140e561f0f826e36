/*
 * A strict reader of 1-bit PNG files, gray or with a palette of two colours (RFC 2083), for images of which every byte
 * is known to be the library's own: what lenient decoders let pass is an error here. Only zlib's inflate is shared with
 * anything under test.
 */
#ifndef STRICT_PNG_H
#define STRICT_PNG_H

#include <stddef.h>
#include <stdint.h>

#include "qrpng.h"

typedef struct strict_image {
  int side_px;
  size_t row_nbytes;   /* of pixels, 8 a byte */
  const uint8_t *rows; /* row after row, 1 light, unfiltered; bits beyond the side are 0 */
  int data_chunks;
  uint32_t dark, light;      /* as in qrpng_options; black and white if it is gray */
  uint32_t pixels_per_metre; /* 0: it doesn't say */
} strict_image;

typedef struct strict_reader strict_reader;

/* NULL: out of memory. */
strict_reader *strict_reader_create(void);
void strict_reader_destroy(strict_reader *reader);

/* What is wrong with the file, valid until the next call; or NULL, then *image is filled in and as long valid. */
const char *strict_read(strict_reader *reader, const uint8_t *png, size_t png_nbytes, strict_image *image);

/* How the images, from two readers, differ; valid until the next call; or NULL. */
const char *strict_compare_images(strict_reader *reader, const strict_image *image, const strict_image *other);

/* How the image differs from what qrpng.h promises for that symbol and those options; valid until the next call; or
 * NULL. */
const char *strict_compare_symbol(strict_reader *reader, const strict_image *image, const qrpng_symbol *symbol,
                                  const qrpng_options *options);

#endif
