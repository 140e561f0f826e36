#include "options.h"

#include "engines.h"
#include "svg.h"
#include "version.h"

qrpng_options qrpng_default_options(void) {
  return (qrpng_options){
      .ecl = QRPNG_LEVEL_L,
      .width = 200,
      .margin = 4,
      .mask = QRPNG_BEST_MASK,
      .dark = 0x000000FF,
      .light = 0xFFFFFFFF,
  };
}

static qrpng_status check_size(const qrpng_options *options) {
  if (options->width < 0 || options->width > QRPNG_MAX_SIDE_PX)
    return QRPNG_BAD_WIDTH;
  if (options->scale < 0 || options->scale > QRPNG_MAX_SIDE_PX)
    return QRPNG_BAD_SCALE;
  if (options->format <= QRPNG_FORMAT_SVG && options->width && options->scale)
    return QRPNG_BAD_SIZE;
  if (options->format == QRPNG_FORMAT_PNG && !options->width && !options->scale)
    return QRPNG_BAD_SIZE;
  return QRPNG_OK;
}

static qrpng_status check_engine(const qrpng_options *options) {
  size_t engine = qrpng_find_engine(options->engine);
  if (engine == QRPNG_ENGINE_COUNT)
    return QRPNG_BAD_ENGINE;
  int can_choose = qrpng_engines[engine]->can_choose_mask;
  if (options->mask < QRPNG_BEST_MASK || options->mask > 7 || (options->mask != QRPNG_BEST_MASK && !can_choose))
    return QRPNG_BAD_MASK;
  if ((unsigned)options->mask_rule > QRPNG_MASK_RULE_ISO ||
      (options->mask_rule != QRPNG_MASK_RULE_LIBQRENCODE && !can_choose))
    return QRPNG_BAD_MASK_RULE;
  return QRPNG_OK;
}

qrpng_status qrpng_validate_options(const qrpng_options *options) {
  if ((unsigned)options->ecl > QRPNG_LEVEL_H)
    return QRPNG_BAD_LEVEL;
  if ((unsigned)options->format > QRPNG_FORMAT_ASCII)
    return QRPNG_BAD_FORMAT;
  qrpng_status status = check_size(options);
  if (status != QRPNG_OK)
    return status;
  if (!(options->margin >= 0 && options->margin <= QRPNG_MAX_MARGIN_MODULES)) /* nor is it NaN */
    return QRPNG_BAD_MARGIN;
  if (options->version < 0 || options->version > QRPNG_MAX_VERSION)
    return QRPNG_BAD_VERSION;
  status = check_engine(options);
  if (status != QRPNG_OK)
    return status;
  if (options->dpi < 0 || options->dpi > QRPNG_MAX_DPI)
    return QRPNG_BAD_DPI;
  if (options->effort < 0 || options->effort > 1)
    return QRPNG_BAD_EFFORT;
  if (options->title && !qrpng_is_svg_title(options->title, options->title_nbytes))
    return QRPNG_BAD_TITLE;
  return QRPNG_OK;
}
