#ifndef QRPNG_CHECKSUMS_H
#define QRPNG_CHECKSUMS_H

#include <stddef.h>
#include <stdint.h>

enum { CRC_SLICES = 8 };

/* Built at first use; zeroed before. Entry [k][byte] is the CRC of the byte followed by k zero bytes. */
typedef struct crc_tables {
  int is_built;
  uint32_t entries[CRC_SLICES][256];
} crc_tables;

/* The CRC of a PNG chunk's type and data (RFC 2083, 3.4), by the fastest means that this machine has. */
uint32_t fast_crc32(crc_tables *tables, const uint8_t *bytes, size_t nbytes);

/* Goes on with a CRC by means of tables. It begins with all bits set, and at the end they are all inverted. */
uint32_t fast_crc32_update(crc_tables *tables, uint32_t crc, const uint8_t *bytes, size_t nbytes);

#ifdef __x86_64__
/* By carry-less multiplication, which the CPU must support. */
int fast_supports_clmul(void);
uint32_t fast_crc32_clmul(crc_tables *tables, const uint8_t *bytes, size_t nbytes);
#endif

/* Adler-32 (RFC 1950, 8.2) before its sums are taken modulo 65521, which 2 MiB of image data don't let overflow. */
typedef struct adler_sums {
  uint64_t a, b;
} adler_sums;

/* What a piece of nbytes adds: the sum of its bytes, and the sum of all its prefixes' sums. */
typedef struct adler_piece {
  uint64_t nbytes, sum, prefix_sum;
} adler_piece;

static inline void adler_add(adler_sums *sums, adler_piece piece, uint64_t times) {
  sums->b += times * (piece.nbytes * sums->a + piece.prefix_sum) + times * (times - 1) / 2 * piece.nbytes * piece.sum;
  sums->a += times * piece.sum;
}

static inline uint32_t adler_finish(adler_sums sums) {
  return (uint32_t)(sums.b % 65521 << 16 | sums.a % 65521);
}

#endif
