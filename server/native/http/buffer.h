/*
 * Memory for bytes that come or go. A thread keeps a few buffers of the usual size for the next ones that need some; a
 * buffer that is empty owns nothing.
 */
#ifndef HTTP_BUFFER_H
#define HTTP_BUFFER_H

#include <stddef.h>
#include <stdint.h>

enum { BUFFER_USUAL_NBYTES = 20 * 1024, BUFFER_MAX_KEPT = 64 };

typedef struct http_buffer {
  char *bytes; /* NULL: it owns nothing */
  uint32_t nbytes, size;
} http_buffer;

typedef struct buffer_pool {
  char *kept[BUFFER_MAX_KEPT];
  size_t count;
} buffer_pool;

/* Makes room for that many bytes more and returns where they go, or NULL if there is not enough memory. */
char *buffer_reserve(buffer_pool *pool, http_buffer *buffer, size_t nbytes);

/* Adds a copy of the bytes to a buffer that is no larger than it must be. Returns 0, or -1 likewise. */
int buffer_append(http_buffer *buffer, const char *bytes, size_t nbytes);

/* Empties it. */
void buffer_release(buffer_pool *pool, http_buffer *buffer);

void buffer_pool_destroy(buffer_pool *pool);

#endif
