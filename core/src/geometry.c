#include "geometry.h"

qrpng_status qrpng_fit_geometry(const qrpng_options *options, int side_modules, qrpng_geometry *geometry) {
  int total_modules = side_modules + 2 * options->margin;
  int scale_px = options->width ? options->width / total_modules : options->scale;
  if (scale_px == 0)
    return QRPNG_WIDTH_TOO_SMALL;
  if (scale_px > QRPNG_MAX_SIDE_PX / total_modules)
    return QRPNG_SCALE_TOO_LARGE;

  int side_px = options->width ? options->width : scale_px * total_modules;
  *geometry = (qrpng_geometry){
      .side_modules = side_modules,
      .side_px = side_px,
      .scale_px = scale_px,
      .offset_px = (side_px - scale_px * side_modules) / 2,
  };
  return QRPNG_OK;
}
