/*
 * The executable's malloc stands in front of the system's for all libraries, too. So memory can run out at every
 * allocation in turn, and allocations can be counted. Sanitizers bring a malloc of their own: there only the sanitizer
 * itself looks on.
 */
#include "core_test.h"

#include <errno.h>
#include <string.h>

#ifdef __SANITIZE_ADDRESS__

int run_memory_tests(void) {
  return 0;
}

#else

extern void *__libc_malloc(size_t nbytes);
extern void *__libc_calloc(size_t count, size_t nbytes);
extern void *__libc_realloc(void *memory, size_t nbytes);
extern void *__libc_memalign(size_t alignment, size_t nbytes);

static long calls_until_failure = -1; /* -1: never */
static long allocation_count;

static int runs_out_now(void) {
  allocation_count++;
  if (calls_until_failure < 0 || calls_until_failure-- > 0)
    return 0;
  errno = ENOMEM;
  return 1;
}

__attribute__((visibility("default"))) void *malloc(size_t nbytes) {
  return runs_out_now() ? NULL : __libc_malloc(nbytes);
}

__attribute__((visibility("default"))) void *calloc(size_t count, size_t nbytes) {
  return runs_out_now() ? NULL : __libc_calloc(count, nbytes);
}

__attribute__((visibility("default"))) void *realloc(void *memory, size_t nbytes) {
  return runs_out_now() ? NULL : __libc_realloc(memory, nbytes);
}

__attribute__((visibility("default"))) void *aligned_alloc(size_t alignment, size_t nbytes) {
  return runs_out_now() ? NULL : __libc_memalign(alignment, nbytes);
}

__attribute__((visibility("default"))) int posix_memalign(void **memory, size_t alignment, size_t nbytes) {
  *memory = runs_out_now() ? NULL : __libc_memalign(alignment, nbytes);
  return *memory ? 0 : ENOMEM;
}

/* Those that qrpng_engine_name() lists, and the fast one's dispatch paths that this machine can run. */
static const char *engine_at(size_t index) {
  static const char *const names[] = {"fast", "reference", "fast:baseline", "fast:128", "fast:256", "fast:512"};
  for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
    if (qrpng_engine_libraries(names[i], NULL, 0) >= 0 && index-- == 0)
      return names[i];
  return NULL;
}

typedef struct counted_call {
  const char *text;
  size_t text_nbytes;
  qrpng_options options;
} counted_call;

static qrpng_status make_call(qrpng_encoder *encoder, const counted_call *call) {
  const uint8_t *png;
  size_t png_nbytes;
  return qrpng_encode(encoder, call->text, call->text_nbytes, &call->options, &png, &png_nbytes);
}

static void allocates_nothing_at_the_first_call(void **state) {
  (void)state;
  qrpng_encoder *encoder;
  assert_int_equal(qrpng_encoder_create(&encoder), QRPNG_OK);
  assert_true(allocation_count > 0); /* else this file's malloc is not the one */
  long before = allocation_count;
  const uint8_t *png;
  size_t png_nbytes;
  qrpng_status status = qrpng_encode(encoder, "first", 5, NULL, &png, &png_nbytes);
  long allocations = allocation_count - before;
  assert_int_equal(status, QRPNG_OK);
  assert_int_equal(allocations, 0);
  qrpng_encoder_destroy(encoder);
}

/* Digits, so that every version can be fixed and splits are found where it is not. */
static void use_all_geometries(qrpng_encoder *encoder, int version, qrpng_level ecl) {
  static const char text[] = "0123456789012345HTTPS://EXAMPLE.COM/4567890abc";
  qrpng_options options = qrpng_default_options();
  options.ecl = ecl;
  options.version = version;
  for (int i = 0; i < 12; i++) {
    size_t text_nbytes = version < 4 ? 1 + (size_t)i % 7 : sizeof text - 1 - (size_t)i;
    int width = 17 + 4 * version + 64 + i * i * 31;
    options.width = i % 3 == 2 ? 0 : width <= QRPNG_MAX_SIDE_PX ? width : QRPNG_MAX_SIDE_PX;
    options.scale = i % 3 == 2 ? i : 0;
    options.margin = i * 3 % 32;
    options.mask = i % 4 == 3 ? i % 8 : QRPNG_BEST_MASK;
    counted_call call = {text, text_nbytes, options};
    if (make_call(encoder, &call) != QRPNG_OK)
      fail_msg("%s", qrpng_error_message(encoder));
  }
}

static void encode_everything(qrpng_encoder *encoder) {
  static char longest[2953];
  static const qrpng_segment segments[] = {{QRPNG_MODE_NUMERIC, 2}, {QRPNG_MODE_KANJI, 2}, {QRPNG_MODE_BYTE, 1}};
  for (int version = 1; version <= 40; version++)
    for (qrpng_level ecl = QRPNG_LEVEL_L; ecl <= QRPNG_LEVEL_H; ecl++)
      use_all_geometries(encoder, version, ecl);

  qrpng_symbol symbol;
  qrpng_options options = qrpng_default_options();
  for (size_t text_nbytes = 1; text_nbytes <= sizeof longest; text_nbytes += 123) {
    for (size_t i = 0; i < text_nbytes; i++) /* runs of digits among letters: splits matter */
      longest[i] = (char)(i / 9 % 3 == 0 ? 'a' + i % 26 : '0' + i % 10);
    qrpng_status status = qrpng_encode_modules(encoder, longest, text_nbytes, &options, &symbol);
    assert_int_equal(status, QRPNG_OK);
  }
  options.segments = segments;
  options.segment_count = 3;
  assert_int_equal(qrpng_encode_modules(encoder, "12\x93\x5F!", 5, &options, &symbol), QRPNG_OK);
}

static void be_refused(qrpng_encoder *encoder) {
  static const char too_long[7089] = {1};
  static const qrpng_segment segments[] = {{QRPNG_MODE_NUMERIC, 1}};
  const counted_call calls[] = {
      {"", 0, {.width = 200}},
      {"a", 1, {.width = 0}},
      {"a", 1, {.width = 5000}},
      {"a", 1, {.width = 10}},
      {"a", 1, {.scale = 1000}},
      {"a", 1, {.width = 200, .mask = 8}},
      {"a", 1, {.width = 200, .version = 41}},
      {"a", 1, {.width = 200, .engine = "steam"}},
      {"a", 1, {.width = 200, .segments = segments, .segment_count = 1}},
      {too_long, sizeof too_long, {.width = 200}},
  };
  for (size_t i = 0; i < sizeof calls / sizeof calls[0]; i++) {
    assert_int_not_equal(make_call(encoder, &calls[i]), QRPNG_OK);
    assert_string_not_equal(qrpng_error_message(encoder), "");
  }
}

static void allocates_nothing_at_any_call(void **state) {
  (void)state;
  qrpng_encoder *encoder;
  assert_int_equal(qrpng_encoder_create(&encoder), QRPNG_OK);
  long before = allocation_count;
  encode_everything(encoder);
  be_refused(encoder);
  long allocations = allocation_count - before;
  assert_int_equal(allocations, 0);
  qrpng_encoder_destroy(encoder);
}

/* Returns whether the call came through although memory ran out at its allocation number fail_at, counted from 0. */
static int survives(const counted_call *call, long fail_at) {
  qrpng_encoder *encoder = NULL;
  const uint8_t *png = NULL;
  size_t png_nbytes = 0;

  calls_until_failure = fail_at;
  qrpng_status status = qrpng_encoder_create(&encoder);
  if (status == QRPNG_OK)
    status = qrpng_encode(encoder, call->text, call->text_nbytes, &call->options, &png, &png_nbytes);
  int ran_out = calls_until_failure < 0;
  calls_until_failure = -1;

  assert_int_equal(status, ran_out && status != QRPNG_OK ? QRPNG_OUT_OF_MEMORY : QRPNG_OK);
  assert_true((status == QRPNG_OK) == (png != NULL));
  if (encoder)
    assert_int_equal(make_call(encoder, call), QRPNG_OK);
  qrpng_encoder_destroy(encoder);
  return !ran_out;
}

static void survives_memory_running_out_at_every_call(void **state) {
  (void)state;
  static const qrpng_segment segments[] = {{QRPNG_MODE_KANJI, 2}, {QRPNG_MODE_NUMERIC, 3}, {QRPNG_MODE_BYTE, 3}};
  static char long_text[2000];
  memset(long_text, 'x', sizeof long_text);
  const int best = QRPNG_BEST_MASK;
  counted_call calls[] = {
      {"Mixed 0123456789 ABCDEFGHIJ text", 32, {.width = 200, .margin = 4, .mask = best}},
      {long_text, sizeof long_text, {.width = 4096, .mask = best}},
      {"with\0NUL", 8, {.scale = 3, .ecl = QRPNG_LEVEL_H, .mask = best}},
      {"\x93\x5F"
       "123abc",
       8,
       {.width = 300, .version = 40, .mask = best, .segments = segments, .segment_count = 3}},
  };
  for (size_t i = 0; engine_at(i); i++) {
    for (size_t k = 0; k < sizeof calls / sizeof calls[0]; k++) {
      calls[k].options.engine = engine_at(i);
      long fail_at = 0;
      while (!survives(&calls[k], fail_at))
        fail_at++;
      /* the encoder and the default engine's state; then another path's; or what libqrencode and libpng want */
      assert_true(fail_at >= (i == 0 ? 2 : strcmp(engine_at(i), "reference") == 0 ? 10 : 3));
    }
  }
}

int run_memory_tests(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(allocates_nothing_at_the_first_call),
      cmocka_unit_test(allocates_nothing_at_any_call),
      cmocka_unit_test(survives_memory_running_out_at_every_call),
  };
  return cmocka_run_group_tests_name("memory", tests, NULL, NULL);
}

#endif
