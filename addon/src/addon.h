/*
 * The Node-API binding. Its JavaScript face (lib/bindings/addon.cjs) names, checks and defaults the options; here they
 * arrive by position, as numbers in a Float64Array that is bound once: see read_options(). Errors of the core say as
 * their field which option they are about, in the core's name for it.
 *
 * Wherever there is a text, it is a string or Uint8Array, and beside it may be an Int32Array of segments: the mode and
 * the number of bytes of each, in turn.
 *
 * Everything mutable hangs on the environment (main thread or worker), as its instance data.
 */
#ifndef QRPNG_ADDON_H
#define QRPNG_ADDON_H

#include <node_api.h>

#include "encoder_pool.h"

/* One byte more than any QR code holds, so that the core sees what is too long. */
#define TEXT_MAX_NBYTES 7090
/* Room for the character that a long string is cut in, too. */
#define TEXT_ROOM_NBYTES (TEXT_MAX_NBYTES + 4)

typedef struct addon_instance {
  const double *options;  /* of the next call; JavaScript writes them */
  qrpng_encoder *encoder; /* of the environment's own thread */
  const uint8_t *output;  /* its last image, until the next call on it */
  size_t output_nbytes;
  encoder_pool pool; /* for batches */
} addon_instance;

typedef struct encode_call {
  qrpng_options options;
  qrpng_segment *segments; /* owned; NULL: none */
  size_t text_nbytes;
  uint8_t text[TEXT_ROOM_NBYTES];
} encode_call;

/* bind(options): keeps that Float64Array, in which all later calls find their options. Before any other call. */
napi_value bind_options(napi_env env, napi_callback_info info);

/* Copies a text to TEXT_ROOM_NBYTES bytes: as UTF-8, a lone surrogate as U+FFFD. What is longer than any QR code holds
 * is cut, but never below TEXT_MAX_NBYTES. Returns napi_invalid_arg for what is no text. */
napi_status read_text(napi_env env, napi_value value, uint8_t *text, size_t *text_nbytes);

/* Reads an Int32Array of segments into new memory, and their number; NULL and 0 for anything else, NULL included.
 * Returns napi_generic_failure if there is not enough memory. */
napi_status read_segments(napi_env env, napi_value value, qrpng_segment **segments, size_t *segment_count);

/* Of the numbers that are bound. */
qrpng_options read_options(const addon_instance *instance);

/* An Error whose code names the status, such as ERR_QRPNG_TEXT_TOO_LONG, and whose field is that of the status. */
napi_value make_error(napi_env env, qrpng_status status, const char *message);

/* encode(text, pool, offset, segments): makes an image, copies it into that Buffer from there on if it fits, and
 * returns its length in bytes. One call, into memory that JavaScript has already: an ArrayBuffer of its own for every
 * image would cost more than all else, and so would a second call. */
napi_value encode_sync(napi_env env, napi_callback_info info);

/* copyOutput(target): copies the image of the last encode(), which did not fit, to the start of that Buffer. */
napi_value copy_output(napi_env env, napi_callback_info info);

/* encodeToString(text, segments, title): makes SVG or text. */
napi_value encode_to_string(napi_env env, napi_callback_info info);

/* encodeToDataUrl(text, segments): makes a PNG, as data:image/png;base64,… */
napi_value encode_to_data_url(napi_env env, napi_callback_info info);

/* encodeModules(text, segments): { version, level, mask, modules: Uint8Array, segments: Int32Array } */
napi_value encode_modules(napi_env env, napi_callback_info info);

/* encodeBatch(texts, segments): a Promise of { bytes: Buffer, ends: Uint32Array } from an array of texts and, for each
 * of them, undefined or its segments. The image of each ends where ends says, and the next one begins there. An error
 * has the index of its text. Texts and options are copied before it returns; all else is done on libuv's thread pool.
 */
napi_value encode_batch(napi_env env, napi_callback_info info);

#endif
