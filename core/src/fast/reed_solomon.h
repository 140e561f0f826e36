#ifndef QRPNG_REED_SOLOMON_H
#define QRPNG_REED_SOLOMON_H

#include "../version.h"

/* Error correction codewords of a block come in 13 numbers up to 30, which is the degree of the generator polynomial.
 */
enum { ECC_DEGREE_COUNT = 13, ECC_STEP = 8, NIBBLES = 16, MAX_ECC_VECTORS = 2 };

typedef uint64_t ecc_vector __attribute__((vector_size(16)));

/* The remainders of the bytes of a step: for each of them, its low and its high nibble, and each of their values. */
typedef ecc_vector remainder_table[ECC_STEP][2][NIBBLES][MAX_ECC_VECTORS];

/* Built at first use; zeroed before. */
typedef struct ecc_tables {
  uint8_t is_built[ECC_DEGREE_COUNT];
  remainder_table remainders[ECC_DEGREE_COUNT];
} ecc_tables;

/*
 * Splits the data codewords into blocks, adds the error correction codewords of each, and interleaves them all (7.5 and
 * 7.6). Returns the number of codewords. Up to seven bytes behind them are written to, and as many behind the data
 * read.
 */
int fast_interleave_codewords(ecc_tables *tables, const uint8_t *data, qrpng_blocks blocks, uint8_t *codewords);

#endif
