#include "options.h"

#include "engines.h"
#include "version.h"

qrpng_options qrpng_default_options(void) {
  return (qrpng_options){.ecl = QRPNG_LEVEL_L, .width = 200, .margin = 4, .mask = QRPNG_BEST_MASK};
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
  if (options->version < 0 || options->version > QRPNG_MAX_VERSION)
    return QRPNG_BAD_VERSION;
  size_t engine = qrpng_find_engine(options->engine);
  if (engine == QRPNG_ENGINE_COUNT)
    return QRPNG_BAD_ENGINE;
  if (options->mask < QRPNG_BEST_MASK || options->mask > 7 ||
      (options->mask != QRPNG_BEST_MASK && !qrpng_engines[engine]->can_fix_mask))
    return QRPNG_BAD_MASK;
  return QRPNG_OK;
}
