/* Where a version has its function patterns, and in which order its data modules are filled (7.7). */
#ifndef QRPNG_LAYOUT_H
#define QRPNG_LAYOUT_H

#include "../version.h"
#include "fast.h"

/*
 * A strip: the next bits of the message in order. In a pair they alternate between a column and the one left of it, row
 * by row; in a single they fill one column. Up or down is the direction in which the bits run.
 */
typedef enum strip_kind { PAIR_UP, PAIR_DOWN, SINGLE_UP, SINGLE_DOWN } strip_kind;

typedef struct bit_strip {
  uint8_t column; /* of a pair the right one */
  uint8_t row;    /* the top one */
  uint8_t length; /* rows; they never cross a word */
  uint8_t kind;
} bit_strip;

/* Arrays of side * words words, the first words being row or column 0. */
typedef struct symbol_layout {
  int side, words;
  uint64_t *function_columns; /* finder, alignment and timing patterns, version information, the lone dark module */
  uint64_t *data_rows, *data_columns; /* 1 where the mask applies */
  bit_strip *strips;
  int strip_count;
} symbol_layout;

/* What all 40 versions need together. */
enum { POOL_WORDS = 38000 };

/* Each layout is built when it is first asked for; all are zeroed before. */
typedef struct layout_tables {
  symbol_layout layouts[QRPNG_MAX_VERSION]; /* without words: not built yet */
  int pool_used;
  uint64_t pool[POOL_WORDS];
} layout_tables;

const symbol_layout *fast_layout_of_version(layout_tables *tables, int version);

#endif
