#include "body.h"

/* More digits than any length that is allowed has, and fewer than overflow. */
enum { MAX_SIZE_BITS = 48 };

http_body body_of(const http_request *request) {
  if (request->is_chunked)
    return (http_body){.state = BODY_SIZE_START};
  return (http_body){.left_nbytes = request->body_nbytes,
                     .state = request->body_nbytes > 0 ? BODY_BYTES : BODY_COMPLETE};
}

static int hex_value(char c) {
  if (c >= '0' && c <= '9')
    return c - '0';
  if (c >= 'a' && c <= 'f')
    return c - 'a' + 10;
  return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/* RFC 9110, 5.6.2; what else a name of a trailer must be matters to nobody, since it is not used. */
static bool is_in_name(char c) {
  return c > ' ' && c < 0x7F && c != ':';
}

static bool is_in_value(char c) {
  return (unsigned char)c >= ' ' ? c != 0x7F : c == '\t';
}

/* The bytes of the body at that place, which may be none. */
static slice take_data(http_body *body, const char **at, const char *end, body_state next) {
  const size_t there_nbytes = (size_t)(end - *at);
  const size_t nbytes = body->left_nbytes < there_nbytes ? (size_t)body->left_nbytes : there_nbytes;
  const slice data = {*at, nbytes};
  *at += nbytes;
  body->left_nbytes -= nbytes;
  if (body->left_nbytes == 0)
    body->state = (uint8_t)next;
  return data;
}

/* The next state after a byte between chunks, or -1 if it must not be there. */
static int after_byte(http_body *body, char c) {
  switch ((body_state)body->state) {
  case BODY_SIZE_START:
  case BODY_SIZE: {
    const int digit = hex_value(c);
    if (digit >= 0) {
      body->left_nbytes = body->left_nbytes << 4 | (unsigned)digit;
      return body->left_nbytes >> MAX_SIZE_BITS ? -1 : BODY_SIZE;
    }
    if (body->state == BODY_SIZE_START)
      return -1;
    return c == ';' ? BODY_EXTENSION : c == '\r' ? BODY_SIZE_LF : -1;
  }
  case BODY_EXTENSION:
    return c == '\r' ? BODY_SIZE_LF : is_in_value(c) ? BODY_EXTENSION : -1;
  case BODY_SIZE_LF:
    return c != '\n' ? -1 : body->left_nbytes > 0 ? BODY_CHUNK : BODY_TRAILER_START;
  case BODY_CHUNK_CR:
    return c == '\r' ? BODY_CHUNK_LF : -1;
  case BODY_CHUNK_LF:
    return c == '\n' ? BODY_SIZE_START : -1;
  case BODY_TRAILER_START:
    return c == '\r' ? BODY_END_LF : is_in_name(c) ? BODY_TRAILER_NAME : -1;
  case BODY_TRAILER_NAME:
    return c == ':' ? BODY_TRAILER_VALUE : is_in_name(c) ? BODY_TRAILER_NAME : -1;
  case BODY_TRAILER_VALUE:
    return c == '\r' ? BODY_TRAILER_LF : is_in_value(c) ? BODY_TRAILER_VALUE : -1;
  case BODY_TRAILER_LF:
    return c == '\n' ? BODY_TRAILER_START : -1;
  case BODY_END_LF:
    return c == '\n' ? BODY_COMPLETE : -1;
  default:
    return -1;
  }
}

/* Leading zeros of a size, too, of which there may be any number. */
static bool is_other(const http_body *body) {
  return (body->state == BODY_SIZE && body->left_nbytes == 0) || body->state == BODY_EXTENSION ||
         (body->state >= BODY_TRAILER_NAME && body->state <= BODY_TRAILER_LF);
}

http_refusal body_read(http_body *body, const char **at, const char *end, slice *data) {
  *data = (slice){NULL, 0};
  while (*at < end && body->state != BODY_COMPLETE) {
    if (body->state == BODY_BYTES || body->state == BODY_CHUNK) {
      *data = take_data(body, at, end, body->state == BODY_BYTES ? BODY_COMPLETE : BODY_CHUNK_CR);
      return HTTP_REFUSAL_NONE;
    }
    const int next = after_byte(body, *(*at)++);
    if (next < 0)
      return HTTP_REFUSAL_CHUNKS;
    body->state = (uint8_t)next;
    if (is_other(body) && ++body->other_nbytes > HTTP_MAX_HEAD_NBYTES)
      return HTTP_REFUSAL_HEAD_TOO_LARGE;
  }
  return HTTP_REFUSAL_NONE;
}
