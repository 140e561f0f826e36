/*
 * The fast engine: the symbol as rows of bits, the PNG written from them. docs/fast-engine.md explains it. Columns are
 * to rows (rows.h) what rows are to columns: bit y of a column is the module in row y.
 */
#ifndef QRPNG_FAST_H
#define QRPNG_FAST_H

#include "../bytes.h"
#include "../engine.h"

/* Readers fetch eight bytes at a time, also at the last byte. */
enum { READ_SLACK_NBYTES = 8 };

/* Appends four bytes, the first byte highest, as PNG and zlib want them. */
static inline uint8_t *put_big_endian(uint8_t *next, uint32_t value) {
  for (int shift = 24; shift >= 0; shift -= 8)
    *next++ = (uint8_t)(value >> shift);
  return next;
}

#endif
