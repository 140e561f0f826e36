/*
 * A symbol as SVG: one path of horizontal strokes, one module wide and a run of dark modules long, each reached from
 * the one before by a relative move. Strokes take fewer bytes, and less time, than outlines.
 */
#ifndef QRPNG_SVG_H
#define QRPNG_SVG_H

#include <stddef.h>

#include "qrpng.h"
#include "rows.h"

enum {
  MAX_RUNS_IN_ROW = QRPNG_MAX_SIDE_MODULES / 2 + 1,
  MAX_RUN_NBYTES = 11, /* "m-176 1h177"; or "m1 0h1", and some have one digit more for nine modules more */
  MAX_SVG_ROW_NBYTES = 2 * MAX_RUN_NBYTES + MAX_RUNS_IN_ROW * 6 + QRPNG_MAX_SIDE_MODULES / 9,
  MAX_ESCAPED_NBYTES = 5,     /* "&amp;" */
  MAX_SVG_FRAME_NBYTES = 640, /* and what is written beyond the end: four runs at once */
  QRPNG_SVG_CAPACITY = QRPNG_MAX_SIDE_MODULES * MAX_SVG_ROW_NBYTES + MAX_ESCAPED_NBYTES * QRPNG_MAX_TITLE_NBYTES +
      MAX_SVG_FRAME_NBYTES
};

/* Whether XML 1.0 can hold it, and it isn't too long. */
int qrpng_is_svg_title(const char *title, size_t title_nbytes);

/* Writes up to QRPNG_SVG_CAPACITY bytes; side_px is 0 if the image has no size of its own. Returns the length. */
size_t qrpng_write_svg(qrpng_rows rows, const qrpng_options *options, int side_px, uint8_t *svg);

#endif
