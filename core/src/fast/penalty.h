/* The penalty of each mask (7.8.3), as libqrencode reads the rules: the same mask wins. */
#ifndef QRPNG_PENALTY_H
#define QRPNG_PENALTY_H

#include "mask.h"

/* White lines around the symbol, as far as any rule looks beyond its edges. */
enum { LINES_ABOVE = 5, LINES_BELOW = 12, PADDED_LINES = LINES_ABOVE + QRPNG_MAX_SIDE_MODULES + LINES_BELOW };

/* Room for the masked symbols, as rows and as columns. Zeroed before its first use. */
typedef struct penalty_scratch {
  _Alignas(64) uint64_t lines[DIRECTION_COUNT * MAX_WORDS * PADDED_LINES * MASK_COUNT];
} penalty_scratch;

/* rows and columns are the symbol before masking. */
typedef void fast_penalty_function(mask_tables *tables, const symbol_layout *layout, qrpng_level ecl,
                                   const uint64_t *rows, const uint64_t *columns, penalty_scratch *scratch,
                                   int penalties[MASK_COUNT]);

/* One source, built for different instructions: the same results. The first runs on every machine. */
fast_penalty_function fast_penalties_baseline;
#ifdef __x86_64__
fast_penalty_function fast_penalties_128, fast_penalties_256, fast_penalties_512;
#endif

#endif
