/* Every pixel of the image against the modules, by the geometry that qrpng.h promises. */
#include "core_test.h"

#include <stdlib.h>
#include <string.h>

static size_t check_pixels(const char *engine, size_t text_nbytes, int width, int scale, double margin, int effort) {
  char text[2953];
  for (size_t i = 0; i < text_nbytes; i++)
    text[i] = (char)('a' + (i * i + i / 3) % 26);
  qrpng_options options = qrpng_default_options();
  options.width = width;
  options.scale = scale;
  options.margin = margin;
  options.engine = engine;
  options.effort = effort;

  qrpng_encoder *for_modules, *for_png;
  assert_int_equal(qrpng_encoder_create(&for_modules), QRPNG_OK);
  assert_int_equal(qrpng_encoder_create(&for_png), QRPNG_OK);
  qrpng_symbol symbol;
  const uint8_t *png;
  size_t png_nbytes;
  assert_int_equal(qrpng_encode_modules(for_modules, text, text_nbytes, &options, &symbol), QRPNG_OK);
  assert_int_equal(qrpng_encode(for_png, text, text_nbytes, &options, &png, &png_nbytes), QRPNG_OK);

  double total = symbol.side + 2 * margin;
  int got_width, got_height;
  int module_px = width ? (int)(width / total) : scale, side_px = width ? width : (int)(scale * total);
  int offset = (side_px - module_px * symbol.side) / 2;
  uint8_t *pixels = decode_png(png, png_nbytes, &got_width, &got_height);
  assert_int_equal(got_width, side_px);
  assert_int_equal(got_height, side_px);
  assert_true(offset >= (int)(margin * module_px));
  for (int y = 0; y < side_px; y++) {
    for (int x = 0; x < side_px; x++) {
      int row = y < offset ? -1 : (y - offset) / module_px, column = x < offset ? -1 : (x - offset) / module_px;
      int inside = row >= 0 && row < symbol.side && column >= 0 && column < symbol.side;
      int dark = inside && symbol.modules[row * symbol.side + column];
      if (pixels[(size_t)y * (size_t)side_px + (size_t)x] != (dark ? 0 : 255))
        fail_msg("%s, %zu bytes, width %d, scale %d, margin %g, effort %d: wrong pixel at %d, %d", engine, text_nbytes,
                 width, scale, margin, effort, x, y);
    }
  }
  free(pixels);
  qrpng_encoder_destroy(for_modules);
  qrpng_encoder_destroy(for_png);
  return png_nbytes;
}

static void check_all_engines(size_t text_nbytes, int width, int scale, double margin) {
  for (size_t i = 0; qrpng_engine_name(i); i++) {
    size_t png_nbytes = check_pixels(qrpng_engine_name(i), text_nbytes, width, scale, margin, 0);
    if (i == 0 && width < 3000)
      assert_true(check_pixels(qrpng_engine_name(i), text_nbytes, width, scale, margin, 1) <= png_nbytes);
  }
}

static void draws_exact_widths(void **state) {
  (void)state;
  for (int width = 29; width < 120; width++)
    check_all_engines(10, width, 0, 4);
  for (int width = 200; width <= 4096; width += 487)
    check_all_engines(100, width, 0, 3);
  check_all_engines(2953, 177, 0, 0);
  check_all_engines(2953, 241, 0, 32);
  check_all_engines(1, 4096, 0, 0);
  check_all_engines(2953, 4096, 0, 4);
}

static void draws_exact_scales(void **state) {
  (void)state;
  for (int scale = 1; scale <= 32; scale++)
    check_all_engines(20, 0, scale, scale);
  check_all_engines(17, 0, 195, 0);
  check_all_engines(2953, 0, 23, 0);
}

/* Without a row above, or with less than a byte beside the symbol. */
static void draws_narrow_margins(void **state) {
  (void)state;
  for (int scale = 1; scale <= 17; scale++)
    for (int eighths = 0; eighths <= 8; eighths++)
      check_all_engines(20, 0, scale, eighths / 8.0);
}

static void saves_bytes_with_effort(void **state) {
  (void)state;
  for (int width = 512; width <= 2048; width *= 2)
    assert_true(10 * check_pixels("fast", 100, width, 0, 4, 1) < 9 * check_pixels("fast", 100, width, 0, 4, 0));
}

int run_geometry_tests(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(draws_exact_widths),
      cmocka_unit_test(draws_exact_scales),
      cmocka_unit_test(draws_narrow_margins),
      cmocka_unit_test(saves_bytes_with_effort),
  };
  return cmocka_run_group_tests_name("geometry", tests, NULL, NULL);
}
