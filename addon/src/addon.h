/*
 * The Node-API binding. Its JavaScript face (lib/index.cjs) names, checks and defaults the options; here they arrive
 * by position, as numbers in a Float64Array that is bound once: see read_options(). Errors of the core say as their
 * field which option they are about, in the core's name for it.
 *
 * Everything mutable hangs on the environment (main thread or worker), as its instance data.
 */
#ifndef QRPNG_ADDON_H
#define QRPNG_ADDON_H

#include <node_api.h>
#include <pthread.h>

#include "qrpng.h"

/* One byte more than any QR code holds, so that the core sees what is too long. */
#define TEXT_MAX_NBYTES 7090

typedef struct encoder_list {
  qrpng_encoder *encoder;
  struct encoder_list *next;
} encoder_list;

typedef struct addon_instance {
  const double *options;  /* of the next call; JavaScript writes them */
  qrpng_encoder *encoder; /* of the environment's own thread */
  const uint8_t *output;  /* its last image, until the next call on it */
  size_t output_nbytes;
  pthread_mutex_t idle_mutex; /* guards idle: asynchronous calls run on libuv's threads */
  encoder_list *idle;         /* never more than libuv has threads */
} addon_instance;

typedef struct encode_call {
  qrpng_options options;
  size_t text_nbytes;
  uint8_t text[TEXT_MAX_NBYTES + 4]; /* room for the character that a long string is cut in */
} encode_call;

/* bind(options): keeps that Float64Array, in which all later calls find their options. Before any other call. */
napi_value bind_options(napi_env env, napi_callback_info info);

/* Reads a string or Uint8Array, and the options that are bound. Returns NULL, or a sentence about the text. */
const char *read_call(napi_env env, const addon_instance *instance, napi_value text, encode_call *call);

/* An Error whose code names the status, such as ERR_QRPNG_TEXT_TOO_LONG, and whose field is that of the status. */
napi_value make_error(napi_env env, qrpng_status status, const char *message);

/* encode(text, pool, offset): makes an image, copies it into that Buffer from there on if it fits, and returns its
 * length in bytes. One call, into memory that JavaScript has already: an ArrayBuffer of its own for every image would
 * cost more than all else, and so would a second call. */
napi_value encode_sync(napi_env env, napi_callback_info info);

/* copyOutput(target): copies the image of the last encode(), which did not fit, to the start of that Buffer. */
napi_value copy_output(napi_env env, napi_callback_info info);

/* encodeAsync(text): a Promise of a Buffer. */
napi_value encode_async(napi_env env, napi_callback_info info);

#endif
