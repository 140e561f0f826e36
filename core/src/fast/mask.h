/* The eight masks (7.8) and the format information that names them (7.9.1). */
#ifndef QRPNG_MASK_H
#define QRPNG_MASK_H

#include "placement.h"

enum { MASK_COUNT = 8, PATTERN_PERIOD = 12 };

enum direction { ROWS, COLUMNS, DIRECTION_COUNT };

/* What a mask inverts, before it is limited to data modules: all masks side by side. */
typedef struct mask_patterns {
  uint64_t lines[DIRECTION_COUNT][PATTERN_PERIOD][MAX_WORDS][MASK_COUNT];
} mask_patterns;

/* The format information of a level, as bits of the lines that have some: all masks side by side. */
typedef struct format_lines {
  uint64_t near[DIRECTION_COUNT][9][MASK_COUNT]; /* lines 0 to 8, in word 0 */
  uint64_t far[DIRECTION_COUNT][8][MASK_COUNT];  /* the last eight lines, in word 0 */
  uint64_t along[DIRECTION_COUNT][MASK_COUNT];   /* line 8, from position side - 8 on */
} format_lines;

/* Built at first use; zeroed before. */
typedef struct mask_tables {
  uint8_t has_patterns, has_formats[4];
  mask_patterns patterns;
  format_lines formats[4];
} mask_tables;

const mask_patterns *fast_mask_patterns(mask_tables *tables);
const format_lines *fast_format_lines(mask_tables *tables, qrpng_level ecl);

/* Masks the rows in place and adds the format information. */
void fast_apply_mask(mask_tables *tables, const symbol_layout *layout, qrpng_level ecl, int mask, uint64_t *rows);

#endif
