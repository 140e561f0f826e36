/* What the threads of one server share. Only what is atomic changes. */
#ifndef HTTP_SERVER_H
#define HTTP_SERVER_H

#include "http.h"
#include "refusals.h"
#include "worker.h"

struct http_server {
  http_options options;
  http_answer refusals[HTTP_REFUSAL_COUNT];
  atomic_bool draining; /* all answers from now on close their http_connection */
  atomic_size_t connection_count;
  client_table *clients; /* NULL: nobody counts */
  atomic_uint_fast64_t last_connect_ms;
  int started_count;
  http_worker *workers;
};

#endif
