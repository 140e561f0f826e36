#include "core_test.h"

#include <png.h>
#include <stdlib.h>

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

int main(void) {
  return run_encoder_tests() + run_geometry_tests() + run_memory_tests() == 0 ? 0 : 1;
}
