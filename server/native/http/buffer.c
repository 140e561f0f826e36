#include "buffer.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_NBYTES = 1 << 30 };

static char *take_usual(buffer_pool *pool, http_buffer *buffer) {
  buffer->bytes = pool->count > 0 ? pool->kept[--pool->count] : malloc(BUFFER_USUAL_NBYTES);
  buffer->size = buffer->bytes ? BUFFER_USUAL_NBYTES : 0;
  return buffer->bytes;
}

static char *grow(http_buffer *buffer, size_t needed) {
  size_t size = needed > 2 * (size_t)buffer->size ? needed : 2 * (size_t)buffer->size;
  char *bytes = size <= MAX_NBYTES ? realloc(buffer->bytes, size) : NULL;
  if (bytes) {
    buffer->bytes = bytes;
    buffer->size = (uint32_t)size;
  }
  return bytes;
}

char *buffer_reserve(buffer_pool *pool, http_buffer *buffer, size_t nbytes) {
  const size_t needed = buffer->nbytes + nbytes;
  if (needed <= buffer->size)
    return buffer->bytes + buffer->nbytes;
  const bool is_usual = !buffer->bytes && needed <= BUFFER_USUAL_NBYTES;
  char *bytes = is_usual ? take_usual(pool, buffer) : grow(buffer, needed);
  return bytes ? bytes + buffer->nbytes : NULL;
}

int buffer_append(http_buffer *buffer, const char *bytes, size_t nbytes) {
  const size_t needed = buffer->nbytes + nbytes;
  if (needed > buffer->size && !grow(buffer, needed))
    return -1;
  memcpy(buffer->bytes + buffer->nbytes, bytes, nbytes);
  buffer->nbytes = (uint32_t)needed;
  return 0;
}

void buffer_release(buffer_pool *pool, http_buffer *buffer) {
  if (buffer->size == BUFFER_USUAL_NBYTES && pool->count < BUFFER_MAX_KEPT)
    pool->kept[pool->count++] = buffer->bytes;
  else
    free(buffer->bytes);
  *buffer = (struct http_buffer){0};
}

void buffer_pool_destroy(buffer_pool *pool) {
  while (pool->count > 0)
    free(pool->kept[--pool->count]);
}
