/*
 * Error correction over GF(256) modulo x^8 + x^4 + x^3 + x^2 + 1. The remainder of up to 30 bytes is kept in two
 * vectors, first byte lowest. The division takes eight bytes at a time: a table has what each nibble of them leaves,
 * laid out likewise.
 */
#include "reed_solomon.h"

#include <string.h>

#include "fast.h"
#include "once.h"

enum { MAX_BLOCKS = 81, DEGREE_COUNT = 13, MAX_DEGREE = 30, STEP = 8, NIBBLES = 16, MAX_VECTORS = 2 };
static const uint8_t degrees[DEGREE_COUNT] = {7, 10, 13, 15, 16, 17, 18, 20, 22, 24, 26, 28, 30};

typedef uint64_t vector __attribute__((vector_size(16)));

/* For each byte of a step, its low and its high nibble, and each of their values. */
typedef vector remainder_table[STEP][2][NIBBLES][MAX_VECTORS];

static remainder_table tables[DEGREE_COUNT];
static once_flag_t built[DEGREE_COUNT];
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;

static uint8_t multiply(uint8_t a, uint8_t b) {
  unsigned product = 0;
  for (int bit = 7; bit >= 0; bit--) {
    product = product << 1 ^ (product >> 7) * 0x11D;
    product ^= (b >> bit & 1u) * a;
  }
  return (uint8_t)product;
}

/* Without its leading 1, highest power first. */
static void make_generator(int degree, uint8_t generator[MAX_DEGREE]) {
  memset(generator, 0, MAX_DEGREE);
  generator[degree - 1] = 1;
  uint8_t root = 1;
  for (int i = 0; i < degree; i++) {
    for (int k = 0; k < degree; k++)
      generator[k] = multiply(generator[k], root) ^ (k + 1 < degree ? generator[k + 1] : 0);
    root = multiply(root, 2);
  }
}

static void build(int slot) {
  int degree = degrees[slot];
  uint8_t generator[MAX_DEGREE], remainder[MAX_DEGREE]; /* of a 1 that stands that many bytes before the end */
  make_generator(degree, generator);
  memcpy(remainder, generator, sizeof remainder);
  for (int byte = STEP - 1; byte >= 0; byte--) {
    for (int nibble = 0; nibble < NIBBLES; nibble++) {
      for (int half = 0; half < 2; half++) {
        uint64_t words[2 * MAX_VECTORS] = {0};
        for (int k = 0; k < degree; k++)
          words[k / 8] |= (uint64_t)multiply(remainder[k], (uint8_t)(nibble << 4 * half)) << k % 8 * 8;
        memcpy(tables[slot][byte][half][nibble], words, sizeof words);
      }
    }
    uint8_t carry = remainder[0];
    for (int k = 0; k < degree; k++)
      remainder[k] = (k + 1 < degree ? remainder[k + 1] : 0) ^ multiply(generator[k], carry);
  }
}

static const remainder_table *table_of_degree(int degree) {
  int slot = 0;
  while (degrees[slot] != degree)
    slot++;
  build_once(&built[slot], &mutex, build, slot);
  return &tables[slot];
}

/* The entry for a nibble, given as 16 times its value: so its address needs no shift. */
static inline const vector *entry(const remainder_table *table, int byte, int half, uint64_t nibble_times_16) {
  const uint8_t *of_first_byte = (const uint8_t *)table + sizeof(vector[MAX_VECTORS]) / NIBBLES * nibble_times_16;
  return (const vector *)(of_first_byte + (size_t)(2 * byte + half) * sizeof(*table)[0][0]);
}

/* Always inlined, so that the number of vectors is a constant and the remainder stays in registers. */
static inline __attribute__((always_inline)) void divide(const remainder_table *table, const uint8_t *data, int count,
                                                         int vectors, uint8_t *remainder) {
  vector r[MAX_VECTORS + 1] = {0};
  int first_count = (count - 1) % STEP + 1; /* zeros before the first bytes change nothing */
  uint8_t first[STEP] = {0};
  memcpy(first + STEP - first_count, data, (size_t)first_count);
  uint64_t step = load_word(first);
  for (const uint8_t *next = data + first_count, *end = data + count;; next += STEP) {
    step ^= r[0][0];
    for (int v = 0; v < vectors; v++)
      r[v] = (vector){r[v][1], v + 1 < vectors ? r[v + 1][0] : 0};
    uint64_t low = step << 4 & 0xF0F0F0F0F0F0F0F0, high = step & 0xF0F0F0F0F0F0F0F0;
    for (int byte = 0; byte < STEP; byte++)
      for (int v = 0; v < vectors; v++)
        r[v] ^= entry(table, byte, 0, low >> 8 * byte & 0xFF)[v] ^ entry(table, byte, 1, high >> 8 * byte & 0xFF)[v];
    if (next == end)
      break;
    step = load_word(next);
  }
  for (int v = 0; v < vectors; v++)
    for (int w = 0; w < 2; w++)
      store_word(remainder + 16 * v + 8 * w, r[v][w]);
}

static void divide_block(const remainder_table *table, const uint8_t *data, int count, int degree, uint8_t *remainder) {
  if (degree <= 16)
    divide(table, data, count, 1, remainder);
  else
    divide(table, data, count, 2, remainder);
}

/* Swaps the off-diagonal quarters of each square of 2 * distance bytes. */
static inline __attribute__((always_inline)) void swap_quarters(uint64_t square[8], int distance, uint64_t low) {
  for (int block = 0; block < 8; block += 2 * distance) {
    for (int i = block; i < block + distance; i++) {
      uint64_t swapped = (square[i] >> 8 * distance ^ square[i + distance]) & low;
      square[i] ^= swapped << 8 * distance;
      square[i + distance] ^= swapped;
    }
  }
}

/*
 * Writes the first byte of each block, the second of each, and so on, a square of 8 x 8 at a time. Squares to the right
 * of the last block, which are there for every row of squares first, are written over by what comes next.
 */
static void interleave(const uint8_t *const *blocks, int block_count, int nbytes, uint8_t *interleaved) {
  if (block_count == 1) {
    memcpy(interleaved, blocks[0], (size_t)nbytes);
    return;
  }
  for (int begin = 0; begin < nbytes; begin += 8, interleaved += 8 * block_count) {
    int lines = nbytes - begin < 8 ? nbytes - begin : 8;
    for (int first = (block_count - 1) / 8 * 8; first >= 0; first -= 8) {
      uint64_t square[8];
      for (int i = 0; i < 8; i++)
        square[i] = first + i < block_count ? load_word(blocks[first + i] + begin) : 0;
      swap_quarters(square, 4, 0x00000000FFFFFFFF);
      swap_quarters(square, 2, 0x0000FFFF0000FFFF);
      swap_quarters(square, 1, 0x00FF00FF00FF00FF);
      for (int i = 0; i < lines; i++)
        store_word(interleaved + i * block_count + first, square[i]);
    }
  }
}

int fast_interleave_codewords(const uint8_t *data, qrpng_blocks blocks, uint8_t *codewords) {
  enum { ECC_STRIDE = sizeof(vector) * MAX_VECTORS };
  const remainder_table *table = table_of_degree(blocks.ecc_codewords);
  uint8_t ecc[MAX_BLOCKS][ECC_STRIDE];
  const uint8_t *data_blocks[MAX_BLOCKS], *ecc_blocks[MAX_BLOCKS];
  int first_long = blocks.count - blocks.long_count;
  for (int b = 0; b < blocks.count; b++) {
    int nbytes = blocks.data_codewords + (b >= first_long);
    divide_block(table, data, nbytes, blocks.ecc_codewords, ecc[b]);
    data_blocks[b] = data;
    ecc_blocks[b] = ecc[b];
    data += nbytes;
  }
  interleave(data_blocks, blocks.count, blocks.data_codewords, codewords);
  codewords += blocks.count * blocks.data_codewords;
  for (int b = first_long; b < blocks.count; b++)
    *codewords++ = data_blocks[b][blocks.data_codewords];
  interleave(ecc_blocks, blocks.count, blocks.ecc_codewords, codewords);
  return blocks.count * (blocks.data_codewords + blocks.ecc_codewords) + blocks.long_count;
}
