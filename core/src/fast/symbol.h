#ifndef QRPNG_FAST_SYMBOL_H
#define QRPNG_FAST_SYMBOL_H

#include "../segments.h"
#include "penalty.h"
#include "reed_solomon.h"

/* Zeroed before its first use. */
typedef struct symbol_state {
  penalty_scratch scratch;
  int side, words;
  uint64_t rows[MAX_LINE_WORDS], columns[MAX_LINE_WORDS];
  uint8_t data[QRPNG_MAX_CODEWORDS];
  uint8_t codewords[QRPNG_MAX_CODEWORDS + READ_SLACK_NBYTES];
  layout_tables layouts;
  mask_tables masks;
  ecc_tables ecc;
} symbol_state;

/* Leaves the rows of the symbol in the state. score is for the mask rule QRPNG_MASK_RULE_LIBQRENCODE. */
void fast_encode_symbol(symbol_state *state, const qrpng_message *message, fast_penalty_function *score);

#endif
