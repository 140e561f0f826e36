/* Encoders for calls on libuv's threads, which take one at the start and give it back at the end. No lock: none is the
 * same on all systems. */
#ifndef QRPNG_ENCODER_POOL_H
#define QRPNG_ENCODER_POOL_H

#include <stdatomic.h>

#include "qrpng.h"

/* Threads beyond so many make an encoder for each call; libuv has four unless UV_THREADPOOL_SIZE says otherwise. */
enum { POOL_PLACES = 64 };

/* Begins as zeros. */
typedef struct encoder_pool {
  _Atomic(qrpng_encoder *) idle[POOL_PLACES]; /* NULL: an empty place */
} encoder_pool;

/* NULL: out of memory. */
qrpng_encoder *pool_take(encoder_pool *pool);
void pool_give_back(encoder_pool *pool, qrpng_encoder *encoder);

/* Once no thread has an encoder any more. */
void pool_empty(encoder_pool *pool);

#endif
