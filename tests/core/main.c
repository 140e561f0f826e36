/* core_test runs all tests; core_test --random-symbols FIRST COUNT those of random symbols alone. */
#include "core_test.h"

#include <png.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

uint8_t *decode_png(const uint8_t *png, size_t png_nbytes, int *width, int *height) {
  png_image image = {.version = PNG_IMAGE_VERSION};
  assert_true(png_image_begin_read_from_memory(&image, png, png_nbytes));
  image.format = PNG_FORMAT_GRAY;
  uint8_t *pixels = malloc(PNG_IMAGE_SIZE(image));
  assert_non_null(pixels);
  assert_true(png_image_finish_read(&image, NULL, pixels, 0, NULL));
  *width = (int)image.width;
  *height = (int)image.height;
  return pixels;
}

int main(int argc, char **argv) {
  if (argc == 4 && strcmp(argv[1], "--random-symbols") == 0)
    return run_random_tests(atol(argv[2]), atol(argv[3])) == 0 ? 0 : 1;
  if (argc != 1) {
    fputs("Usage: core_test [--random-symbols FIRST COUNT]\n", stderr);
    return 2;
  }
  int failed = run_checksums_tests();
  failed += run_encoder_tests();
  failed += run_geometry_tests();
  failed += run_memory_tests();
  failed += run_placement_tests();
  failed += run_random_tests(0, 6000 / WORK_DIVISOR);
  failed += run_segments_tests();
  failed += run_stack_tests();
  failed += run_symbol_tests();
  return failed == 0 ? 0 : 1;
}
