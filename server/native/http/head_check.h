/*
 * The first pass over the raw bytes of a request's head. It takes exactly what RFC 9112 has clients send, byte by byte:
 * lines end with CR LF, a request line has two single spaces, names are tokens, values hold no control characters, and
 * no line continues another. What follows need not look at line ends again.
 */
#ifndef HTTP_HEAD_CHECK_H
#define HTTP_HEAD_CHECK_H

#include <stddef.h>
#include <stdint.h>

#include "refusals.h"

typedef enum head_state {
  HEAD_START,
  HEAD_START_LF,
  HEAD_METHOD,
  HEAD_TARGET,
  HEAD_VERSION,
  HEAD_VERSION_LF,
  HEAD_FIELD,
  HEAD_NAME,
  HEAD_VALUE,
  HEAD_VALUE_LF,
  HEAD_END_LF,
  HEAD_COMPLETE,
} head_state;

/* How far a head has been looked at, zero before its first byte. Places are counted from the start of the request. */
typedef struct head_check {
  uint16_t at; /* of a complete head: its length */
  uint16_t method_start, target_start, version_start, fields_start;
  uint8_t state; /* a head_state */
  uint8_t minor_version;
} head_check;

/*
 * Goes on where it stopped; bytes start where the request does. Returns why the request is refused, as soon as that is
 * known, or HTTP_REFUSAL_NONE. Then check->state is HEAD_COMPLETE, or more bytes are needed.
 */
http_refusal head_check_continue(head_check *check, const char *bytes, size_t nbytes);

#endif
