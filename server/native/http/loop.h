/* How bytes get from sockets to connections and back: one of these in each thread. */
#ifndef HTTP_LOOP_H
#define HTTP_LOOP_H

#include "connection.h"

typedef struct http_loop http_loop;

typedef struct loop_kind {
  const char *name;

  /* Returns NULL if there is not enough memory, or too many files are open. It watches the worker's wakeup. */
  http_loop *(*create)(struct http_worker *worker);
  void (*destroy)(http_loop *loop);

  /*
   * Waits for at most timeout_ms (-1: for as long as it takes), and handles what has happened. Returns whether that was
   * all.
   */
  bool (*run)(http_loop *loop, int timeout_ms);

  /* Whether the worker is told when there is somebody to accept. */
  void (*watch_listener)(http_loop *loop, bool is_watched);

  /* Begins to read. Returns 0, or -1. */
  int (*add)(http_loop *loop, http_connection *connection);

  /* After is_paused was changed: whether bytes are read. An end by a reset is always seen. */
  void (*watch_input)(http_loop *loop, http_connection *connection);

  /*
   * Sends output from sent_nbytes on. Returns whether all has left; else connection_on_sent() is called later, unless
   * the connection was closed.
   */
  bool (*send)(http_loop *loop, http_connection *connection);

  /* Closes the socket of a connection that is not used any more. */
  void (*remove)(http_loop *loop, http_connection *connection);

  /* Whether a connection that was removed can be freed. */
  bool (*is_unused)(const http_connection *connection);
} loop_kind;

extern const loop_kind loop_epoll;
extern const loop_kind loop_uring; /* only with HTTP_WITH_URING */

#endif
