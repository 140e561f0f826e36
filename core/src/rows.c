#include "rows.h"

#include "bytes.h"

/* Eight bits as bytes of 0 or 1, the lowest one first. */
static uint64_t spread_bits(uint64_t bits) {
  const uint64_t copies = bits * 0x0101010101010101, one_a_byte = copies & 0x8040201008040201;
  return (one_a_byte + 0x7F7F7F7F7F7F7F7F) >> 7 & 0x0101010101010101;
}

void qrpng_unpack_rows(qrpng_rows rows, uint8_t *modules) {
  int words = words_of_side(rows.side);
  for (int y = 0; y < rows.side; y++, modules += rows.side)
    for (int x = 0; x < rows.side; x += 8)
      store_word(modules + x, spread_bits(rows.words[y * words + x / 64] >> x % 64 & 0xFF));
}

int qrpng_mask_of_rows(qrpng_rows rows) {
  uint64_t row = rows.words[8 * words_of_side(rows.side)];
  int format_bits = (int)((row >> 2 & 1) << 2 | (row >> 3 & 1) << 1 | (row >> 4 & 1)); /* 12, 11 and 10, figure 25 */
  return format_bits ^ 5;
}
