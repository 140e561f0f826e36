/* libqrencode, called directly: what the fast engine's symbols are held against. */
#ifndef LIBQRENCODE_H
#define LIBQRENCODE_H

#include "sample.h"

/* Returns the version of the symbol and its modules, 1 dark and 0 light, or 0 if no version holds the sample. */
int libqrencode_modules(const symbol_sample *sample, uint8_t modules[MAX_MODULES]);

/* The smallest version that libqrencode's own splitter of texts finds; 0 if none. The text holds no NUL. */
int libqrencode_version_of_text(const char *text, qrpng_level ecl);

/* For each module whether it holds data or error correction. Valid until the process ends. */
const uint8_t *libqrencode_data_modules(int version);

#endif
