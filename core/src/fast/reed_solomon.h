#ifndef QRPNG_REED_SOLOMON_H
#define QRPNG_REED_SOLOMON_H

#include "../version.h"

/* Error correction codewords of a block come in 13 numbers up to 30, which is the degree of the generator polynomial.
 */
enum { ECC_DEGREE_COUNT = 13, MAX_ECC_WORDS = 4 };

/* The product of each generator polynomial with each byte. Built at first use; zeroed before. */
typedef struct ecc_tables {
  uint8_t is_built[ECC_DEGREE_COUNT];
  uint64_t products[ECC_DEGREE_COUNT][256][MAX_ECC_WORDS];
} ecc_tables;

/*
 * Splits the data codewords into blocks, adds the error correction codewords of each, and interleaves them all (7.5 and
 * 7.6). Returns the number of codewords written.
 */
int fast_interleave_codewords(ecc_tables *tables, const uint8_t *data, qrpng_blocks blocks, uint8_t *codewords);

#endif
