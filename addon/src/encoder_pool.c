#include "encoder_pool.h"

#include <stddef.h>

qrpng_encoder *pool_take(encoder_pool *pool) {
  qrpng_encoder *encoder = NULL;
  for (int i = 0; i < POOL_PLACES && !encoder; i++)
    encoder = atomic_exchange(&pool->idle[i], NULL);
  if (!encoder)
    qrpng_encoder_create(&encoder);
  return encoder;
}

void pool_give_back(encoder_pool *pool, qrpng_encoder *encoder) {
  for (int i = 0; i < POOL_PLACES; i++) {
    qrpng_encoder *none = NULL;
    if (atomic_compare_exchange_strong(&pool->idle[i], &none, encoder))
      return;
  }
  qrpng_encoder_destroy(encoder);
}

void pool_empty(encoder_pool *pool) {
  for (int i = 0; i < POOL_PLACES; i++)
    qrpng_encoder_destroy(atomic_exchange(&pool->idle[i], NULL));
}
