/*
 * Error correction over GF(256) modulo x^8 + x^4 + x^3 + x^2 + 1. The remainder of up to 30 bytes is kept in up to four
 * words, first byte lowest; a table has the product of the generator polynomial with each byte, laid out likewise.
 */
#include "reed_solomon.h"

#include <string.h>

enum { MAX_DEGREE = 30, BYTES = 256, MAX_REMAINDER_WORDS = MAX_ECC_WORDS };
static const uint8_t degrees[ECC_DEGREE_COUNT] = {7, 10, 13, 15, 16, 17, 18, 20, 22, 24, 26, 28, 30};

typedef uint64_t product_table[BYTES][MAX_REMAINDER_WORDS];

static uint8_t multiply(uint8_t a, uint8_t b) {
  unsigned product = 0;
  for (int bit = 7; bit >= 0; bit--) {
    product = product << 1 ^ (product >> 7) * 0x11D;
    product ^= ((unsigned)b >> bit & 1) * a;
  }
  return (uint8_t)product;
}

static void build(uint64_t products[BYTES][MAX_REMAINDER_WORDS], int degree) {
  uint8_t generator[MAX_DEGREE] = {0}; /* without its leading 1, highest power first */
  generator[degree - 1] = 1;
  uint8_t root = 1;
  for (int i = 0; i < degree; i++) {
    for (int k = 0; k < degree; k++)
      generator[k] = multiply(generator[k], root) ^ (k + 1 < degree ? generator[k + 1] : 0);
    root = multiply(root, 2);
  }
  for (int byte = 0; byte < BYTES; byte++) {
    uint8_t product[8 * MAX_REMAINDER_WORDS] = {0};
    for (int k = 0; k < degree; k++)
      product[k] = multiply(generator[k], (uint8_t)byte);
    for (int w = 0; w < MAX_REMAINDER_WORDS; w++)
      for (int k = 7; k >= 0; k--)
        products[byte][w] = products[byte][w] << 8 | product[8 * w + k];
  }
}

static const product_table *table_of_degree(ecc_tables *tables, int degree) {
  int slot = 0;
  while (degrees[slot] != degree)
    slot++;
  if (!tables->is_built[slot])
    build(tables->products[slot], degree);
  tables->is_built[slot] = 1;
  return &tables->products[slot];
}

/* Always inlined, so that the word count is a constant and the remainder stays in registers. */
static inline __attribute__((always_inline)) void divide(const product_table *table, const uint8_t *data, int count,
                                                         int words, uint64_t remainder[MAX_REMAINDER_WORDS]) {
  uint64_t r[MAX_REMAINDER_WORDS + 1] = {0};
  for (int i = 0; i < count; i++) {
    const uint64_t *product = (*table)[data[i] ^ (r[0] & 0xFF)];
    for (int w = 0; w < words; w++)
      r[w] = (r[w] >> 8 | (w + 1 < words ? r[w + 1] << 56 : 0)) ^ product[w];
  }
  memcpy(remainder, r, sizeof r[0] * MAX_REMAINDER_WORDS);
}

static void divide_block(const product_table *table, const uint8_t *data, int count, int degree,
                         uint64_t remainder[MAX_REMAINDER_WORDS]) {
  switch ((degree + 7) / 8) {
  case 1:
    divide(table, data, count, 1, remainder);
    break;
  case 2:
    divide(table, data, count, 2, remainder);
    break;
  case 3:
    divide(table, data, count, 3, remainder);
    break;
  default:
    divide(table, data, count, 4, remainder);
  }
}

int fast_interleave_codewords(ecc_tables *tables, const uint8_t *data, qrpng_blocks blocks, uint8_t *codewords) {
  const product_table *table = table_of_degree(tables, blocks.ecc_codewords);
  int first_long = blocks.count - blocks.long_count;
  uint8_t *ecc = codewords + blocks.count * blocks.data_codewords + blocks.long_count;
  for (int b = 0; b < blocks.count; b++) {
    int is_long = b >= first_long;
    uint64_t remainder[MAX_REMAINDER_WORDS];
    divide_block(table, data, blocks.data_codewords + is_long, blocks.ecc_codewords, remainder);
    for (int i = 0; i < blocks.data_codewords; i++)
      codewords[i * blocks.count + b] = data[i];
    if (is_long)
      codewords[blocks.data_codewords * blocks.count + b - first_long] = data[blocks.data_codewords];
    for (int i = 0; i < blocks.ecc_codewords; i++)
      ecc[i * blocks.count + b] = (uint8_t)(remainder[i / 8] >> i % 8 * 8);
    data += blocks.data_codewords + is_long;
  }
  return (int)(ecc - codewords) + blocks.count * blocks.ecc_codewords;
}
