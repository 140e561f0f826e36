/*
 * One connection: requests from the bytes that come, answers in the same order, and an end that its client can read.
 * It does no input or output by itself; a loop (loop.h) brings the bytes and takes them.
 *
 *   PHASE_OPEN       requests are answered; nothing is read while the client doesn't take the answers
 *   PHASE_LAST       what is to be sent is the last
 *   PHASE_LINGERING  our side is closed, and what still comes is thrown away, so that no reset overtakes the last
 * answer PHASE_CLOSED     to be freed
 */
#ifndef HTTP_CONNECTION_H
#define HTTP_CONNECTION_H

#include "buffer.h"
#include "clients.h"
#include "deadlines.h"
#include "head_check.h"
#include "http.h"

struct http_worker;

/* The most that is kept of what follows a request that is not answered yet, or answers that are not taken. */
enum { MAX_WAITING_NBYTES = 64 * 1024 };

typedef enum connection_phase { PHASE_OPEN, PHASE_LAST, PHASE_LINGERING, PHASE_CLOSED } connection_phase;

typedef struct http_connection {
  http_deadline deadline; /* first: its address is that of the connection */
  struct http_worker *worker;
  struct http_connection *next_closed;
  http_client *client;  /* NULL: nobody counts */
  http_buffer input;    /* the beginning of a request, or requests that wait until answers are taken; mostly nothing */
  http_buffer output;   /* answers that have not left */
  uint32_t sent_nbytes; /* of these */
  head_check check;     /* of the request at the start of input */
  http_exchange *exchange; /* the request before that, if it is not answered yet */
  http_note note;          /* of the last answer in output */
  int socket;
  uint32_t loop_state; /* of the loop alone */
  uint8_t phase;       /* a connection_phase */
  bool has_note;
  bool is_sending;     /* output is the loop's until connection_on_sent() */
  bool peer_has_ended; /* nothing more comes */
  bool awaits_turn;    /* more of input could be answered, but others come first */
  bool is_paused;      /* nothing is to be read for now */
} http_connection;

/* Takes over socket and client, also on failure, which is NULL: there is not enough memory. */
http_connection *connection_open(struct http_worker *worker, int socket, http_client *client);

/* For the loop. Each may close the connection, which stays in memory until the worker frees it. */
void connection_receive(http_connection *connection, const char *bytes, size_t nbytes);
void connection_receive_end(http_connection *connection);
void connection_on_sent(http_connection *connection); /* all of output, after sending had to wait */

void connection_on_turn(http_connection *connection); /* the others have had theirs */
/* For exchanges: goes on after a pending answer is there, or its body may be read. */
void connection_go_on(http_connection *connection);

/* For exchanges, of which it is the end: the last answer; the other is that its body is too large. */
void connection_refuse(http_connection *connection, http_refusal refusal);
void connection_refuse_body(http_connection *connection);

void connection_on_overdue(http_connection *connection);

/* Without a word. */
void connection_close(http_connection *connection);

#endif
