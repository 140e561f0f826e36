/*
 * One record for each connection, in the list of the thread that serves it, and the deadlines that hold for it.
 *
 * libmicrohttpd only knows an idle timer, which a client that sends a byte now and then never meets. So each request
 * has a deadline of its own, from when its first byte came:
 * - The first request of a connection counts from when the connection was accepted.
 * - Of a later one the server learns when the request line is complete, or in the next scan of all clients, when the
 *   kernel says that bytes came after the last answer (TCP_INFO). It does not say so of a Unix socket, where the peer
 * is a program of ours, and a request line that never ends is cut as an idle client. Scans are a tenth of the request
 * timeout apart, at most half a second. A client without a request under way is idle, and may stay for a minute, unless
 * others wait for its place; so may one that does not take its answer.
 */
#ifndef SERVER_CLIENT_H
#define SERVER_CLIENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "metrics.h"
#include "query.h"

typedef enum client_phase {
  CLIENT_WAITING,   /* for a request line */
  CLIENT_RECEIVING, /* the rest of the head */
  CLIENT_ANSWERING,
} client_phase;

typedef struct server_request {
  size_t target_nbytes;
  bool is_health_check;
  bool etag_matches;
  request_refusal refusal;
  request_query query;
  counted_method method;
  uint64_t start_ns; /* when its head was complete; these two only where it is counted */
} server_request;

typedef struct server_client {
  struct server_client *previous, *next;
  int socket;
  client_phase phase;
  uint64_t phase_start_ms;
  uint64_t request_start_ms; /* 0: no byte of a request is known of */
  server_request request;
  char *scratch; /* for the decoded query */
  size_t scratch_nbytes;
} server_client;

typedef struct client_list {
  server_client *first;
  size_t count;
} client_list;

/* Milliseconds of a clock that never goes back; cheap, a few milliseconds coarse, never 0. */
uint64_t clock_ms(void);

/* Returns NULL if there is not enough memory. */
server_client *client_add(client_list *list, int socket);
void client_remove(client_list *list, server_client *client);

void client_enter_phase(server_client *client, client_phase phase);

/* Returns memory of at least that size which lives until the next answer is complete, or NULL. */
char *client_scratch(server_client *client, size_t nbytes);

/*
 * The next two end connections by shutting their sockets down: libmicrohttpd then closes them as if the client had.
 * Nothing of them is freed here.
 */

/* Ends those that are over a deadline, and those whose client has gone. */
void clients_end_overdue(const client_list *list, int request_timeout_ms);

/* Ends those that have nothing under way and heard nothing for a moment. */
void clients_end_idle(const client_list *list);

#endif
