/*
 * What the module exports: functions of numbers and addresses alone. lib/wasm.js is their JavaScript face, and hands
 * over the options by position as lib/index.cjs does.
 */
#include <stdlib.h>

#include "qrpng.h"

#define EXPORT(name) __attribute__((export_name(#name))) name

typedef struct wasm_session {
  qrpng_encoder *encoder;
  const uint8_t *png; /* the last image, until the next call of encode */
  size_t png_nbytes;
  uint8_t *text;
} wasm_session;

/* Returns NULL if there is not enough memory. A session ends with the instance. */
wasm_session *EXPORT(create_session)(void) {
  wasm_session *session = calloc(1, sizeof *session);
  if (session && qrpng_encoder_create(&session->encoder) == QRPNG_OK)
    return session;
  free(session);
  return NULL;
}

/* Room for that many bytes of text, until the next call of this function; NULL if there is not enough memory. */
uint8_t *EXPORT(reserve_text)(wasm_session *session, size_t nbytes) {
  free(session->text);
  return session->text = malloc(nbytes);
}

qrpng_status EXPORT(encode)(wasm_session *session, size_t text_nbytes, int level, int width, int scale, int margin,
                            int engine_index, int version, int mask) {
  qrpng_options options = qrpng_default_options();
  options.ecl = (qrpng_level)level;
  options.width = width;
  options.scale = scale;
  options.margin = margin;
  options.engine = engine_index < 0 ? "" : qrpng_engine_name((size_t)engine_index);
  options.version = version;
  options.mask = mask;
  return qrpng_encode_png(session->encoder, session->text, text_nbytes, &options, &session->png, &session->png_nbytes);
}

const uint8_t *EXPORT(png)(const wasm_session *session) {
  return session->png;
}

size_t EXPORT(png_nbytes)(const wasm_session *session) {
  return session->png_nbytes;
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
