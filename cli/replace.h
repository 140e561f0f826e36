#ifndef QRPNG_CLI_REPLACE_H
#define QRPNG_CLI_REPLACE_H

#include <stddef.h>
#include <stdint.h>

#include "place.h"

/* Makes a file of those bytes at a place where there is none, or a regular one: see output.h. Returns NULL, or why not.
 */
const char *replace_file(const cli_place *place, const uint8_t *bytes, size_t nbytes);

#endif
