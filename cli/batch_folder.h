/* The folder of a batch. */
#ifndef QRPNG_CLI_BATCH_FOLDER_H
#define QRPNG_CLI_BATCH_FOLDER_H

#include <stddef.h>
#include <stdint.h>

#include "arguments.h"

/* Makes the folder if it is not there, and keeps other batches out of it until it is closed. Removes what one that was
 * killed has left half-written. Returns NULL, or why not. */
const char *folder_open(const char *path, int *folder);

void folder_close(int folder);

enum folder_result { FOLDER_WRITTEN, FOLDER_KEPT, FOLDER_FAILED };

/*
 * Makes a file of those bytes in one step, in place of what has that name, or keeps the one that already holds them.
 * thread: 0 to MAX_THREADS - 1, another one for each that writes at the same time. FOLDER_FAILED: with errno.
 */
enum folder_result folder_write(int folder, int thread, const char *name, const uint8_t *bytes, size_t nbytes);

#endif
