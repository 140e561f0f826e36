#include "base64.h"

static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

size_t base64_nbytes(size_t nbytes) {
  return (nbytes + 2) / 3 * 4;
}

static char *write_group(char *at, uint32_t group) {
  for (int shift = 18; shift >= 0; shift -= 6)
    *at++ = letters[group >> shift & 63];
  return at;
}

char *base64_write(char *at, const uint8_t *bytes, size_t nbytes) {
  size_t i = 0;
  for (; i + 3 <= nbytes; i += 3)
    at = write_group(at, (uint32_t)bytes[i] << 16 | (uint32_t)bytes[i + 1] << 8 | bytes[i + 2]);
  const size_t rest = nbytes - i;
  if (rest == 0)
    return at;
  at = write_group(at, (uint32_t)bytes[i] << 16 | (rest > 1 ? (uint32_t)bytes[i + 1] << 8 : 0));
  at[-1] = '=';
  if (rest == 1)
    at[-2] = '=';
  return at;
}
