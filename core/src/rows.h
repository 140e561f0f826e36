/*
 * A symbol as rows of bits: bit x of a row (bit x % 64 of its word x / 64) is the module in column x, 1 dark. All rows
 * of a symbol have as many words as its side needs: 1, 2 or 3. The bits beyond the side are 0.
 */
#ifndef QRPNG_ROWS_H
#define QRPNG_ROWS_H

#include <stdint.h>

#include "bytes.h"
#include "symbol_limits.h"

enum { MAX_WORDS = 3, MAX_LINE_WORDS = QRPNG_MAX_SIDE_MODULES * MAX_WORDS };

static inline int words_of_side(int side) {
  return (side + 63) / 64;
}

/* side * words_of_side(side) words. */
typedef struct qrpng_rows {
  const uint64_t *words;
  int side;
} qrpng_rows;

/* Writes side * side bytes, 1 dark, 0 light, and up to seven more. */
void qrpng_unpack_rows(qrpng_rows rows, uint8_t *modules);

/* Room for all edges of a row of so many modules, and for what is written beyond them. */
#define QRPNG_EDGES_CAPACITY(side) ((side) + 1 + 8)

/*
 * Writes where the colour changes along a row that begins and ends light: where the first dark run begins, where it
 * ends, and so on. Returns how many there are: an even number. Four modules at a time, so that no branch depends on
 * them. A side is no multiple of 64.
 */
static inline int qrpng_find_edges(const uint64_t *row, int side, uint8_t *edges) {
  /* of the bits of a number from 0 to 15, those that are 1: how many, and which, the lowest one in the lowest byte */
  static const uint8_t counts[16] = {0, 1, 1, 2, 1, 2, 2, 3, 1, 2, 2, 3, 2, 3, 3, 4};
  static const uint32_t positions[16] = {0, 0,     1,     0x100,   2,     0x200,   0x201,   0x20100,
                                         3, 0x300, 0x301, 0x30100, 0x302, 0x30200, 0x30201, 0x3020100};
  int count = 0;
  uint64_t before = 0;
  for (int w = 0; 64 * w <= side; w++) {
    uint64_t changes = row[w] ^ (row[w] << 1 | before);
    before = row[w] >> 63;
    int end = side - 64 * w < 63 ? side - 64 * w : 63;
    for (int bit = 0; bit <= end; bit += 4, changes >>= 4) {
      store_word(edges + count, positions[changes & 15] + (uint64_t)(64 * w + bit) * 0x01010101);
      count += counts[changes & 15];
    }
  }
  return count;
}

/* The mask that the format information names (ISO/IEC 18004, 7.9.1). */
int qrpng_mask_of_rows(qrpng_rows rows);

#endif
