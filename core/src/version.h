/* What ISO/IEC 18004 says of each version: sizes and how the codewords are split into blocks (tables 1, 3, 7 and 9). */
#ifndef QRPNG_VERSION_H
#define QRPNG_VERSION_H

#include "qrpng.h"

#define QRPNG_MAX_VERSION 40

typedef struct qrpng_blocks {
  int count;          /* all blocks */
  int long_count;     /* the last of them hold one data codeword more */
  int data_codewords; /* of a short block */
  int ecc_codewords;  /* of every block */
} qrpng_blocks;

int qrpng_side_of_version(int version);

/* Data and error correction together. */
int qrpng_codewords_of_version(int version);

qrpng_blocks qrpng_blocks_of_version(int version, qrpng_level ecl);

/* What the segments with their headers have to fit. */
int qrpng_data_capacity_bits(int version, qrpng_level ecl);

/* Width of the character count indicator (table 3). */
int qrpng_count_bits(qrpng_mode mode, int version);

/* Centres of the alignment patterns on one axis, ascending. Returns how many: 0 to 7. */
int qrpng_alignment_centres(int version, int centres[7]);

#endif
