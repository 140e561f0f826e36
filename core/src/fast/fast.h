/*
 * The fast engine: the symbol as rows of bits, the PNG written from them. docs/fast-engine.md explains it.
 *
 * Bit x of a row (bit x % 64 of its word x / 64) is the module in column x; likewise bit y of a column is that in row
 * y. Rows and columns of a symbol all have as many words as its side needs: 1, 2 or 3.
 */
#ifndef QRPNG_FAST_H
#define QRPNG_FAST_H

#include <string.h>

#include "../engine.h"
#include "../symbol_limits.h"

enum { MAX_WORDS = 3, MAX_LINE_WORDS = QRPNG_MAX_SIDE_MODULES * MAX_WORDS };

/* Readers fetch eight bytes at a time, also at the last byte. */
enum { READ_SLACK_NBYTES = 8 };

static inline int words_of_side(int side) {
  return (side + 63) / 64;
}

/*
 * No other code of this engine may depend on the order in which the machine stores the bytes of a word: what becomes
 * bytes, or was bytes, goes through these.
 */

/* Eight bytes as a word, the first byte lowest. */
static inline uint64_t load_word(const uint8_t *bytes) {
  uint64_t word;
  memcpy(&word, bytes, sizeof word);
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
  word = __builtin_bswap64(word);
#endif
  return word;
}

static inline void store_word(uint8_t *bytes, uint64_t word) {
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
  word = __builtin_bswap64(word);
#endif
  memcpy(bytes, &word, sizeof word);
}

/* Appends four bytes, the first byte highest, as PNG and zlib want them. */
static inline uint8_t *put_big_endian(uint8_t *next, uint32_t value) {
  for (int shift = 24; shift >= 0; shift -= 8)
    *next++ = (uint8_t)(value >> shift);
  return next;
}

#endif
