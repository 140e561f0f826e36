#include "checksums.h"

#include "fast.h"

static void build(crc_tables *tables) {
  uint32_t (*entries)[256] = tables->entries;
  for (uint32_t byte = 0; byte < 256; byte++) {
    uint32_t crc = byte;
    for (int bit = 0; bit < 8; bit++)
      crc = crc >> 1 ^ (crc & 1) * 0xEDB88320;
    entries[0][byte] = crc;
  }
  for (int k = 1; k < CRC_SLICES; k++)
    for (int byte = 0; byte < 256; byte++)
      entries[k][byte] = entries[k - 1][byte] >> 8 ^ entries[0][entries[k - 1][byte] & 0xFF];
  tables->is_built = 1;
}

uint32_t fast_crc32_update(crc_tables *tables, uint32_t crc, const uint8_t *bytes, size_t nbytes) {
  if (!tables->is_built)
    build(tables);
  const uint32_t (*entries)[256] = tables->entries;
  for (; nbytes >= CRC_SLICES; nbytes -= CRC_SLICES, bytes += CRC_SLICES) {
    uint64_t word = load_word(bytes) ^ crc;
    crc = 0;
    for (int k = 0; k < CRC_SLICES; k++)
      crc ^= entries[CRC_SLICES - 1 - k][word >> 8 * k & 0xFF];
  }
  for (; nbytes > 0; nbytes--, bytes++)
    crc = crc >> 8 ^ entries[0][(crc ^ *bytes) & 0xFF];
  return crc;
}

uint32_t fast_crc32(crc_tables *tables, const uint8_t *bytes, size_t nbytes) {
#ifdef __x86_64__
  if (fast_supports_clmul())
    return fast_crc32_clmul(tables, bytes, nbytes);
#endif
  return ~fast_crc32_update(tables, ~(uint32_t)0, bytes, nbytes);
}
