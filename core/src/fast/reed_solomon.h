#ifndef QRPNG_REED_SOLOMON_H
#define QRPNG_REED_SOLOMON_H

#include "../version.h"

/*
 * Splits the data codewords into blocks, adds the error correction codewords of each, and interleaves them all (7.5 and
 * 7.6). Returns the number of codewords. Up to seven bytes behind them are written to, and as many behind the data
 * read.
 */
int fast_interleave_codewords(const uint8_t *data, qrpng_blocks blocks, uint8_t *codewords);

#endif
