/*
 * What the module exports: functions of numbers and addresses alone. wasm/instance.cjs calls them.
 */
#include <stdlib.h>

#include "qrpng.h"

#define EXPORT(name) __attribute__((export_name(#name))) name

/* One byte more than any QR code holds, so that the core sees what is too long. */
#define TEXT_MAX_NBYTES 7090
#define TITLE_MAX_NBYTES (QRPNG_MAX_TITLE_NBYTES + 1)

/* As lib/options.cjs writes them. */
enum {
  LEVEL,
  WIDTH,
  SCALE,
  MARGIN,
  ENGINE,
  VERSION,
  MASK,
  FORMAT,
  DARK,
  LIGHT,
  IS_INVERTED,
  MASK_RULE,
  DPI,
  EFFORT,
  OPTION_COUNT
};

typedef struct wasm_session {
  double options[OPTION_COUNT];
  const uint8_t *output; /* the last image, until the next call; its length follows, as JavaScript knows */
  size_t output_nbytes;
  qrpng_symbol symbol; /* of the last encode_modules, likewise */
  qrpng_encoder *encoder;
  qrpng_segment *segments;
  uint8_t text[TEXT_MAX_NBYTES + 4]; /* room for the character that a long string is cut in */
  char title[TITLE_MAX_NBYTES + 4];
} wasm_session;

/* Returns NULL if there is not enough memory. A session ends with the instance, and what is in it stays in its place.
 */
wasm_session *EXPORT(create_session)(void) {
  wasm_session *session = calloc(1, sizeof *session);
  if (session && qrpng_encoder_create(&session->encoder) == QRPNG_OK)
    return session;
  free(session);
  return NULL;
}

/* Where the options of the next call belong, as numbers of 64 bits, and how many they are. */
double *EXPORT(options)(wasm_session *session) {
  return session->options;
}

size_t EXPORT(option_count)(void) {
  return OPTION_COUNT;
}

/* Where its text belongs, and how much room there is. */
uint8_t *EXPORT(text)(wasm_session *session) {
  return session->text;
}

size_t EXPORT(text_room)(void) {
  return sizeof((wasm_session *)0)->text;
}

/* The same of the title. */
char *EXPORT(title)(wasm_session *session) {
  return session->title;
}

size_t EXPORT(title_room)(void) {
  return sizeof((wasm_session *)0)->title;
}

/* Room for so many segments, mode and number of bytes of each, of 32 bits; NULL if there is not enough memory. */
qrpng_segment *EXPORT(reserve_segments)(wasm_session *session, size_t count) {
  free(session->segments);
  return session->segments = malloc((count + 1) * sizeof *session->segments);
}

/* Where the last image is: its address and its length in bytes, two numbers of 32 bits. */
const void *EXPORT(output)(const wasm_session *session) {
  return &session->output;
}

/* A segment_count below 0: the core splits the text. */
static qrpng_options read_options(const wasm_session *session, size_t text_nbytes, int segment_count) {
  const double *numbers = session->options;
  qrpng_options options = qrpng_default_options();
  options.ecl = (qrpng_level)(int)numbers[LEVEL];
  options.width = (int)numbers[WIDTH];
  options.scale = (int)numbers[SCALE];
  options.margin = numbers[MARGIN];
  options.engine = numbers[ENGINE] < 0 ? "" : qrpng_engine_name((size_t)numbers[ENGINE]);
  options.version = (int)numbers[VERSION];
  options.mask = (int)numbers[MASK];
  options.mask_rule = (qrpng_mask_rule)(int)numbers[MASK_RULE];
  options.format = (qrpng_format)(int)numbers[FORMAT];
  options.dark = (uint32_t)numbers[DARK];
  options.light = (uint32_t)numbers[LIGHT];
  options.is_inverted = (int)numbers[IS_INVERTED];
  options.dpi = (int)numbers[DPI];
  options.effort = (int)numbers[EFFORT];
  /* Segments of a text that was cut cover more than is left: it is too long. */
  if (segment_count >= 0 && text_nbytes < TEXT_MAX_NBYTES) {
    options.segments = session->segments;
    options.segment_count = (size_t)segment_count;
  }
  return options;
}

qrpng_status EXPORT(encode)(wasm_session *session, size_t text_nbytes, int segment_count, size_t title_nbytes) {
  qrpng_options options = read_options(session, text_nbytes, segment_count);
  options.title = session->title;
  options.title_nbytes = title_nbytes;
  return qrpng_encode(session->encoder, session->text, text_nbytes, &options, &session->output,
                      &session->output_nbytes);
}

qrpng_status EXPORT(encode_modules)(wasm_session *session, size_t text_nbytes, int segment_count) {
  qrpng_options options = read_options(session, text_nbytes, segment_count);
  return qrpng_encode_modules(session->encoder, session->text, text_nbytes, &options, &session->symbol);
}

/* Where the last symbol is: seven numbers of 32 bits, as qrpng_symbol has them. */
const void *EXPORT(symbol)(const wasm_session *session) {
  return &session->symbol;
}

/* All strings end with NUL. */
const char *EXPORT(error_message)(const wasm_session *session) {
  return qrpng_error_message(session->encoder);
}

const char *EXPORT(status_name)(qrpng_status status) {
  return qrpng_status_name(status);
}

const char *EXPORT(status_field)(qrpng_status status) {
  return qrpng_status_field(status);
}

const char *EXPORT(version)(void) {
  return qrpng_version();
}

/* NULL after the last. */
const char *EXPORT(engine_name)(size_t index) {
  return qrpng_engine_name(index);
}

/* Written to a buffer as by qrpng_engine_libraries(), for an engine that there is. */
int EXPORT(engine_libraries)(size_t index, char *buffer, size_t size) {
  return qrpng_engine_libraries(qrpng_engine_name(index), buffer, size);
}
