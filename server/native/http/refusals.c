#include "refusals.h"

typedef struct refusal_text {
  unsigned status;
  const char *sentence;
} refusal_text;

/* The sections that ask for these statuses, where there is one: RFC 9112, 3.2 (Host), 3 (414), 6.1 (501). */
static const refusal_text texts[HTTP_REFUSAL_COUNT] = {
    [HTTP_REFUSAL_MALFORMED] = {400, "The request's headers are malformed.\n"},
    [HTTP_REFUSAL_HOST] = {400, "The header Host is missing, repeated or malformed: give it once.\n"},
    [HTTP_REFUSAL_CHUNKS] = {400, "The request's chunks are malformed.\n"},
    [HTTP_REFUSAL_INCOMPLETE] = {400, "The request is incomplete: the connection was closed before its end.\n"},
    [HTTP_REFUSAL_TIMEOUT] = {408, "The request did not arrive in time.\n"},
    [HTTP_REFUSAL_TARGET_TOO_LONG] = {414, "The request's target is too long: a head may have 16384 bytes.\n"},
    [HTTP_REFUSAL_HEAD_TOO_LARGE] = {431, "The request's head is too large: 16384 bytes and 100 fields are allowed.\n"},
    [HTTP_REFUSAL_CODING] = {501, "The transfer coding is not supported: chunked alone is.\n"},
    [HTTP_REFUSAL_VERSION] = {505, "The version is not supported: HTTP/1.1 and HTTP/1.0 are.\n"},
};

unsigned http_refusal_status(http_refusal refusal) {
  return texts[refusal].status;
}

const char *http_refusal_sentence(http_refusal refusal) {
  return texts[refusal].sentence;
}
