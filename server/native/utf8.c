#include "utf8.h"

#include <stdint.h>

/* The length of the UTF-8 sequence at the start of the bytes, or 0 if it is not a valid one (RFC 3629, section 4). */
static size_t utf8_sequence_nbytes(const uint8_t *bytes, size_t nbytes) {
  uint8_t first = bytes[0];
  if (first < 0x80)
    return 1;
  size_t length = first < 0xC2 ? 0 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : first < 0xF5 ? 4 : 0;
  if (length == 0 || length > nbytes)
    return 0;
  for (size_t i = 1; i < length; i++)
    if ((bytes[i] & 0xC0) != 0x80)
      return 0;
  bool overlong = (first == 0xE0 && bytes[1] < 0xA0) || (first == 0xF0 && bytes[1] < 0x90);
  bool surrogate = first == 0xED && bytes[1] > 0x9F;
  bool beyond_unicode = first == 0xF4 && bytes[1] > 0x8F;
  return overlong || surrogate || beyond_unicode ? 0 : length;
}

bool utf8_is_valid(slice text) {
  const uint8_t *bytes = (const uint8_t *)text.bytes;
  for (size_t i = 0, length; i < text.nbytes; i += length) {
    length = utf8_sequence_nbytes(bytes + i, text.nbytes - i);
    if (length == 0)
      return false;
  }
  return true;
}
