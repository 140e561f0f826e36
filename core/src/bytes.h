/*
 * Bytes in memory. No other code may depend on the order in which the machine stores the bytes of a word: what becomes
 * bytes, or was bytes, goes through these.
 */
#ifndef QRPNG_BYTES_H
#define QRPNG_BYTES_H

#include <stdint.h>
#include <string.h>

/*
 * Eight bytes as a word, the first byte lowest. Builtins, since memcpy() with _FORTIFY_SOURCE=3 would ask for the room
 * behind each word of a PNG, which takes up to 9 % of an image's time: whoever stores words has counted them.
 */
static inline uint64_t load_word(const uint8_t *bytes) {
  uint64_t word;
  __builtin_memcpy(&word, bytes, sizeof word);
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
  word = __builtin_bswap64(word);
#endif
  return word;
}

static inline void store_word(uint8_t *bytes, uint64_t word) {
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
  word = __builtin_bswap64(word);
#endif
  __builtin_memcpy(bytes, &word, sizeof word);
}

/* Appends a string, and a NUL that the next bytes take the place of. */
static inline uint8_t *put_string(uint8_t *next, const char *string) {
  size_t length = strlen(string);
  memcpy(next, string, length + 1);
  return next + length;
}

#endif
