/*
 * How much of its thread's stack a call takes: the thread runs on memory that was painted before. Sanitizers widen all
 * stack frames: there this says nothing.
 */
#include "core_test.h"

#include <pthread.h>
#include <string.h>

#ifdef __SANITIZE_ADDRESS__

int run_stack_tests(void) {
  return 0;
}

#else

enum { STACK_NBYTES = 1024 * 1024, PAINT = 0xA5 };

static _Alignas(4096) uint8_t stack[STACK_NBYTES];

typedef struct stack_job {
  const char *engine;
  qrpng_status status;
  const uint8_t *top; /* where the calls begin */
} stack_job;

/* A new encoder for each symbol: each call is a first one. Scales of both kinds, and a width that few rows fill. */
static qrpng_status encode_first(const char *engine, int version, qrpng_level ecl, int scale) {
  qrpng_encoder *encoder;
  qrpng_status status = qrpng_encoder_create(&encoder);
  qrpng_options options = qrpng_default_options();
  options.engine = engine;
  options.version = version;
  options.ecl = ecl;
  options.width = scale ? 0 : QRPNG_MAX_SIDE_PX;
  options.scale = scale;
  const uint8_t *png;
  size_t png_nbytes;
  if (status == QRPNG_OK)
    status = qrpng_encode(encoder, "a1234567", 8, &options, &png, &png_nbytes);
  qrpng_encoder_destroy(encoder);
  return status;
}

static qrpng_status be_refused(const char *engine) {
  qrpng_encoder *encoder;
  qrpng_status status = qrpng_encoder_create(&encoder);
  qrpng_options options = qrpng_default_options();
  options.engine = engine;
  options.width = QRPNG_MAX_SIDE_PX + 1;
  if (status == QRPNG_OK && qrpng_check_options(encoder, &options) == QRPNG_OK)
    status = QRPNG_INTERNAL;
  qrpng_encoder_destroy(encoder);
  return status;
}

static void *make_calls(void *argument) {
  stack_job *job = argument;
  job->top = __builtin_frame_address(0);
  job->status = be_refused(job->engine);
  for (int version = 1; version <= 40 && job->status == QRPNG_OK; version++)
    for (int scale = 0; scale <= 9 && job->status == QRPNG_OK; scale += 3)
      job->status = encode_first(job->engine, version, (qrpng_level)(version % 4), scale);
  return NULL;
}

static size_t stack_taken_by(const char *engine) {
  stack_job job = {.engine = engine};
  pthread_attr_t attributes;
  pthread_t thread;
  memset(stack, PAINT, sizeof stack);
  assert_int_equal(pthread_attr_init(&attributes), 0);
  assert_int_equal(pthread_attr_setstack(&attributes, stack, sizeof stack), 0);
  assert_int_equal(pthread_create(&thread, &attributes, make_calls, &job), 0);
  assert_int_equal(pthread_join(thread, NULL), 0);
  assert_int_equal(pthread_attr_destroy(&attributes), 0);
  assert_int_equal(job.status, QRPNG_OK);

  const uint8_t *lowest = stack;
  while (*lowest == PAINT)
    lowest++;
  assert_true(lowest > stack && lowest < job.top); /* it ran there */
  return (size_t)(job.top - lowest);
}

static void takes_no_more_than_documented(void **state) {
  (void)state;
  for (size_t i = 0; qrpng_engine_name(i); i++) {
    size_t taken_nbytes = stack_taken_by(qrpng_engine_name(i));
    print_message("%s takes %zu bytes of stack\n", qrpng_engine_name(i), taken_nbytes);
    assert_in_range(taken_nbytes, 1, QRPNG_MAX_STACK_NBYTES);
  }
}

int run_stack_tests(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(takes_no_more_than_documented)};
  return cmocka_run_group_tests_name("stack", tests, NULL, NULL);
}

#endif
