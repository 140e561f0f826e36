#include "characters.h"

#include <string.h>

#ifdef __SSE2__
#include <emmintrin.h>
#endif

int qrpng_alphanumeric_value(uint8_t character) {
  static const int8_t values[] = {
      36, -1, -1, -1, 37, 38, -1, -1, -1, -1, 39, 40, -1, 41, 42, 43, /* space to / */
      0,  1,  2,  3,  4,  5,  6,  7,  8,  9,  44, -1, -1, -1, -1, -1, /* 0 to ? */
      -1, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, /* @ to O */
      25, 26, 27, 28, 29, 30, 31, 32, 33, 34, 35,                     /* P to Z */
  };
  unsigned index = (unsigned)character - ' ';
  return index < sizeof values ? values[index] : -1;
}

qrpng_mode qrpng_mode_of_character(uint8_t character) {
  int value = qrpng_alphanumeric_value(character);
  return value < 0 ? QRPNG_MODE_BYTE : value < 10 ? QRPNG_MODE_NUMERIC : QRPNG_MODE_ALPHANUMERIC;
}

/* Sixteen characters; tests set all bits of those that pass. */
typedef uint8_t characters __attribute__((vector_size(16)));

static inline characters are_within(characters text, uint8_t first, uint8_t last) {
  return (characters)(text - first <= (uint8_t)(last - first));
}

static inline characters are_digits(characters text) {
  return are_within(text, '0', '9');
}

static inline characters are_alphanumeric(characters text) {
  return are_within(text, 'A', 'Z') | are_within(text, '-', ':') | are_within(text, '*', '+') |
         are_within(text, '$', '%') | (characters)(text == ' ');
}

/* A bit for each character that passed, the first one lowest. */
static inline uint64_t collect(characters passed) {
#ifdef __SSE2__
  return (uint64_t)_mm_movemask_epi8((__m128i)passed);
#else
  static const characters bits = {1, 2, 4, 8, 16, 32, 64, 128, 1, 2, 4, 8, 16, 32, 64, 128};
  uint64_t halves[2];
  passed &= bits;
  memcpy(halves, &passed, sizeof halves);
  /* each product's highest byte is the sum of all bytes */
  return halves[0] * 0x0101010101010101 >> 56 | halves[1] * 0x0101010101010101 >> 56 << 8;
#endif
}

static inline void map_block(const uint8_t block[64], uint64_t *digits, uint64_t *alphanumerics) {
  *digits = *alphanumerics = 0;
  for (int i = 0; i < 64; i += 16) {
    characters text;
    memcpy(&text, block + i, sizeof text);
    *digits |= collect(are_digits(text)) << i;
    *alphanumerics |= collect(are_alphanumeric(text)) << i;
  }
}

void qrpng_map_characters(const uint8_t *text, size_t text_nbytes, qrpng_character_map *map) {
  size_t words = text_nbytes / 64;
  for (size_t w = 0; w < words; w++)
    map_block(text + 64 * w, &map->digits[w], &map->alphanumerics[w]);
  uint8_t rest[64] = {0}; /* NUL is neither */
  memcpy(rest, text + 64 * words, text_nbytes % 64);
  map_block(rest, &map->digits[words], &map->alphanumerics[words]);
  map->digits[words + 1] = map->alphanumerics[words + 1] = 0;

  map->nbytes = text_nbytes;
  map->digit_count = map->alphanumeric_count = 0;
  for (size_t w = 0; w <= words; w++) {
    map->digit_count += (size_t)__builtin_popcountll(map->digits[w]);
    map->alphanumeric_count += (size_t)__builtin_popcountll(map->alphanumerics[w]);
  }
}
