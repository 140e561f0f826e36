#include "checksums.h"

#include "fast.h"
#include "once.h"

enum { SLICES = 8 };

/* Entry [k][byte]: the CRC of the byte followed by k zero bytes. */
static uint32_t tables[SLICES][256];
static once_flag_t built;
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;

static void build(int unused) {
  (void)unused;
  for (uint32_t byte = 0; byte < 256; byte++) {
    uint32_t crc = byte;
    for (int bit = 0; bit < 8; bit++)
      crc = crc >> 1 ^ (crc & 1) * 0xEDB88320;
    tables[0][byte] = crc;
  }
  for (int k = 1; k < SLICES; k++)
    for (int byte = 0; byte < 256; byte++)
      tables[k][byte] = tables[k - 1][byte] >> 8 ^ tables[0][tables[k - 1][byte] & 0xFF];
}

uint32_t fast_crc32_update(uint32_t crc, const uint8_t *bytes, size_t nbytes) {
  build_once(&built, &mutex, build, 0);
  for (; nbytes >= SLICES; nbytes -= SLICES, bytes += SLICES) {
    uint64_t word = load_word(bytes) ^ crc;
    crc = 0;
    for (int k = 0; k < SLICES; k++)
      crc ^= tables[SLICES - 1 - k][word >> 8 * k & 0xFF];
  }
  for (; nbytes > 0; nbytes--, bytes++)
    crc = crc >> 8 ^ tables[0][(crc ^ *bytes) & 0xFF];
  return crc;
}

uint32_t fast_crc32(const uint8_t *bytes, size_t nbytes) {
#ifdef __x86_64__
  if (fast_supports_clmul())
    return fast_crc32_clmul(bytes, nbytes);
#endif
  return ~fast_crc32_update(~(uint32_t)0, bytes, nbytes);
}
