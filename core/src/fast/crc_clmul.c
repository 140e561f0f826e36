/*
 * The CRC as the remainder of a polynomial whose highest power stands in the lowest bit. A block of 128 bits that
 * stands d bits before another can be folded into it: its halves times the remainders of x^(d + 64) and x^d, by
 * multiplication without carries. Four blocks go on side by side, since a multiplication takes several cycles.
 */
#include "checksums.h"

#ifdef __x86_64__
#include <immintrin.h>

/* The remainder of x^(d + 32) for the first half, and of x^(d - 32) for the second, bits reversed and shifted by one:
 * so much do 32 bits within 64, and a product of reversed factors, stand off. */
#define DISTANCE_512 _mm_set_epi64x(0x1C6E41596, 0x154442BD4)
#define DISTANCE_128 _mm_set_epi64x(0x0CCAA009E, 0x1751997D0)

enum { BLOCK = 16, LANE_COUNT = 4 };

#define WITH_CLMUL __attribute__((target("pclmul")))

WITH_CLMUL static inline __m128i fold(__m128i block, __m128i distance, __m128i into) {
  __m128i first = _mm_clmulepi64_si128(block, distance, 0x00), second = _mm_clmulepi64_si128(block, distance, 0x11);
  return _mm_xor_si128(_mm_xor_si128(first, second), into);
}

static inline __m128i load_block(const uint8_t *bytes) {
  return _mm_loadu_si128((const __m128i *)bytes);
}

int fast_supports_clmul(void) {
  return __builtin_cpu_supports("pclmul");
}

WITH_CLMUL uint32_t fast_crc32_clmul(crc_tables *tables, const uint8_t *bytes, size_t nbytes) {
  if (nbytes < LANE_COUNT * BLOCK)
    return ~fast_crc32_update(tables, ~(uint32_t)0, bytes, nbytes);

  /* zeros before the first byte change nothing: with as many as are missing there are whole blocks alone */
  const uint8_t *end = bytes + nbytes;
  uint8_t first[3 * BLOCK];
  __m128i all_set = _mm_cvtsi32_si128(-1), lanes[LANE_COUNT];
  _mm_storeu_si128((__m128i *)first, _mm_setzero_si128());
  _mm_storeu_si128((__m128i *)(first + BLOCK), _mm_xor_si128(load_block(bytes), all_set));
  _mm_storeu_si128((__m128i *)(first + 2 * BLOCK), load_block(bytes + BLOCK));
  size_t part = nbytes % BLOCK;
  lanes[0] = load_block(first + part);
  lanes[1] = load_block(first + part + BLOCK);
  lanes[2] = load_block(bytes + part + BLOCK);
  lanes[3] = load_block(bytes + part + 2 * BLOCK);

  for (bytes += part + 3 * BLOCK; end - bytes >= LANE_COUNT * BLOCK; bytes += LANE_COUNT * BLOCK)
    for (int i = 0; i < LANE_COUNT; i++)
      lanes[i] = fold(lanes[i], DISTANCE_512, load_block(bytes + i * BLOCK));
  __m128i block = lanes[0];
  for (int i = 1; i < LANE_COUNT; i++)
    block = fold(block, DISTANCE_128, lanes[i]);
  for (; bytes < end; bytes += BLOCK)
    block = fold(block, DISTANCE_128, load_block(bytes));

  uint8_t last[BLOCK];
  _mm_storeu_si128((__m128i *)last, block);
  return ~fast_crc32_update(tables, 0, last, BLOCK);
}

#endif
