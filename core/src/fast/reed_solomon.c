/*
 * Error correction over GF(256) modulo x^8 + x^4 + x^3 + x^2 + 1. The remainder of up to 30 bytes is kept in two
 * vectors, first byte lowest. The division takes eight bytes at a time: a table has what each nibble of them leaves,
 * laid out likewise.
 */
#include "reed_solomon.h"

#include <string.h>

#include "fast.h"

enum { MAX_BLOCKS = 81, MAX_DEGREE = 30 };
static const uint8_t degrees[ECC_DEGREE_COUNT] = {7, 10, 13, 15, 16, 17, 18, 20, 22, 24, 26, 28, 30};

static uint8_t multiply(uint8_t a, uint8_t b) {
  unsigned product = 0;
  for (int bit = 7; bit >= 0; bit--) {
    product = product << 1 ^ (product >> 7) * 0x11D;
    product ^= ((unsigned)b >> bit & 1) * a;
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

static void build(remainder_table *table, int degree) {
  uint8_t generator[MAX_DEGREE], remainder[MAX_DEGREE]; /* of a 1 that stands that many bytes before the end */
  make_generator(degree, generator);
  memcpy(remainder, generator, sizeof remainder);
  for (int byte = ECC_STEP - 1; byte >= 0; byte--) {
    for (int nibble = 0; nibble < NIBBLES; nibble++) {
      for (int half = 0; half < 2; half++) {
        uint64_t words[2 * MAX_ECC_VECTORS] = {0};
        for (int k = 0; k < degree; k++)
          words[k / 8] |= (uint64_t)multiply(remainder[k], (uint8_t)(nibble << 4 * half)) << k % 8 * 8;
        memcpy((*table)[byte][half][nibble], words, sizeof words);
      }
    }
    uint8_t carry = remainder[0];
    for (int k = 0; k < degree; k++)
      remainder[k] = (k + 1 < degree ? remainder[k + 1] : 0) ^ multiply(generator[k], carry);
  }
}

static const remainder_table *table_of_degree(ecc_tables *tables, int degree) {
  int slot = 0;
  while (degrees[slot] != degree)
    slot++;
  if (!tables->is_built[slot])
    build(&tables->remainders[slot], degree);
  tables->is_built[slot] = 1;
  return &tables->remainders[slot];
}

/* The entry for a nibble, given as 16 times its value: so its address needs no shift. */
static inline const ecc_vector *entry(const remainder_table *table, int byte, int half, uint64_t nibble_times_16) {
  const uint8_t *of_first_byte =
      (const uint8_t *)table + sizeof(ecc_vector[MAX_ECC_VECTORS]) / NIBBLES * nibble_times_16;
  return (const ecc_vector *)(of_first_byte + (size_t)(2 * byte + half) * sizeof(*table)[0][0]);
}

/* Always inlined, so that the number of vectors is a constant and the remainder stays in registers. */
static inline __attribute__((always_inline)) void divide(const remainder_table *table, const uint8_t *data, int count,
                                                         int vectors, uint8_t *remainder) {
  ecc_vector r[MAX_ECC_VECTORS + 1] = {0};
  int first_count = (count - 1) % ECC_STEP + 1; /* zeros before the first bytes change nothing */
  uint8_t first[ECC_STEP] = {0};
  memcpy(first + ECC_STEP - first_count, data, (size_t)first_count);
  uint64_t step = load_word(first);
  for (const uint8_t *next = data + first_count, *end = data + count;; next += ECC_STEP) {
    step ^= r[0][0];
    for (int v = 0; v < vectors; v++)
      r[v] = (ecc_vector){r[v][1], v + 1 < vectors ? r[v + 1][0] : 0};
    uint64_t low = step << 4 & 0xF0F0F0F0F0F0F0F0, high = step & 0xF0F0F0F0F0F0F0F0;
    for (int byte = 0; byte < ECC_STEP; byte++)
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

int fast_interleave_codewords(ecc_tables *tables, const uint8_t *data, qrpng_blocks blocks, uint8_t *codewords) {
  enum { ECC_STRIDE = sizeof(ecc_vector) * MAX_ECC_VECTORS };
  const remainder_table *table = table_of_degree(tables, blocks.ecc_codewords);
  uint8_t ecc[MAX_BLOCKS][ECC_STRIDE];
  const uint8_t *data_blocks[MAX_BLOCKS], *ecc_blocks[MAX_BLOCKS];
  int first_long = blocks.count - blocks.long_count;
  int b = 0;
  do { /* there is always one, which a compiler can't know */
    int nbytes = blocks.data_codewords + (b >= first_long);
    divide_block(table, data, nbytes, blocks.ecc_codewords, ecc[b]);
    data_blocks[b] = data;
    ecc_blocks[b] = ecc[b];
    data += nbytes;
  } while (++b < blocks.count);
  interleave(data_blocks, blocks.count, blocks.data_codewords, codewords);
  codewords += blocks.count * blocks.data_codewords;
  for (b = first_long; b < blocks.count; b++)
    *codewords++ = data_blocks[b][blocks.data_codewords];
  interleave(ecc_blocks, blocks.count, blocks.ecc_codewords, codewords);
  return blocks.count * (blocks.data_codewords + blocks.ecc_codewords) + blocks.long_count;
}
