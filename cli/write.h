#ifndef QRPNG_CLI_WRITE_H
#define QRPNG_CLI_WRITE_H

#include <stddef.h>
#include <stdint.h>

/* Returns 0, or -1 with errno. */
int write_all(int file, const uint8_t *bytes, size_t nbytes);

/*
 * Closes a file after work on it that ended with that result, 0 or -1. Returns 0, or -1 with the first errno: close()
 * is where some file systems report that the disk is full.
 */
int close_after(int file, int result);

#endif
