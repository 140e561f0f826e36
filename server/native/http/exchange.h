/*
 * A request that its head was not enough to answer: its body is read, its handler makes the answer, and the answer
 * waits until those before it have left.
 */
#ifndef HTTP_EXCHANGE_H
#define HTTP_EXCHANGE_H

#include "body.h"
#include "buffer.h"
#include "http.h"

struct http_connection;

typedef enum exchange_stage {
  EXCHANGE_WAITING, /* for http_exchange_read() */
  EXCHANGE_READING,
  EXCHANGE_ANSWERING, /* the handler has its body */
  EXCHANGE_ANSWERED,
} exchange_stage;

struct http_exchange {
  struct http_connection *connection;
  void *state;
  size_t max_body_nbytes;
  http_answer too_large;
  http_body reader;
  http_buffer body;
  http_buffer answer;
  uint32_t answer_start;
  http_note note;
  uint8_t stage; /* an exchange_stage */
  bool has_note, omits_body, closes, says_keep_alive, expects_continue;
};

/* It becomes the connection's, unless there is not enough memory: then the connection is closed. */
void exchange_begin(struct http_connection *connection, const http_request *request, const http_pending *pending);

/* Takes what is there of its body, and returns how many bytes that were. It may be over afterwards. */
size_t exchange_receive(http_exchange *exchange, const char *bytes, size_t nbytes);

/* Has the client send its body, if it waits for that. */
void exchange_tell_to_continue(http_exchange *exchange);

/* Ends it, whether it was answered or not. */
void exchange_destroy(http_exchange *exchange);

#endif
