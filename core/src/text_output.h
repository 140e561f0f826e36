/* A symbol as lines of characters, for terminals and the like. */
#ifndef QRPNG_TEXT_OUTPUT_H
#define QRPNG_TEXT_OUTPUT_H

#include <stddef.h>

#include "qrpng.h"
#include "rows.h"

enum {
  MAX_LINE_MODULES = QRPNG_MAX_SIDE_MODULES + 2 * QRPNG_MAX_MARGIN_MODULES,
  /* QRPNG_FORMAT_TERMINAL: the colour changes at every module, and is reset before the newline */
  MAX_LINE_NBYTES = 5 * (QRPNG_MAX_SIDE_MODULES + 2) + 2 * MAX_LINE_MODULES + 5,
  QRPNG_TEXT_CAPACITY = MAX_LINE_MODULES * MAX_LINE_NBYTES + 16, /* whole words are written */
};

/* Writes up to QRPNG_TEXT_CAPACITY bytes, in one of the text formats. Returns the length. */
size_t qrpng_write_text(qrpng_rows rows, const qrpng_options *options, uint8_t *text);

#endif
