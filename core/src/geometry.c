#include "geometry.h"

double qrpng_total_modules(const qrpng_options *options, int side_modules) {
  return side_modules + 2 * options->margin;
}

qrpng_status qrpng_fit_side(const qrpng_options *options, int side_modules, int *side_px) {
  double scaled_px = options->scale * qrpng_total_modules(options, side_modules);
  if (scaled_px > QRPNG_MAX_SIDE_PX)
    return QRPNG_SCALE_TOO_LARGE;
  *side_px = options->width ? options->width : (int)scaled_px;
  return QRPNG_OK;
}

qrpng_status qrpng_fit_geometry(const qrpng_options *options, int side_modules, qrpng_geometry *geometry) {
  /* A double of its own, since some machines compute with more digits than that, and all must round alike. */
  double modules_px = options->width / qrpng_total_modules(options, side_modules);
  int scale_px = options->width ? (int)modules_px : options->scale, side_px;
  if (scale_px == 0)
    return QRPNG_WIDTH_TOO_SMALL;
  qrpng_status status = qrpng_fit_side(options, side_modules, &side_px);
  if (status != QRPNG_OK)
    return status;

  *geometry = (qrpng_geometry){
      .side_modules = side_modules,
      .side_px = side_px,
      .scale_px = scale_px,
      .offset_px = (side_px - scale_px * side_modules) / 2,
  };
  return QRPNG_OK;
}
