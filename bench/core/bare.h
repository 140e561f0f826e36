/* What one gets by calling libqrencode and libpng oneself: the yardstick for the reference engine. */
#ifndef BENCH_BARE_H
#define BENCH_BARE_H

#include <stddef.h>
#include <stdint.h>

/*
 * Level L, 200 px wide, margin 4, 1-bit gray, zlib level 1, filter Up on repeated rows. Stores a PNG that the caller
 * frees. Returns its length, or 0 if a library failed.
 */
size_t bare_encode(const char *text, uint8_t **png);

/* The symbol alone. Returns its side in modules, or 0 if the library failed. */
int bare_encode_modules(const char *text);

#endif
