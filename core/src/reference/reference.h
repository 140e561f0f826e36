/* The reference engine: libqrencode for the symbol, libpng for the image. */
#ifndef QRPNG_REFERENCE_H
#define QRPNG_REFERENCE_H

#include "../engine.h"
#include "arena.h"

typedef struct reference_state {
  int side_modules;
  uint64_t rows[MAX_LINE_WORDS];
  memory_arena png_memory; /* all that libpng and zlib allocate for one image */
  uint8_t *png;
  size_t png_nbytes, png_capacity;
} reference_state;

qrpng_status reference_encode_symbol(void *state, const qrpng_message *message);
qrpng_status reference_write_png(void *state, const qrpng_geometry *geometry, const qrpng_png_style *style,
                                 const uint8_t **png, size_t *png_nbytes);

#endif
