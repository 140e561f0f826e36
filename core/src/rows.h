/*
 * A symbol as rows of bits: bit x of a row (bit x % 64 of its word x / 64) is the module in column x, 1 dark. All rows
 * of a symbol have as many words as its side needs: 1, 2 or 3. The bits beyond the side are 0.
 */
#ifndef QRPNG_ROWS_H
#define QRPNG_ROWS_H

#include <stdint.h>

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

/*
 * Writes where the colour changes along a row that begins light: where the first dark run begins, where it ends, and so
 * on. Returns how many there are: an even number, if the last bit is 0.
 */
static inline int qrpng_find_edges(const uint64_t *row, int words, uint8_t *edges) {
  int count = 0;
  uint64_t before = 0;
  for (int w = 0; w < words; w++) {
    uint64_t changes = row[w] ^ (row[w] << 1 | before);
    before = row[w] >> 63;
    for (; changes; changes &= changes - 1)
      edges[count++] = (uint8_t)(64 * w + __builtin_ctzll(changes));
  }
  return count;
}

/* The mask that the format information names (ISO/IEC 18004, 7.9.1). */
int qrpng_mask_of_rows(qrpng_rows rows);

#endif
