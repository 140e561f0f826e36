/* A thread that serves one listener with a loop of its own. */
#ifndef HTTP_WORKER_H
#define HTTP_WORKER_H

#include <pthread.h>
#include <stdalign.h>

#include "loop.h"
#include "request.h"
#include "response.h"

typedef enum worker_stage {
  STAGE_SERVING,
  STAGE_ACCEPTING, /* draining from here on; connections are still accepted */
  STAGE_CLOSING,   /* those that are queued on the listener are accepted */
  STAGE_FINISHING, /* the listener is closed */
  STAGE_DONE,
} worker_stage;

enum { CACHE_LINE_NBYTES = 64 };

typedef struct http_worker {
  alignas(CACHE_LINE_NBYTES) http_server *server; /* what one thread writes is in no line that another reads */
  const http_handler *handler;
  request_parser *parser;
  const loop_kind *loop_kind;
  http_loop *loop;
  http_deadlines deadlines;
  buffer_pool buffers;
  date_line date;
  uint64_t now_ms; /* of a clock that never goes back, a few milliseconds coarse */
  int listener;    /* -1: closed */
  int wakeup;      /* an eventfd that ends a wait */
  bool is_watching_listener;
  int work_wait_ms;         /* until the handler goes on with what is pending; -1: nothing is */
  uint64_t accept_again_ms; /* not before, since files or memory were short */
  size_t connection_count, max_connections;
  http_connection *closed; /* by next_closed: the loop may still know them */
  pthread_t thread;
  bool is_running;
  worker_stage stage;
  uint64_t drain_start_ms, stage_start_ms;
  uint64_t caught_up_ms; /* when all that had come was read */
  size_t unfinished_count;
} http_worker;

/* Starts the thread. Takes over the listener. Returns 0, or -1; worker_destroy() is needed in both cases. */
int worker_start(http_worker *worker, http_server *server, int index, const loop_kind *kind);

/* Ends its wait, after the server began to drain. */
void worker_wake(const http_worker *worker);

/* Waits for the end of the thread, if it was started. */
void worker_join(http_worker *worker);

void worker_destroy(http_worker *worker);

/* For connections. */
bool worker_is_draining(const http_worker *worker);
const http_answer *worker_refusal(const http_worker *worker, http_refusal refusal);
void worker_forget(http_worker *worker, http_connection *connection); /* it was closed */
void worker_forget_client(http_worker *worker, http_client *client);  /* one less of its connections */

/* For loops: after each wait, and when the listener has somebody to accept. */
void worker_update_clock(http_worker *worker);
void worker_accept(http_worker *worker);

#endif
