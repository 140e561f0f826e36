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

/* With a sanitizer looking on, all is several times slower: then random tests do a tenth of their work. */
#ifdef __SANITIZE_ADDRESS__
enum { WORK_DIVISOR = 10 };
#else
enum { WORK_DIVISOR = 1 };
#endif

/* Width x width bytes, 0 black and 255 white, by libpng's reader. The caller frees them. */
uint8_t *decode_png(const uint8_t *png, size_t png_nbytes, int *width, int *height);

int run_checksums_tests(void);
int run_encoder_tests(void);
int run_geometry_tests(void);
int run_memory_tests(void);
int run_placement_tests(void);
int run_random_tests(long first, long count);
int run_segments_tests(void);
int run_stack_tests(void);
int run_symbol_tests(void);

#endif
