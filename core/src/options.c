#include "options.h"

#include "engine.h"

qrpng_options qrpng_default_options(void) {
  return (qrpng_options){.ecl = QRPNG_LEVEL_L, .width = 200, .scale = 0, .margin = 4, .engine = NULL};
}

qrpng_status qrpng_validate_options(const qrpng_options *options) {
  if ((unsigned)options->ecl > QRPNG_LEVEL_H)
    return QRPNG_BAD_LEVEL;
  if (options->width < 0 || options->width > QRPNG_MAX_SIDE_PX)
    return QRPNG_BAD_WIDTH;
  if (options->scale < 0 || options->scale > QRPNG_MAX_SIDE_PX)
    return QRPNG_BAD_SCALE;
  if ((options->width == 0) == (options->scale == 0))
    return QRPNG_BAD_SIZE;
  if (options->margin < 0 || options->margin > QRPNG_MAX_MARGIN_MODULES)
    return QRPNG_BAD_MARGIN;
  if (!qrpng_find_engine(options->engine))
    return QRPNG_BAD_ENGINE;
  return QRPNG_OK;
}
