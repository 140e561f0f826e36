/*
 * The Node-API binding. Its JavaScript face (lib/index.cjs) names, checks and defaults the options; here they arrive
 * by position: (text, level, width, scale, margin, engine, version, mask), where all but the text are integers, the
 * engine its index. Errors of the core say as their field which option they are about, in the core's name for it.
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
  qrpng_encoder *encoder; /* of the environment's own thread */
  const uint8_t *png;     /* its last image, until the next call on it */
  size_t png_nbytes;
  pthread_mutex_t idle_mutex; /* guards idle: asynchronous calls run on libuv's threads */
  encoder_list *idle;         /* never more than libuv has threads */
} addon_instance;

typedef struct encode_call {
  qrpng_options options;
  size_t text_nbytes;
  uint8_t text[TEXT_MAX_NBYTES + 4]; /* room for the character that a long string is cut in */
} encode_call;

/* Reads the arguments. Returns NULL, or a sentence about one that has a wrong type. */
const char *read_call(napi_env env, napi_callback_info info, encode_call *call);

/* An Error whose code names the status, such as ERR_QRPNG_TEXT_TOO_LONG, and whose field is that of the status. */
napi_value make_error(napi_env env, qrpng_status status, const char *message);

/* Returns the length in bytes of the image, which waits for copy_png. */
napi_value encode_sync(napi_env env, napi_callback_info info);

/* Copies the image of the last encode_sync into a Buffer of just its length. Two calls, so that JavaScript can take
 * that Buffer from its pool: an ArrayBuffer of its own for every image costs more than both. */
napi_value copy_png(napi_env env, napi_callback_info info);

napi_value encode_async(napi_env env, napi_callback_info info);

#endif
