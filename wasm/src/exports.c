/*
 * What the module exports: functions of numbers and addresses alone. wasm/instance.js calls them.
 */
#include <stdlib.h>

#include "qrpng.h"

#define EXPORT(name) __attribute__((export_name(#name))) name

/* One byte more than any QR code holds, so that the core sees what is too long. */
#define TEXT_MAX_NBYTES 7090

/* As lib/options.cjs writes them. */
enum { LEVEL, WIDTH, SCALE, MARGIN, ENGINE, VERSION, MASK, OPTION_COUNT };

typedef struct wasm_session {
  double options[OPTION_COUNT];
  const uint8_t *output; /* the last image, until the next call of encode; its length follows, as JavaScript knows */
  size_t output_nbytes;
  qrpng_encoder *encoder;
  uint8_t text[TEXT_MAX_NBYTES + 4]; /* room for the character that a long string is cut in */
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

/* Where the last image is: its address and its length in bytes, two numbers of 32 bits. */
const void *EXPORT(output)(const wasm_session *session) {
  return &session->output;
}

qrpng_status EXPORT(encode)(wasm_session *session, size_t text_nbytes) {
  const double *numbers = session->options;
  qrpng_options options = qrpng_default_options();
  options.ecl = (qrpng_level)(int)numbers[LEVEL];
  options.width = (int)numbers[WIDTH];
  options.scale = (int)numbers[SCALE];
  options.margin = numbers[MARGIN];
  options.engine = numbers[ENGINE] < 0 ? "" : qrpng_engine_name((size_t)numbers[ENGINE]);
  options.version = (int)numbers[VERSION];
  options.mask = (int)numbers[MASK];
  return qrpng_encode(session->encoder, session->text, text_nbytes, &options, &session->output,
                      &session->output_nbytes);
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
