/*
 * Strict readers of the library's SVG and text, which share nothing with what writes them: every byte has to be as
 * qrpng.h promises it for that symbol and those options. They return what is wrong, or NULL.
 */
#ifndef STRICT_DRAWN_H
#define STRICT_DRAWN_H

#include <stddef.h>
#include <stdint.h>

#include "qrpng.h"

const char *strict_check_svg(const uint8_t *svg, size_t svg_nbytes, const qrpng_symbol *symbol,
                             const qrpng_options *options);

/* Of any text format. */
const char *strict_check_text(const uint8_t *text, size_t text_nbytes, const qrpng_symbol *symbol,
                              const qrpng_options *options);

#endif
