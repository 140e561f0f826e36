#include "exchange.h"

#include <stdlib.h>
#include <string.h>

#include "connection.h"
#include "response.h"
#include "worker.h"

static const http_handler *handler_of(const http_exchange *exchange) {
  return exchange->connection->worker->handler;
}

static bool is_body_complete(const http_exchange *exchange) {
  return exchange->reader.state == BODY_COMPLETE;
}

void exchange_destroy(http_exchange *exchange) {
  const http_handler *handler = handler_of(exchange);
  if (exchange->stage != EXCHANGE_ANSWERED)
    handler->abandon(handler->context, exchange->state);
  if (exchange->has_note && handler->on_end)
    handler->on_end(handler->context, &exchange->note, false);
  free(exchange->body.bytes);
  free(exchange->answer.bytes);
  free(exchange);
}

/* RFC 9110, 10.1.1: it is not needed where the body comes anyway. */
void exchange_tell_to_continue(http_exchange *exchange) {
  static const char line[] = "HTTP/1.1 100 Continue\r\n\r\n";
  http_connection *connection = exchange->connection;
  if (!exchange->expects_continue || exchange->stage != EXCHANGE_READING || connection->is_sending)
    return;
  exchange->expects_continue = false;
  if (exchange->body.nbytes > 0)
    return;
  char *at = buffer_reserve(&connection->worker->buffers, &connection->output, sizeof line - 1);
  if (!at)
    return;
  memcpy(at, line, sizeof line - 1);
  connection->output.nbytes += (uint32_t)sizeof line - 1;
}

static response_manner manner_of(const http_exchange *exchange) {
  return (response_manner){
      .omits_body = exchange->omits_body,
      .closes = exchange->closes || !is_body_complete(exchange) || worker_is_draining(exchange->connection->worker),
      .keeps_alive = exchange->says_keep_alive,
  };
}

static void write_answer(http_exchange *exchange, const http_answer *answer) {
  http_worker *worker = exchange->connection->worker;
  response_manner manner = manner_of(exchange);
  manner.closes |= answer->closes;
  exchange->stage = EXCHANGE_ANSWERED;
  exchange->closes = manner.closes;
  if (response_write(answer, manner, &worker->date, &worker->buffers, &exchange->answer) != 0)
    connection_close(exchange->connection);
}

static void finish_reading(http_exchange *exchange) {
  const http_handler *handler = handler_of(exchange);
  char *body = exchange->body.bytes;
  const size_t nbytes = exchange->body.nbytes;
  exchange->body = (http_buffer){0};
  exchange->stage = EXCHANGE_ANSWERING;
  const http_answer answer = handler->answer_body(handler->context, exchange->state, body, nbytes, &exchange->note);
  if (answer.head)
    write_answer(exchange, &answer);
}

/* What the client says to be its length is believed no more than it is allowed. */
static int keep_body(http_exchange *exchange, slice data) {
  http_buffer *body = &exchange->body;
  const uint64_t left_nbytes = exchange->reader.left_nbytes;
  if (exchange->reader.state != BODY_BYTES || left_nbytes > exchange->max_body_nbytes || body->bytes)
    return buffer_append(body, data.bytes, data.nbytes);
  body->size = (uint32_t)(data.nbytes + left_nbytes);
  body->bytes = malloc(body->size);
  return body->bytes ? buffer_append(body, data.bytes, data.nbytes) : -1;
}

/* Whether the exchange goes on. */
static bool take_data(http_exchange *exchange, slice data) {
  if (data.nbytes > exchange->max_body_nbytes - exchange->body.nbytes) {
    connection_refuse_body(exchange->connection);
    return false;
  }
  if (data.nbytes > 0 && keep_body(exchange, data) != 0) {
    connection_close(exchange->connection);
    return false;
  }
  return true;
}

size_t exchange_receive(http_exchange *exchange, const char *bytes, size_t nbytes) {
  const char *at = bytes;
  while (at < bytes + nbytes && exchange->stage == EXCHANGE_READING) {
    slice data;
    http_refusal refusal = body_read(&exchange->reader, &at, bytes + nbytes, &data);
    if (refusal != HTTP_REFUSAL_NONE) {
      connection_refuse(exchange->connection, refusal);
      break;
    }
    if (!take_data(exchange, data))
      break;
    if (is_body_complete(exchange)) {
      finish_reading(exchange);
      break; /* it may be over */
    }
  }
  return (size_t)(at - bytes);
}

static void start_reading(http_exchange *exchange) {
  exchange->stage = EXCHANGE_READING;
  if (is_body_complete(exchange))
    finish_reading(exchange);
}

void exchange_begin(http_connection *connection, const http_request *request, const http_pending *pending) {
  const http_handler *handler = connection->worker->handler;
  http_exchange *exchange = calloc(1, sizeof *exchange);
  if (!exchange) {
    handler->abandon(handler->context, pending->state);
    connection_close(connection);
    return;
  }
  *exchange = (http_exchange){
      .connection = connection,
      .state = pending->state,
      .max_body_nbytes = pending->max_body_nbytes,
      .too_large = pending->too_large,
      .reader = body_of(request),
      .note = connection->note,
      .has_note = true,
      .omits_body = request->method == HTTP_METHOD_HEAD,
      .closes = !request->keeps_alive,
      .says_keep_alive = request->minor_version == 0,
      .expects_continue = request->expects_continue,
  };
  connection->exchange = exchange;
  handler->begin(handler->context, exchange->state, exchange);
  if (!pending->waits)
    start_reading(exchange);
}

void http_exchange_read(http_exchange *exchange) {
  http_connection *connection = exchange->connection;
  start_reading(exchange);
  connection_go_on(connection);
}

http_note *http_exchange_note(http_exchange *exchange) {
  return &exchange->note;
}

void http_exchange_answer(http_exchange *exchange, const http_answer *answer) {
  http_connection *connection = exchange->connection;
  write_answer(exchange, answer);
  connection_go_on(connection);
}

void http_exchange_give(http_exchange *exchange, const http_head *head, char *memory, size_t body_nbytes) {
  http_connection *connection = exchange->connection;
  const response_manner manner = manner_of(exchange);
  char written[HTTP_HEAD_ROOM_NBYTES];
  const size_t head_nbytes = response_write_head(head, body_nbytes, manner, &connection->worker->date, written);
  const size_t start = HTTP_HEAD_ROOM_NBYTES - head_nbytes;
  memcpy(memory + start, written, head_nbytes);
  const uint32_t end = (uint32_t)(HTTP_HEAD_ROOM_NBYTES + body_nbytes);
  exchange->stage = EXCHANGE_ANSWERED;
  exchange->closes = manner.closes;
  exchange->answer = (http_buffer){.bytes = memory, .nbytes = end, .size = end};
  exchange->answer_start = (uint32_t)start;
  if (head_nbytes == 0)
    connection_close(connection);
  connection_go_on(connection);
}
