/* From requests to answers, in one thread. */
#ifndef SERVER_HANDLER_H
#define SERVER_HANDLER_H

#include <stdatomic.h>

#include "access_log.h"
#include "config.h"
#include "http/http.h"
#include "metrics.h"
#include "responses.h"

typedef struct request_handler request_handler;

typedef struct handler_parts {
  const server_config *config;
  const server_responses *responses;
  const atomic_bool *is_ending; /* /readyz says so */
  thread_counters *counters;    /* NULL: nobody asks for metrics */
  access_log *log;              /* NULL: there is none */
} handler_parts;

/* All that it is given must outlive it. Returns NULL if there is not enough memory. */
request_handler *handler_create(const handler_parts *parts);
void handler_destroy(request_handler *handler);

/* For the server: its context is the handler. */
http_handler handler_callbacks(request_handler *handler);

#endif
