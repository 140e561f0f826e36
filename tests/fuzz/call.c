#include "call.h"

#include <stdlib.h>
#include <string.h>

enum { MAX_VERSION = 40, MASK_COUNT = 8, LEVEL_COUNT = 4, SMALL_WIDTH_PX = 511, SMALL_SCALE_PX = 16 };

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

static uint32_t four_bytes(const uint8_t *bytes) {
  return (uint32_t)two_bytes(bytes) | (uint32_t)two_bytes(bytes + 2) << 16;
}

static double margin_fraction(const uint8_t *input) {
  return (input[CALL_MARGIN_FRACTION] + input[CALL_MARGIN_FRACTION + 1] / 1e3) / 256;
}

/* What is valid whatever it is. */
static void choose_style(qrpng_options *options, const uint8_t *input) {
  int flags = input[CALL_FLAGS];
  options->dark = flags & CALL_HAS_COLOURS ? four_bytes(input + CALL_DARK) : 0x000000FF;
  options->light = flags & CALL_HAS_COLOURS ? four_bytes(input + CALL_LIGHT) : 0xFFFFFFFF;
  options->is_inverted = flags & CALL_IS_INVERTED;
  options->mask_rule = flags & CALL_BY_ISO ? QRPNG_MASK_RULE_ISO : QRPNG_MASK_RULE_LIBQRENCODE;
  options->effort = (flags & CALL_HAS_EFFORT) != 0;
}

static qrpng_options raw_options(const uint8_t *input) {
  return (qrpng_options){
      .ecl = (qrpng_level)input[CALL_LEVEL],
      .version = (int8_t)input[CALL_VERSION],
      .mask = (int8_t)input[CALL_MASK],
      .margin = (int8_t)input[CALL_MARGIN] + margin_fraction(input),
      .width = (int16_t)two_bytes(input + CALL_WIDTH),
      .scale = (int16_t)two_bytes(input + CALL_SCALE),
      .format = (qrpng_format)input[CALL_FORMAT],
      .dpi = (int16_t)two_bytes(input + CALL_DPI),
  };
}

static qrpng_options valid_options(const uint8_t *input) {
  int is_large = input[CALL_FLAGS] & CALL_IS_LARGE;
  int width = two_bytes(input + CALL_WIDTH) % ((is_large ? QRPNG_MAX_SIDE_PX : SMALL_WIDTH_PX) + 1);
  int scale = two_bytes(input + CALL_SCALE) % (is_large ? QRPNG_MAX_SIDE_PX : SMALL_SCALE_PX) + 1;
  int margin = input[CALL_MARGIN] % (QRPNG_MAX_MARGIN_MODULES + 1);
  int format = input[CALL_FORMAT] % 8 <= QRPNG_FORMAT_ASCII ? input[CALL_FORMAT] % 8 : QRPNG_FORMAT_PNG;
  return (qrpng_options){
      .ecl = (qrpng_level)(input[CALL_LEVEL] % LEVEL_COUNT),
      .version = input[CALL_VERSION] % (MAX_VERSION + 1),
      .mask = input[CALL_MASK] % (MASK_COUNT + 1) + QRPNG_BEST_MASK,
      .margin = margin + (margin < QRPNG_MAX_MARGIN_MODULES ? margin_fraction(input) : 0),
      .width = width,
      .scale = width ? 0 : scale,
      .format = (qrpng_format)format,
      .dpi = two_bytes(input + CALL_DPI) % (QRPNG_MAX_DPI + 1),
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

int fuzz_decode_call(const uint8_t *input, size_t input_nbytes, fuzz_call *call) {
  if (input_nbytes < CALL_HEAD_NBYTES)
    return -1;
  size_t segment_count = input[CALL_SEGMENT_COUNT];
  int has_title = input[CALL_FLAGS] & CALL_HAS_TITLE;
  size_t title_nbytes = has_title ? input[CALL_TITLE_NBYTES] : 0;
  const uint8_t *title = input + CALL_HEAD_NBYTES + segment_count * CALL_SEGMENT_NBYTES;
  const uint8_t *pattern = title + title_nbytes;
  if (input_nbytes < (size_t)(pattern - input))
    return -1;
  size_t pattern_nbytes = input_nbytes - (size_t)(pattern - input);
  size_t wanted = (size_t)two_bytes(input + CALL_TEXT_NBYTES) % (MAX_CALL_TEXT_NBYTES + 1);
  if (wanted == 0 || pattern_nbytes == 0)
    wanted = pattern_nbytes;

  int is_raw = input[CALL_FLAGS] & CALL_IS_RAW;
  *call = (fuzz_call){is_raw ? raw_options(input) : valid_options(input), fuzz_allocate(wanted), wanted};
  call->options.engine = fuzz_engine(input[CALL_ENGINE]);
  choose_style(&call->options, input);
  for (size_t i = 0; i < wanted; i++)
    call->text[i] = pattern[i % pattern_nbytes];

  if (has_title) {
    call->options.title = fuzz_copy(title, title_nbytes);
    call->options.title_nbytes = title_nbytes;
  }
  if (!(input[CALL_FLAGS] & CALL_HAS_SEGMENTS))
    return 0;
  qrpng_segment *segments = fuzz_allocate(segment_count * sizeof *segments);
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
  free((void *)call->options.title);
  free((void *)call->options.segments);
}
