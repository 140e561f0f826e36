#include "core_test.h"

#include <math.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int set_up(void **encoder) {
  return qrpng_encoder_create((qrpng_encoder **)encoder) == QRPNG_OK ? 0 : -1;
}

static int tear_down(void **encoder) {
  qrpng_encoder_destroy(*encoder);
  return 0;
}

static void refuses_bad_calls_with_a_sentence(void **encoder) {
  static const struct {
    qrpng_options options;
    size_t text_nbytes;
    qrpng_status status;
    const char *message;
  } cases[] = {
      {{.ecl = (qrpng_level)4, .width = 200}, 1, QRPNG_BAD_LEVEL, "ecl must be L, M, Q or H."},
      {{.ecl = (qrpng_level)-1, .width = 200}, 1, QRPNG_BAD_LEVEL, "ecl must be L, M, Q or H."},
      {{.width = -1}, 1, QRPNG_BAD_WIDTH, "width must be a whole number from 1 to 4096."},
      {{.width = 4097}, 1, QRPNG_BAD_WIDTH, "width must be a whole number from 1 to 4096."},
      {{.scale = -1}, 1, QRPNG_BAD_SCALE, "scale must be a whole number from 1 to 4096."},
      {{.scale = 4097}, 1, QRPNG_BAD_SCALE, "scale must be a whole number from 1 to 4096."},
      {{.width = 200, .scale = 4}, 1, QRPNG_BAD_SIZE, "Give either a width or a scale: the other follows from it."},
      {{0}, 1, QRPNG_BAD_SIZE, "Give either a width or a scale: the other follows from it."},
      {{.width = 200, .margin = -1}, 1, QRPNG_BAD_MARGIN, "margin must be a number from 0 to 32."},
      {{.width = 200, .margin = NAN}, 1, QRPNG_BAD_MARGIN, "margin must be a number from 0 to 32."},
      {{.width = 200, .margin = 32.001}, 1, QRPNG_BAD_MARGIN, "margin must be a number from 0 to 32."},
      {{.width = 200}, 0, QRPNG_TEXT_EMPTY, "The text is empty: give at least one byte."},
      {{.width = 28, .margin = 4},
       1,
       QRPNG_WIDTH_TOO_SMALL,
       "A width of 28 px is too small for this text: the smallest that fits is 29 px."},
      {{.scale = 142, .margin = 4},
       1,
       QRPNG_SCALE_TOO_LARGE,
       "A scale of 142 px is too large for this text: the largest that fits an image of 4096 px is 141 px."},
      {{.ecl = QRPNG_LEVEL_H, .width = 200},
       1274,
       QRPNG_TEXT_TOO_LONG,
       "The text does not fit: at level H a QR code holds at most 1273 bytes, 1852 alphanumeric characters or 3057 "
       "digits."},
      {{.width = 200},
       SIZE_MAX,
       QRPNG_TEXT_TOO_LONG,
       "The text does not fit: at level L a QR code holds at most 2953 bytes, 4296 alphanumeric characters or 7089 "
       "digits."},
  };
  char text[1274];
  memset(text, 'a', sizeof text);
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    const uint8_t *png = (const uint8_t *)text;
    size_t png_nbytes = 1;
    qrpng_options options = cases[i].options;
    options.mask = QRPNG_BEST_MASK;
    assert_int_equal(qrpng_encode(*encoder, text, cases[i].text_nbytes, &options, &png, &png_nbytes), cases[i].status);
    assert_string_equal(qrpng_error_message(*encoder), cases[i].message);
    assert_null(png);
    assert_int_equal(png_nbytes, 0);
  }
}

static void refuses_an_engine_that_is_not_built_in(void **encoder) {
  qrpng_options options = qrpng_default_options();
  options.engine = "steam";
  assert_int_equal(qrpng_check_options(*encoder, &options), QRPNG_BAD_ENGINE);
  assert_non_null(strstr(qrpng_error_message(*encoder), qrpng_engine_name(0)));
  assert_int_equal(qrpng_engine_libraries("steam", NULL, 0), -1);
}

static void names_its_engines(void **encoder) {
  (void)encoder;
  assert_non_null(qrpng_engine_name(0));
  assert_null(qrpng_engine_name(1000));
  char libraries[128];
  for (size_t i = 0; qrpng_engine_name(i); i++) {
    int length = qrpng_engine_libraries(qrpng_engine_name(i), libraries, sizeof libraries);
    assert_in_range(length, 1, sizeof libraries - 1);
    assert_int_equal(strlen(libraries), length);
  }
}

static void has_a_phrase_for_every_status(void **encoder) {
  (void)encoder;
  const char *unknown = qrpng_status_message((qrpng_status)1000);
  for (qrpng_status status = QRPNG_OK; status <= QRPNG_BAD_EFFORT; status++)
    assert_string_not_equal(qrpng_status_message(status), unknown);
}

static void has_a_name_for_every_status(void **encoder) {
  (void)encoder;
  assert_string_equal(qrpng_status_name(QRPNG_OK), "OK");
  assert_string_equal(qrpng_status_name(QRPNG_TEXT_TOO_LONG), "TEXT_TOO_LONG");
  for (qrpng_status status = QRPNG_OK; status <= QRPNG_BAD_EFFORT; status++)
    assert_int_equal(strcmp(qrpng_status_name(status), "INTERNAL") == 0, status == QRPNG_INTERNAL);
  assert_string_equal(qrpng_status_name(QRPNG_INTERNAL), "INTERNAL");
  assert_string_equal(qrpng_status_name((qrpng_status)1000), "INTERNAL");
}

static void begins_a_sentence_with_its_field(void **encoder) {
  const qrpng_options usual = qrpng_default_options();
  struct {
    const char *field;
    qrpng_options options;
  } cases[] = {{"ecl", usual},       {"width", usual}, {"scale", usual},  {"margin", usual},
               {"version", usual},   {"mask", usual},  {"engine", usual}, {"format", usual},
               {"mask_rule", usual}, {"dpi", usual},   {"title", usual},  {"effort", usual}};
  cases[0].options.ecl = (qrpng_level)4;
  cases[1].options.width = -1;
  cases[2].options.scale = -1;
  cases[3].options.margin = -1;
  cases[4].options.version = 41;
  cases[5].options.mask = 8;
  cases[6].options.engine = "";
  cases[7].options.format = (qrpng_format)6;
  cases[8].options.mask_rule = (qrpng_mask_rule)2;
  cases[9].options.dpi = 10001;
  cases[10].options.title = "\1";
  cases[10].options.title_nbytes = 1;
  cases[11].options.effort = 2;
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    const char *field = qrpng_status_field(qrpng_check_options(*encoder, &cases[i].options));
    assert_string_equal(field, cases[i].field);
    assert_int_equal(strncmp(qrpng_error_message(*encoder), field, strlen(field)), 0);
    assert_int_equal(qrpng_error_message(*encoder)[strlen(field)], ' ');
  }
  assert_string_equal(qrpng_status_field(QRPNG_OK), "");
  assert_string_equal(qrpng_status_field(QRPNG_TEXT_TOO_LONG), "");
  assert_string_equal(qrpng_status_field((qrpng_status)1000), "");
}

static void works_after_an_error(void **encoder) {
  const uint8_t *png;
  size_t png_nbytes;
  assert_int_equal(qrpng_encode(*encoder, "", 0, NULL, &png, &png_nbytes), QRPNG_TEXT_EMPTY);
  assert_int_equal(qrpng_encode(*encoder, "a", 1, NULL, &png, &png_nbytes), QRPNG_OK);
  assert_string_equal(qrpng_error_message(*encoder), "");
  assert_memory_equal(png, "\x89PNG\r\n\x1a\n", 8);
}

static void counts_bytes_and_takes_nul_as_data(void **encoder) {
  qrpng_symbol symbol;
  uint8_t with_nul[2953] = {'a', 0, 'b'};
  assert_int_equal(qrpng_encode_modules(*encoder, with_nul, sizeof with_nul, NULL, &symbol), QRPNG_OK);
  assert_int_equal(symbol.version, 40);
  assert_int_equal(symbol.side, 177);
  assert_int_equal(qrpng_encode_modules(*encoder, "\0", 1, NULL, &symbol), QRPNG_OK);
  assert_int_equal(symbol.version, 1);
}

static void draws_the_finder_patterns(void **encoder) {
  static const char *finder[7] = {"1111111", "1000001", "1011101", "1011101", "1011101", "1000001", "1111111"};
  qrpng_symbol symbol;
  assert_int_equal(qrpng_encode_modules(*encoder, "HELLO", 5, NULL, &symbol), QRPNG_OK);
  for (int corner = 0; corner < 3; corner++) {
    int top = corner == 1 ? symbol.side - 7 : 0, left = corner == 2 ? symbol.side - 7 : 0;
    for (int y = 0; y < 7; y++)
      for (int x = 0; x < 7; x++)
        assert_int_equal(symbol.modules[(top + y) * symbol.side + left + x], finder[y][x] - '0');
  }
}

enum { THREAD_COUNT = 8, TEXT_COUNT = 200 };

static void *encode_in_a_thread(void *checksums) {
  qrpng_encoder *encoder;
  if (qrpng_encoder_create(&encoder) != QRPNG_OK)
    return NULL;
  for (int i = 0; i < TEXT_COUNT; i++) {
    char text[32];
    int text_nbytes = snprintf(text, sizeof text, "https://example.com/%d", i * i);
    const uint8_t *png;
    size_t png_nbytes;
    if (qrpng_encode(encoder, text, (size_t)text_nbytes, NULL, &png, &png_nbytes) == QRPNG_OK)
      for (size_t k = 0; k < png_nbytes; k++)
        ((uint32_t *)checksums)[i] = ((uint32_t *)checksums)[i] * 31 + png[k];
  }
  qrpng_encoder_destroy(encoder);
  return NULL;
}

static void gives_the_same_bytes_in_all_threads(void **encoder) {
  (void)encoder;
  static uint32_t checksums[THREAD_COUNT][TEXT_COUNT];
  pthread_t threads[THREAD_COUNT];
  for (int i = 0; i < THREAD_COUNT; i++)
    assert_int_equal(pthread_create(&threads[i], NULL, encode_in_a_thread, checksums[i]), 0);
  for (int i = 0; i < THREAD_COUNT; i++)
    pthread_join(threads[i], NULL);
  assert_int_not_equal(checksums[0][0], 0);
  for (int i = 1; i < THREAD_COUNT; i++)
    assert_memory_equal(checksums[i], checksums[0], sizeof checksums[0]);
}

/* More geometries than plans are kept: some differ in scale or side alone. */
enum { GEOMETRIES = 150, GEOMETRY_ROUNDS = 4 };

static uint32_t checksum_of_geometry(qrpng_encoder *encoder, int number) {
  qrpng_options options = qrpng_default_options();
  options.version = 1 + number % 3;
  options.margin = number % 2 ? 4 : 12;
  options.width = 100 + number / 6 * 7;
  const uint8_t *png;
  size_t png_nbytes;
  assert_int_equal(qrpng_encode(encoder, "geometry", 8, &options, &png, &png_nbytes), QRPNG_OK);
  uint32_t checksum = 0;
  for (size_t i = 0; i < png_nbytes; i++)
    checksum = checksum * 31 + png[i];
  return checksum;
}

static void draws_the_same_whatever_came_before(void **encoder) {
  uint32_t checksums[GEOMETRIES];
  for (int i = 0; i < GEOMETRIES; i++) {
    qrpng_encoder *fresh;
    assert_int_equal(qrpng_encoder_create(&fresh), QRPNG_OK);
    checksums[i] = checksum_of_geometry(fresh, i);
    qrpng_encoder_destroy(fresh);
  }
  for (int round = 0; round < GEOMETRY_ROUNDS; round++)
    for (int i = 0; i < GEOMETRIES; i++)
      for (int back = 0; back <= i && back < 20; back += 1 + round)
        assert_int_equal(checksum_of_geometry(*encoder, i - back), checksums[i - back]);
}

int run_encoder_tests(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(refuses_bad_calls_with_a_sentence),
      cmocka_unit_test(refuses_an_engine_that_is_not_built_in),
      cmocka_unit_test(names_its_engines),
      cmocka_unit_test(has_a_phrase_for_every_status),
      cmocka_unit_test(has_a_name_for_every_status),
      cmocka_unit_test(begins_a_sentence_with_its_field),
      cmocka_unit_test(works_after_an_error),
      cmocka_unit_test(counts_bytes_and_takes_nul_as_data),
      cmocka_unit_test(draws_the_finder_patterns),
      cmocka_unit_test(draws_the_same_whatever_came_before),
      cmocka_unit_test(gives_the_same_bytes_in_all_threads),
  };
  struct CMUnitTest with_encoder[sizeof tests / sizeof tests[0]];
  for (size_t i = 0; i < sizeof tests / sizeof tests[0]; i++) {
    with_encoder[i] = tests[i];
    with_encoder[i].setup_func = set_up;
    with_encoder[i].teardown_func = tear_down;
  }
  return cmocka_run_group_tests_name("encoder", with_encoder, NULL, NULL);
}
