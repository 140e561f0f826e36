/* The bytes of an answer: a head made in advance, what differs from one answer to the next, the body. */
#ifndef HTTP_RESPONSE_H
#define HTTP_RESPONSE_H

#include <stdbool.h>
#include <time.h>

#include "buffer.h"
#include "http.h"

enum { DATE_LINE_NBYTES = sizeof "Date: Sun, 06 Nov 1994 08:49:37 GMT\r\n" - 1 };

/* The header Date, made again once a second (RFC 9110, 6.6.1). */
typedef struct date_line {
  time_t second;
  char bytes[DATE_LINE_NBYTES + 1];
} date_line;

void date_line_update(date_line *date, time_t second);

typedef struct response_manner {
  bool omits_body;  /* for HEAD */
  bool closes;      /* says that the connection is closed after it */
  bool keeps_alive; /* says that it isn't, which HTTP/1.0 would expect */
} response_manner;

/* Appends the answer to output. Returns 0, or -1 if there is not enough memory. */
int response_write(const http_answer *answer, response_manner manner, const date_line *date, buffer_pool *pool,
                   http_buffer *output);

/*
 * Writes the head of an answer with a body of that length, at most HTTP_HEAD_ROOM_NBYTES, and returns its length; 0 if
 * it has more.
 */
size_t response_write_head(const http_head *head, size_t body_nbytes, response_manner manner, const date_line *date,
                           char *at);

#endif
