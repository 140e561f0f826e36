#include "call.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_VERSION = 40, MASK_COUNT = 8, LEVEL_COUNT = 4, SMALL_WIDTH_PX = 511, SMALL_SCALE_PX = 16 };

void fuzz_require(int condition, const char *format, ...) {
  if (condition)
    return;
  va_list arguments;
  va_start(arguments, format);
  fputs("Not as it should be: ", stderr);
  vfprintf(stderr, format, arguments);
  fputc('\n', stderr);
  va_end(arguments);
  abort();
}

const char *fuzz_fast_engine(size_t index) {
  static const char *const names[] = {"fast", "fast:baseline", "fast:128", "fast:256", "fast:512"};
  for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
    if (qrpng_engine_libraries(names[i], NULL, 0) >= 0 && index-- == 0)
      return names[i];
  return NULL;
}

const char *fuzz_engine(unsigned index) {
  const char *names[8] = {NULL, "steam"};
  unsigned count = 2;
  for (size_t i = 0; count < 8 && fuzz_fast_engine(i); i++)
    names[count++] = fuzz_fast_engine(i);
  if (qrpng_engine_libraries("reference", NULL, 0) >= 0)
    names[count++] = "reference";
  return names[index % count];
}

static int two_bytes(const uint8_t *bytes) {
  return bytes[0] | bytes[1] << 8;
}

static qrpng_options raw_options(const uint8_t *input) {
  return (qrpng_options){
      .ecl = (qrpng_level)input[CALL_LEVEL],
      .version = (int8_t)input[CALL_VERSION],
      .mask = (int8_t)input[CALL_MASK],
      .margin = (int8_t)input[CALL_MARGIN],
      .width = (int16_t)two_bytes(input + CALL_WIDTH),
      .scale = (int16_t)two_bytes(input + CALL_SCALE),
      .dark = 0x000000FF,
      .light = 0xFFFFFFFF,
  };
}

static qrpng_options valid_options(const uint8_t *input) {
  int is_large = input[CALL_FLAGS] & CALL_IS_LARGE;
  int width = two_bytes(input + CALL_WIDTH) % ((is_large ? QRPNG_MAX_SIDE_PX : SMALL_WIDTH_PX) + 1);
  int scale = two_bytes(input + CALL_SCALE) % (is_large ? QRPNG_MAX_SIDE_PX : SMALL_SCALE_PX) + 1;
  return (qrpng_options){
      .ecl = (qrpng_level)(input[CALL_LEVEL] % LEVEL_COUNT),
      .version = input[CALL_VERSION] % (MAX_VERSION + 1),
      .mask = input[CALL_MASK] % (MASK_COUNT + 1) + QRPNG_BEST_MASK,
      .margin = input[CALL_MARGIN] % (QRPNG_MAX_MARGIN_MODULES + 1),
      .width = width,
      .scale = width ? 0 : scale,
      .dark = 0x000000FF,
      .light = 0xFFFFFFFF,
  };
}

/* Makes the bytes ones that the mode holds. */
static void adapt_text(uint8_t *text, qrpng_segment segment) {
  static const char characters[] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:";
  for (size_t i = 0; i < segment.nbytes; i++) {
    if (segment.mode == QRPNG_MODE_NUMERIC)
      text[i] = (uint8_t)('0' + text[i] % 10);
    else if (segment.mode == QRPNG_MODE_ALPHANUMERIC)
      text[i] = (uint8_t)characters[text[i] % 45];
    else if (segment.mode == QRPNG_MODE_KANJI) /* 0x8140 to 0x9FBC and 0xE040 to 0xEABC */
      text[i] = (uint8_t)(i % 2 ? 0x40 + text[i] % 0x7D : text[i] % 2 ? 0x81 + text[i] % 31 : 0xE0 + text[i] % 11);
  }
}

/* Makes the segments cover the text, and the text fit them. */
static void adapt_segments(fuzz_call *call, qrpng_segment *segments) {
  size_t covered = 0, count = 0;
  for (size_t i = 0; i < call->options.segment_count && covered < call->text_nbytes; i++) {
    size_t left = call->text_nbytes - covered;
    qrpng_segment segment = {(qrpng_mode)(segments[i].mode % 4), segments[i].nbytes};
    if (segment.nbytes > left || i == call->options.segment_count - 1)
      segment.nbytes = left;
    if (segment.mode == QRPNG_MODE_KANJI && segment.nbytes % 2 != 0)
      segment.mode = QRPNG_MODE_BYTE;
    if (segment.nbytes == 0)
      continue;
    adapt_text(call->text + covered, segment);
    segments[count++] = segment;
    covered += segment.nbytes;
  }
  call->options.segment_count = count;
}

static void *allocate(size_t nbytes) {
  void *memory = malloc(nbytes);
  fuzz_require(memory != NULL, "%zu bytes can't be allocated", nbytes);
  return memory;
}

int fuzz_decode_call(const uint8_t *input, size_t input_nbytes, fuzz_call *call) {
  if (input_nbytes < CALL_HEAD_NBYTES)
    return -1;
  size_t segment_count = input[CALL_SEGMENT_COUNT];
  const uint8_t *pattern = input + CALL_HEAD_NBYTES + segment_count * CALL_SEGMENT_NBYTES;
  if (input_nbytes < (size_t)(pattern - input))
    return -1;
  size_t pattern_nbytes = input_nbytes - (size_t)(pattern - input);
  size_t wanted = (size_t)two_bytes(input + CALL_TEXT_NBYTES) % (MAX_CALL_TEXT_NBYTES + 1);
  if (wanted == 0 || pattern_nbytes == 0)
    wanted = pattern_nbytes;

  int is_raw = input[CALL_FLAGS] & CALL_IS_RAW;
  *call = (fuzz_call){is_raw ? raw_options(input) : valid_options(input), allocate(wanted), wanted};
  call->options.engine = fuzz_engine(input[CALL_ENGINE]);
  for (size_t i = 0; i < wanted; i++)
    call->text[i] = pattern[i % pattern_nbytes];

  if (!(input[CALL_FLAGS] & CALL_HAS_SEGMENTS))
    return 0;
  qrpng_segment *segments = allocate(segment_count * sizeof *segments);
  for (size_t i = 0; i < segment_count; i++) {
    const uint8_t *bytes = input + CALL_HEAD_NBYTES + i * CALL_SEGMENT_NBYTES;
    segments[i] = (qrpng_segment){(qrpng_mode)bytes[0], (size_t)two_bytes(bytes + 1)};
  }
  call->options.segments = segments;
  call->options.segment_count = segment_count;
  if (!is_raw)
    adapt_segments(call, segments);
  return 0;
}

void fuzz_free_call(fuzz_call *call) {
  free(call->text);
  free((void *)call->options.segments);
}
