#include "placement.h"

#include <string.h>

/* The bits with even numbers, moved together. */
static inline uint64_t even_bits(uint64_t word) {
  word &= 0x5555555555555555;
  word = (word | word >> 1) & 0x3333333333333333;
  word = (word | word >> 2) & 0x0F0F0F0F0F0F0F0F;
  word = (word | word >> 4) & 0x00FF00FF00FF00FF;
  word = (word | word >> 8) & 0x0000FFFF0000FFFF;
  return (word | word >> 16) & 0x00000000FFFFFFFF;
}

/*
 * Reverses the bits of each byte, for strips that run down: there the first bit is the lowest. Up to seven bytes more
 * are read and written.
 */
static void reverse_bytes(const uint8_t *bytes, int count, uint8_t *reversed) {
  for (int i = 0; i < count; i += 8) {
    uint64_t word = load_word(bytes + i);
    word = (word & 0x5555555555555555) << 1 | (word >> 1 & 0x5555555555555555);
    word = (word & 0x3333333333333333) << 2 | (word >> 2 & 0x3333333333333333);
    word = (word & 0x0F0F0F0F0F0F0F0F) << 4 | (word >> 4 & 0x0F0F0F0F0F0F0F0F);
    store_word(reversed + i, word);
  }
}

void fast_place_codewords(const symbol_layout *layout, const uint8_t *codewords, int codeword_count,
                          uint64_t *columns) {
  uint8_t reversed[QRPNG_MAX_CODEWORDS + READ_SLACK_NBYTES];
  reverse_bytes(codewords, codeword_count, reversed);
  memset(reversed + codeword_count, 0, READ_SLACK_NBYTES);
  int words = layout->words;
  memcpy(columns, layout->function_columns, sizeof *columns * (size_t)(layout->side * words));

  size_t position = 0; /* in bits */
  for (const bit_strip *strip = layout->strips; strip < layout->strips + layout->strip_count; strip++) {
    int shift = strip->row % 64, length = strip->length;
    uint64_t *column = columns + strip->column * words + strip->row / 64;
    uint64_t upwards = __builtin_bswap64(load_word(codewords + position / 8)) << position % 8;
    uint64_t downwards = load_word(reversed + position / 8) >> position % 8;
    switch (strip->kind) {
    case PAIR_UP:
      upwards >>= 64 - 2 * length;
      column[0] |= even_bits(upwards >> 1) << shift;
      column[-words] |= even_bits(upwards) << shift;
      position += 2 * (size_t)length;
      break;
    case PAIR_DOWN:
      downwards &= ((uint64_t)1 << 2 * length) - 1;
      column[0] |= even_bits(downwards) << shift;
      column[-words] |= even_bits(downwards >> 1) << shift;
      position += 2 * (size_t)length;
      break;
    case SINGLE_UP:
      column[0] |= upwards >> (64 - length) << shift;
      position += (size_t)length;
      break;
    default:
      column[0] |= (downwards & (((uint64_t)1 << length) - 1)) << shift;
      position += (size_t)length;
    }
  }
}

/* Swaps the off-diagonal quarters of each square of 2 * distance bits. */
static inline __attribute__((always_inline)) void swap_quarters(uint64_t *square, int side, int distance,
                                                                uint64_t low) {
  for (int block = 0; block < side; block += 2 * distance) {
    for (int i = block; i < block + distance; i++) {
      uint64_t swapped = (square[i] >> distance ^ square[i + distance]) & low;
      square[i] ^= swapped << distance;
      square[i + distance] ^= swapped;
    }
  }
}

/* side is 32 or 64. */
static inline __attribute__((always_inline)) void transpose_square(uint64_t *square, int side) {
  if (side == 64)
    swap_quarters(square, side, 32, 0x00000000FFFFFFFF);
  swap_quarters(square, side, 16, 0x0000FFFF0000FFFF);
  swap_quarters(square, side, 8, 0x00FF00FF00FF00FF);
  swap_quarters(square, side, 4, 0x0F0F0F0F0F0F0F0F);
  swap_quarters(square, side, 2, 0x3333333333333333);
  swap_quarters(square, side, 1, 0x5555555555555555);
}

void fast_transpose(int side, const uint64_t *columns, uint64_t *rows) {
  int words = words_of_side(side);
  if (side <= 32) {
    uint64_t square[32] = {0};
    memcpy(square, columns, sizeof *columns * (size_t)side);
    transpose_square(square, 32);
    memcpy(rows, square, sizeof *rows * (size_t)side);
    return;
  }
  for (int from = 0; from < words; from++) {
    int column_count = side - 64 * from < 64 ? side - 64 * from : 64;
    for (int to = 0; to < words; to++) {
      int row_count = side - 64 * to < 64 ? side - 64 * to : 64;
      uint64_t square[64] = {0};
      for (int i = 0; i < column_count; i++)
        square[i] = columns[(64 * from + i) * words + to];
      transpose_square(square, 64);
      for (int i = 0; i < row_count; i++)
        rows[(64 * to + i) * words + from] = square[i];
    }
  }
}
