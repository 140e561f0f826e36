/* From requests to answers, in one thread. */
#ifndef SERVER_HANDLER_H
#define SERVER_HANDLER_H

#include "config.h"
#include "http/http.h"
#include "metrics.h"
#include "responses.h"

typedef struct request_handler request_handler;

/*
 * counters: NULL if nobody asks for metrics. All that it is given must outlive it. Returns NULL if there is not enough
 * memory.
 */
request_handler *handler_create(const server_config *config, const server_responses *responses,
                                thread_counters *counters);
void handler_destroy(request_handler *handler);

/* For the server: its context is the handler. */
http_handler handler_callbacks(request_handler *handler);

#endif
