/*
 * From the bytes that follow a head to those of its body, strictly as RFC 9112, 6.2 and 7.1 have clients send them.
 * What a chunk's extensions and the trailer say is nobody's business here, but they have at most HTTP_MAX_HEAD_NBYTES.
 */
#ifndef HTTP_BODY_H
#define HTTP_BODY_H

#include "http.h"
#include "refusals.h"

typedef enum body_state {
  BODY_BYTES, /* of a known length */
  BODY_SIZE_START,
  BODY_SIZE,
  BODY_EXTENSION,
  BODY_SIZE_LF,
  BODY_CHUNK,
  BODY_CHUNK_CR,
  BODY_CHUNK_LF,
  BODY_TRAILER_START,
  BODY_TRAILER_NAME,
  BODY_TRAILER_VALUE,
  BODY_TRAILER_LF,
  BODY_END_LF,
  BODY_COMPLETE,
} body_state;

/* How far a body has been read. */
typedef struct http_body {
  uint64_t left_nbytes;  /* of it, or of its chunk */
  uint32_t other_nbytes; /* of extensions and trailer */
  uint8_t state;         /* a body_state */
} http_body;

http_body body_of(const http_request *request);

/*
 * Reads from *at on, which is advanced, until there are bytes of the body, which are then *data, or the end. Returns
 * why the request is refused, or HTTP_REFUSAL_NONE.
 */
http_refusal body_read(http_body *body, const char **at, const char *end, slice *data);

#endif
