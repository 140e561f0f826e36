#ifndef QRPNG_PNG_PLAN_H
#define QRPNG_PNG_PLAN_H

#include "png.h"

/* Fills the plan for a geometry. */
void fast_plan_png(png_plan *plan, const qrpng_geometry *geometry, crc_tables *crc);

/* Modules that begin before the first literal byte, if the quiet zone on the left is taken for modules. */
int fast_lead_modules(const png_plan *plan);

#endif
