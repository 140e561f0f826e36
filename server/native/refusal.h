/* The reasons for which a request is refused, known before anything is encoded, with the status and sentence of each.
 */
#ifndef SERVER_REFUSAL_H
#define SERVER_REFUSAL_H

#include <stddef.h>

/* The four of REFUSAL_REPEATED are in the order of the query's parameters. */
typedef enum request_refusal {
  REFUSAL_NONE,
  REFUSAL_ESCAPE,
  REFUSAL_UNKNOWN,
  REFUSAL_REPEATED_TEXT,
  REFUSAL_REPEATED_ECL,
  REFUSAL_REPEATED_WIDTH,
  REFUSAL_REPEATED_MARGIN,
  REFUSAL_MISSING,
  REFUSAL_EMPTY,
  REFUSAL_UTF8,
  REFUSAL_ECL,
  REFUSAL_WIDTH,
  REFUSAL_MARGIN,
  REFUSAL_BODY,
  REFUSAL_MEDIA_TYPE,
  REFUSAL_BATCH_MEDIA_TYPE,
  REFUSAL_BODY_CODING,
  REFUSAL_BODY_TOO_LARGE,
  REFUSAL_BATCH_BODY_TOO_LARGE,
  REFUSAL_BODY_UTF8,
  REFUSAL_JSON,
  REFUSAL_JSON_OBJECT,
  REFUSAL_JSON_ARRAY,
  REFUSAL_UNKNOWN_OPTION,
  REFUSAL_UNKNOWN_MEMBER,
  REFUSAL_REPEATED_MEMBER,
  REFUSAL_TEXT_IN_QUERY,
  REFUSAL_TEXT_MEMBER,
  REFUSAL_TEXT_TYPE,
  REFUSAL_SURROGATE,
  REFUSAL_BATCH_SIZE,
  REFUSAL_IMAGES_TOO_LARGE,
  REFUSAL_SITE,
  REFUSAL_NOT_FOUND,
  REFUSAL_METHOD,
  REFUSAL_METHOD_TEXT,  /* where a POST is answered, too */
  REFUSAL_METHOD_BATCH, /* where nothing else is */
  REFUSAL_BUSY,
  REFUSAL_FAILED,
  REFUSAL_ENDING,
  REFUSAL_COUNT,
} request_refusal;

/* Any text that fits a symbol has room: 7089 digits are 42,534 bytes even if JSON escapes each of them. */
enum { MAX_BODY_NBYTES = 64 * 1024 };

/* For each text of a full batch: the 2953 bytes that a symbol holds, with quotes and some escapes. */
enum { MAX_BATCH_TEXT_NBYTES = 4096, MAX_IMAGES_NBYTES = 24 * 1024 * 1024 };

/* What sentences tell of the server's flags. */
typedef struct refusal_limits {
  int max_width_px;
  int max_batch;
} refusal_limits;

/* Of a batch, in bytes. */
size_t max_batch_body_nbytes(int max_batch);

unsigned refusal_http_status(request_refusal refusal);

/* Writes the sentence as snprintf does. */
int refusal_sentence(request_refusal refusal, const refusal_limits *limits, char *buffer, size_t size);

#endif
