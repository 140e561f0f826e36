/*
 * Memory that runs out at every allocation in turn, also inside the libraries: the executable's malloc stands in front
 * of the system's for all of them. Sanitizers bring a malloc of their own, so there only the sanitizer itself looks on.
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

static long calls_until_failure = -1; /* -1: never */

static int runs_out_now(void) {
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

/* Returns whether the call came through although memory ran out at its allocation number fail_at, counted from 0. */
static int survives(const char *engine, const char *text, size_t text_nbytes, int width, long fail_at) {
  qrpng_options options = qrpng_default_options();
  options.engine = engine;
  options.width = width;
  qrpng_encoder *encoder = NULL;
  const uint8_t *png = NULL;
  size_t png_nbytes = 0;

  calls_until_failure = fail_at;
  qrpng_status status = qrpng_encoder_create(&encoder);
  if (status == QRPNG_OK)
    status = qrpng_encode_png(encoder, text, text_nbytes, &options, &png, &png_nbytes);
  int ran_out = calls_until_failure < 0;
  calls_until_failure = -1;

  assert_int_equal(status, ran_out && status != QRPNG_OK ? QRPNG_OUT_OF_MEMORY : QRPNG_OK);
  assert_true((status == QRPNG_OK) == (png != NULL));
  if (encoder)
    assert_int_equal(qrpng_encode_png(encoder, text, text_nbytes, &options, &png, &png_nbytes), QRPNG_OK);
  qrpng_encoder_destroy(encoder);
  return !ran_out;
}

static void survives_memory_running_out_at_every_call(void **state) {
  (void)state;
  char long_text[2000];
  memset(long_text, 'x', sizeof long_text);
  for (size_t i = 0; qrpng_engine_name(i); i++) {
    const char *engine = qrpng_engine_name(i);
    long fail_at = 0;
    while (!survives(engine, "Mixed 0123456789 ABCDEFGHIJ text", 32, 200, fail_at))
      fail_at++;
    if (strcmp(engine, "reference") == 0)
      assert_true(fail_at > 10); /* else this file's malloc doesn't stand in front of the libraries' */
    for (fail_at = 0; !survives(engine, long_text, sizeof long_text, 4096, fail_at);)
      fail_at++;
    for (fail_at = 0; !survives(engine, "with\0NUL", 8, 200, fail_at);)
      fail_at++;
  }
}

int run_memory_tests(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(survives_memory_running_out_at_every_call),
  };
  return cmocka_run_group_tests_name("memory", tests, NULL, NULL);
}

#endif
