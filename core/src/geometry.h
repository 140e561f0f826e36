/* Where the modules lie in the image. */
#ifndef QRPNG_GEOMETRY_H
#define QRPNG_GEOMETRY_H

#include "qrpng.h"

typedef struct qrpng_geometry {
  int side_modules; /* of the symbol, without quiet zone */
  int side_px;      /* of the image */
  int scale_px;     /* of a module */
  int offset_px;    /* quiet zone left of and above the symbol; right and below it may be 1 px more */
} qrpng_geometry;

/* With the quiet zone on both sides. */
double qrpng_total_modules(const qrpng_options *options, int side_modules);

/* For formats in px: returns QRPNG_WIDTH_TOO_SMALL or QRPNG_SCALE_TOO_LARGE if the symbol can't be drawn as the (valid)
 * options ask. */
qrpng_status qrpng_fit_geometry(const qrpng_options *options, int side_modules, qrpng_geometry *geometry);

/* For formats of any size: *side_px is 0 if the options give neither width nor scale. */
qrpng_status qrpng_fit_side(const qrpng_options *options, int side_modules, int *side_px);

#endif
