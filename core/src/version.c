#include "version.h"

/* ISO/IEC 18004, table 1 */
static const uint16_t codewords[QRPNG_MAX_VERSION] = {
    26,   44,   70,   100,  134,  172,  196,  242,  292,  346,  404,  466,  532,  581,
    655,  733,  815,  901,  991,  1085, 1156, 1258, 1364, 1474, 1588, 1706, 1828, 1921,
    2051, 2185, 2323, 2465, 2611, 2761, 2876, 3034, 3196, 3362, 3532, 3706,
};

/* ISO/IEC 18004, table 9, by level and version - 1 */
static const uint8_t ecc_codewords_per_block[4][QRPNG_MAX_VERSION] = {
    {7,  10, 15, 20, 26, 18, 20, 24, 30, 18, 20, 24, 26, 30, 22, 24, 28, 30, 28, 28,
     28, 28, 30, 30, 26, 28, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30},
    {10, 16, 26, 18, 24, 16, 18, 22, 22, 26, 30, 22, 22, 24, 24, 28, 28, 26, 26, 26,
     26, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28},
    {13, 22, 18, 26, 18, 24, 18, 22, 20, 24, 28, 26, 24, 20, 30, 24, 28, 28, 26, 30,
     28, 30, 30, 30, 30, 28, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30},
    {17, 28, 22, 16, 22, 28, 26, 26, 24, 28, 24, 28, 22, 24, 24, 30, 28, 28, 26, 28,
     30, 24, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30},
};
static const uint8_t block_count[4][QRPNG_MAX_VERSION] = {
    {1, 1, 1, 1,  1,  2,  2,  2,  2,  4,  4,  4,  4,  4,  6,  6,  6,  6,  7,  8,
     8, 9, 9, 10, 12, 12, 12, 13, 14, 15, 16, 17, 18, 19, 19, 20, 21, 22, 24, 25},
    {1,  1,  1,  2,  2,  4,  4,  4,  5,  5,  5,  8,  9,  9,  10, 10, 11, 13, 14, 16,
     17, 17, 18, 20, 21, 23, 25, 26, 28, 29, 31, 33, 35, 37, 38, 40, 43, 45, 47, 49},
    {1,  1,  2,  2,  4,  4,  6,  6,  8,  8,  8,  10, 12, 16, 12, 17, 16, 18, 21, 20,
     23, 23, 25, 27, 29, 34, 34, 35, 38, 40, 43, 45, 48, 51, 53, 56, 59, 62, 65, 68},
    {1,  1,  2,  4,  4,  4,  5,  6,  8,  8,  11, 11, 16, 16, 18, 16, 19, 21, 25, 25,
     25, 34, 30, 32, 35, 37, 40, 42, 45, 48, 51, 54, 57, 60, 63, 66, 70, 74, 77, 81},
};

int qrpng_side_of_version(int version) {
  return 17 + 4 * version;
}

int qrpng_alignment_centres(int version, int centres[7]) {
  if (version == 1)
    return 0;
  int count = version / 7 + 2, last = qrpng_side_of_version(version) - 7;
  /* evenly spaced from the last one on, in even steps; only version 32 falls out of the formula (annex E) */
  int step = version == 32 ? 26 : (version * 4 + count * 2 + 1) / (count * 2 - 2) * 2;
  for (int i = count - 1; i > 0; i--, last -= step)
    centres[i] = last;
  centres[0] = 6;
  return count;
}

int qrpng_codewords_of_version(int version) {
  return codewords[version - 1];
}

qrpng_blocks qrpng_blocks_of_version(int version, qrpng_level ecl) {
  int total = codewords[version - 1], count = block_count[ecl][version - 1];
  int ecc_codewords = ecc_codewords_per_block[ecl][version - 1];
  return (qrpng_blocks){
      .count = count,
      .long_count = total % count,
      .data_codewords = total / count - ecc_codewords,
      .ecc_codewords = ecc_codewords,
  };
}

int qrpng_data_capacity_bits(int version, qrpng_level ecl) {
  int ecc_codewords = block_count[ecl][version - 1] * ecc_codewords_per_block[ecl][version - 1];
  return 8 * (codewords[version - 1] - ecc_codewords);
}

int qrpng_count_bits(qrpng_mode mode, int version) {
  static const uint8_t bits[4][3] = {{10, 12, 14}, {9, 11, 13}, {8, 16, 16}, {8, 10, 12}};
  return bits[mode][version < 10 ? 0 : version < 27 ? 1 : 2];
}
