/* Puts codewords into modules (7.7.3). */
#ifndef QRPNG_PLACEMENT_H
#define QRPNG_PLACEMENT_H

#include "layout.h"

/*
 * Writes the columns of the symbol, not masked and without format information. READ_SLACK_NBYTES
 * zeros follow the codewords, of which there are as many as the version holds.
 */
void fast_place_codewords(const symbol_layout *layout, const uint8_t *codewords, int codeword_count, uint64_t *columns);

/* Rows from columns. */
void fast_transpose(int side, const uint64_t *columns, uint64_t *rows);

#endif
