#ifndef QRPNG_CLI_OUTPUT_H
#define QRPNG_CLI_OUTPUT_H

#include <stddef.h>
#include <stdint.h>

#define OUTPUT_ERROR_SIZE 512

/* Both return 0, or -1 with a sentence in error. */
int write_to_stdout(const uint8_t *bytes, size_t nbytes, char error[OUTPUT_ERROR_SIZE]);

/*
 * Replaces the file at path in one step: whoever reads it sees the old content or the new, never a part. What is not a
 * regular file (a device, a pipe) is written to as it stands.
 */
int write_to_path(const char *path, const uint8_t *bytes, size_t nbytes, char error[OUTPUT_ERROR_SIZE]);

#endif
