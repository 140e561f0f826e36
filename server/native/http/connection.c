#include "connection.h"

#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "exchange.h"
#include "loop.h"
#include "response.h"
#include "worker.h"

enum {
  MAX_OUTPUT_NBYTES = 16 * 1024,
  TURN_NS = 50 * 1000, /* for requests that came together; others wait meanwhile */
};

static void settle(http_connection *connection);

http_connection *connection_open(http_worker *worker, int socket, http_client *client) {
  http_connection *connection = calloc(1, sizeof *connection);
  if (connection) {
    connection->deadline.kind = DEADLINE_NONE;
    connection->worker = worker;
    connection->socket = socket;
    connection->client = client;
    if (worker->loop_kind->add(worker->loop, connection) == 0) {
      deadline_set(&worker->deadlines, &connection->deadline, DEADLINE_IDLE, worker->now_ms);
      return connection;
    }
    free(connection);
  }
  worker_forget_client(worker, client);
  close(socket);
  return NULL;
}

static void end_note(http_connection *connection, bool is_sent) {
  const http_handler *handler = connection->worker->handler;
  if (connection->has_note && handler->on_end)
    handler->on_end(handler->context, &connection->note, is_sent);
  connection->has_note = false;
}

static void end_exchange(http_connection *connection) {
  http_exchange *exchange = connection->exchange;
  connection->exchange = NULL;
  if (exchange)
    exchange_destroy(exchange);
}

void connection_close(http_connection *connection) {
  http_worker *worker = connection->worker;
  if (connection->phase == PHASE_CLOSED)
    return;
  connection->phase = PHASE_CLOSED;
  end_note(connection, false);
  end_exchange(connection);
  deadline_clear(&worker->deadlines, &connection->deadline);
  worker->loop_kind->remove(worker->loop, connection);
  worker_forget(worker, connection);
}

static void write_answer(http_connection *connection, const http_answer *answer, response_manner manner) {
  http_worker *worker = connection->worker;
  if (response_write(answer, manner, &worker->date, &worker->buffers, &connection->output) != 0)
    connection_close(connection);
  else if (manner.closes)
    connection->phase = PHASE_LAST;
}

void connection_refuse(http_connection *connection, http_refusal refusal) {
  const http_handler *handler = connection->worker->handler;
  const http_answer *answer = worker_refusal(connection->worker, refusal);
  end_exchange(connection);
  write_answer(connection, answer, (response_manner){.closes = true});
  if (handler->on_refusal)
    handler->on_refusal(handler->context, http_head_status(answer->head), answer->body.nbytes);
}

void connection_refuse_body(http_connection *connection) {
  http_exchange *exchange = connection->exchange;
  const http_answer answer = exchange->too_large;
  end_note(connection, true);
  connection->note = exchange->note;
  connection->has_note = true;
  exchange->has_note = false;
  end_exchange(connection);
  write_answer(connection, &answer, (response_manner){.closes = true});
}

static void answer(http_connection *connection, const char *bytes) {
  http_worker *worker = connection->worker;
  http_request request;
  http_refusal refusal = request_parse(worker->parser, &connection->check, bytes, &request);
  if (refusal != HTTP_REFUSAL_NONE) {
    connection_refuse(connection, refusal);
    return;
  }
  end_note(connection, true);
  const http_answer answer = worker->handler->answer(worker->handler->context, &request, &connection->note);
  if (!answer.head) {
    exchange_begin(connection, &request, answer.pending);
    return;
  }
  connection->has_note = true;
  const response_manner manner = {
      .omits_body = request.method == HTTP_METHOD_HEAD,
      .closes = answer.closes || !request.keeps_alive || request.has_body || worker_is_draining(worker),
      .keeps_alive = request.minor_version == 0,
  };
  write_answer(connection, &answer, manner);
}

/* Whether all of output has left. If not, it must stay as it is until it has. */
static bool hand_over_output(http_connection *connection) {
  http_worker *worker = connection->worker;
  if (!connection->is_sending)
    connection->is_sending = !worker->loop_kind->send(worker->loop, connection);
  if (connection->is_sending)
    return false;
  buffer_release(&worker->buffers, &connection->output);
  connection->sent_nbytes = 0;
  return true;
}

static bool has_room_for_answers(http_connection *connection) {
  return !connection->is_sending && (connection->output.nbytes < MAX_OUTPUT_NBYTES || hand_over_output(connection));
}

/* The answer that was pending, if it is there and those before it have left. */
static void take_answer(http_connection *connection) {
  http_exchange *exchange = connection->exchange;
  if (!exchange || exchange->stage != EXCHANGE_ANSWERED || connection->is_sending ||
      (connection->output.nbytes > 0 && !hand_over_output(connection)))
    return;
  end_note(connection, true);
  connection->note = exchange->note;
  connection->has_note = exchange->has_note;
  connection->output = exchange->answer;
  connection->sent_nbytes = exchange->answer_start;
  if (exchange->closes)
    connection->phase = PHASE_LAST;
  exchange->answer = (http_buffer){0};
  exchange->has_note = false;
  end_exchange(connection);
}

/* Answers the request at the start of the bytes, if its head is complete, and returns how many are done with. */
static size_t answer_request(http_connection *connection, const char *bytes, size_t nbytes) {
  http_refusal refusal = head_check_continue(&connection->check, bytes, nbytes);
  if (refusal == HTTP_REFUSAL_NONE && connection->check.state != HEAD_COMPLETE)
    return 0;
  if (refusal != HTTP_REFUSAL_NONE)
    connection_refuse(connection, refusal);
  else
    answer(connection, bytes);
  const size_t used = connection->check.at;
  connection->check = (head_check){0};
  if (!connection->exchange) /* a body belongs to the same request */
    deadline_clear(&connection->worker->deadlines, &connection->deadline);
  return used;
}

/*
 * Answers the requests that are complete, while there is room for answers, until its turn is over: at least one.
 * Returns how many bytes are done with.
 */
static size_t answer_requests(http_connection *connection, const char *bytes, size_t nbytes) {
  const uint64_t start_ns = http_clock_ns();
  size_t used = 0;
  connection->awaits_turn = false;
  while (used < nbytes && connection->phase == PHASE_OPEN && has_room_for_answers(connection)) {
    if (used > 0 && http_clock_ns() - start_ns >= TURN_NS) {
      connection->awaits_turn = true;
      break;
    }
    const size_t step = connection->exchange ? exchange_receive(connection->exchange, bytes + used, nbytes - used)
                                             : answer_request(connection, bytes + used, nbytes - used);
    if (step == 0)
      break;
    used += step;
    take_answer(connection);
  }
  return used;
}

static void answer_kept(http_connection *connection) {
  http_buffer *input = &connection->input;
  connection->awaits_turn = false;
  if (connection->phase != PHASE_OPEN || input->nbytes == 0)
    return;
  size_t used = answer_requests(connection, input->bytes, input->nbytes);
  if (used == input->nbytes) {
    buffer_release(&connection->worker->buffers, input);
  } else if (used > 0) {
    memmove(input->bytes, input->bytes + used, input->nbytes - used);
    input->nbytes -= (uint32_t)used;
  }
}

void connection_receive(http_connection *connection, const char *bytes, size_t nbytes) {
  if (connection->phase != PHASE_OPEN)
    return;
  size_t used = 0;
  if (connection->input.nbytes == 0)
    used = answer_requests(connection, bytes, nbytes);
  if (connection->phase == PHASE_OPEN && used < nbytes) {
    const bool was_kept = connection->input.nbytes > 0;
    if (buffer_append(&connection->input, bytes + used, nbytes - used) != 0) {
      connection_close(connection);
      return;
    }
    if (was_kept && !connection->awaits_turn)
      answer_kept(connection);
  }
  settle(connection);
}

void connection_receive_end(http_connection *connection) {
  connection->peer_has_ended = true;
  settle(connection);
}

void connection_on_sent(http_connection *connection) {
  buffer_release(&connection->worker->buffers, &connection->output);
  connection->sent_nbytes = 0;
  connection->is_sending = false;
  end_note(connection, true);
  deadline_clear(&connection->worker->deadlines, &connection->deadline);
  connection_go_on(connection);
}

void connection_go_on(http_connection *connection) {
  if (connection->phase == PHASE_CLOSED)
    return;
  connection->awaits_turn = connection->phase == PHASE_OPEN && connection->input.nbytes > 0;
  settle(connection);
}

void connection_on_turn(http_connection *connection) {
  deadline_clear(&connection->worker->deadlines, &connection->deadline);
  answer_kept(connection);
  settle(connection);
}

/* Whether nothing is left to send. */
static bool send_output(http_connection *connection) {
  http_worker *worker = connection->worker;
  if (connection->output.nbytes == 0)
    return true;
  if (hand_over_output(connection)) {
    end_note(connection, true);
    return true;
  }
  if (connection->phase != PHASE_CLOSED && connection->deadline.kind != DEADLINE_SEND)
    deadline_set(&worker->deadlines, &connection->deadline, DEADLINE_SEND, worker->now_ms);
  return false;
}

static void linger(http_connection *connection) {
  http_worker *worker = connection->worker;
  if (connection->peer_has_ended || shutdown(connection->socket, SHUT_WR) != 0) {
    connection_close(connection);
    return;
  }
  connection->phase = PHASE_LINGERING;
  buffer_release(&worker->buffers, &connection->input);
  deadline_set(&worker->deadlines, &connection->deadline, DEADLINE_LINGER, worker->now_ms);
}

/* What is to happen next must not take too long. */
static void set_deadline(http_connection *connection) {
  http_worker *worker = connection->worker;
  const http_exchange *exchange = connection->exchange;
  deadline_kind kind = DEADLINE_IDLE;
  if (exchange)
    kind = exchange->stage == EXCHANGE_READING ? DEADLINE_REQUEST : DEADLINE_ANSWER;
  else if (connection->input.nbytes > 0)
    kind = DEADLINE_REQUEST;
  if (kind == DEADLINE_IDLE || connection->deadline.kind != kind)
    deadline_set(&worker->deadlines, &connection->deadline, kind, worker->now_ms);
}

/* Whether what the client has sent will never be complete. */
static bool is_cut_off(const http_connection *connection) {
  if (!connection->peer_has_ended)
    return false;
  const http_exchange *exchange = connection->exchange;
  return exchange ? exchange->stage == EXCHANGE_READING : connection->input.nbytes > 0;
}

/* Sends what is to be sent, and sees to what follows that. */
static void send_and_go_on(http_connection *connection) {
  take_answer(connection);
  if (connection->exchange)
    exchange_tell_to_continue(connection->exchange);
  if (connection->phase == PHASE_CLOSED || !send_output(connection))
    return;
  if (connection->phase == PHASE_OPEN && connection->awaits_turn) {
    if (connection->deadline.kind != DEADLINE_TURN)
      deadline_set(&connection->worker->deadlines, &connection->deadline, DEADLINE_TURN, connection->worker->now_ms);
    return;
  }
  if (connection->phase == PHASE_OPEN && is_cut_off(connection)) {
    connection_refuse(connection, HTTP_REFUSAL_INCOMPLETE);
    if (!send_output(connection))
      return;
  }
  if (connection->phase == PHASE_LAST)
    linger(connection);
  else if (connection->peer_has_ended && !connection->exchange)
    connection_close(connection);
  else if (connection->phase == PHASE_OPEN)
    set_deadline(connection);
}

static bool wants_input(const http_connection *connection) {
  const http_exchange *exchange = connection->exchange;
  return !connection->peer_has_ended && !(exchange && exchange->stage == EXCHANGE_WAITING) &&
         connection->input.nbytes <= MAX_WAITING_NBYTES;
}

/* After anything has happened. */
static void settle(http_connection *connection) {
  if (connection->phase == PHASE_CLOSED)
    return;
  send_and_go_on(connection);
  if (connection->phase == PHASE_CLOSED || connection->is_paused != wants_input(connection))
    return;
  connection->is_paused = !connection->is_paused;
  connection->worker->loop_kind->watch_input(connection->worker->loop, connection);
}

static void reset(http_connection *connection) {
  const struct linger at_once = {.l_onoff = 1};
  setsockopt(connection->socket, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
  connection_close(connection);
}

void connection_on_overdue(http_connection *connection) {
  switch ((deadline_kind)connection->deadline.kind) {
  case DEADLINE_REQUEST:
    connection_refuse(connection, HTTP_REFUSAL_TIMEOUT);
    settle(connection);
    break;
  case DEADLINE_SEND: /* the kernel would keep what nobody takes for minutes */
    reset(connection);
    break;
  default:
    connection_close(connection);
    break;
  }
}
