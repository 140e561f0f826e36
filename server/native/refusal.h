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
  REFUSAL_NOT_FOUND,
  REFUSAL_METHOD,
  REFUSAL_FAILED,
  REFUSAL_ENDING,
  REFUSAL_COUNT,
} request_refusal;

unsigned refusal_http_status(request_refusal refusal);

/* Writes the sentence, which depends on the server's --max-width, as snprintf does. */
int refusal_sentence(request_refusal refusal, int max_width_px, char *buffer, size_t size);

#endif
