/* What the groups of core tests share. */
#ifndef CORE_TEST_H
#define CORE_TEST_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka wants the four above first */
#include <cmocka.h>

#include "qrpng.h"

/* Width x width bytes, 0 black and 255 white, by libpng's reader. The caller frees them. */
uint8_t *decode_png(const uint8_t *png, size_t png_nbytes, int *width, int *height);

int run_encoder_tests(void);
int run_geometry_tests(void);
int run_memory_tests(void);

#endif
