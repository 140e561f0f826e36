/* What the server answers by itself, since there is no request that a handler could be asked about. */
#ifndef HTTP_REFUSALS_H
#define HTTP_REFUSALS_H

typedef enum http_refusal {
  HTTP_REFUSAL_NONE,
  HTTP_REFUSAL_MALFORMED,
  HTTP_REFUSAL_HOST,
  HTTP_REFUSAL_CHUNKS,
  HTTP_REFUSAL_INCOMPLETE,
  HTTP_REFUSAL_TIMEOUT,
  HTTP_REFUSAL_TARGET_TOO_LONG,
  HTTP_REFUSAL_HEAD_TOO_LARGE,
  HTTP_REFUSAL_CODING,
  HTTP_REFUSAL_VERSION,
  HTTP_REFUSAL_COUNT,
} http_refusal;

unsigned http_refusal_status(http_refusal refusal);

/* With a line end. */
const char *http_refusal_sentence(http_refusal refusal);

#endif
