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

/* Both read to the end, or as much as can matter. They return 0, or -1 with errno. */
int read_stdin(text_input *input);
int read_path(const char *path, text_input *input);

#endif
