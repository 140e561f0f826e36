#ifndef QRPNG_CLI_INPUT_H
#define QRPNG_CLI_INPUT_H

#include <stddef.h>
#include <stdint.h>

/* One byte more than any QR code holds, so that the core sees what is too long. */
#define INPUT_MAX_NBYTES 7090

typedef struct text_input {
  const uint8_t *bytes;
  size_t nbytes;
  uint8_t buffer[INPUT_MAX_NBYTES];
} text_input;

/* Reads to the end of standard input, or as much of it as can matter. Returns 0, or -1 if reading failed. */
int read_stdin(text_input *input);

#endif
