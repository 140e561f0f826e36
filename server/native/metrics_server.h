/* The port for Prometheus, in a thread of its own. */
#ifndef SERVER_METRICS_SERVER_H
#define SERVER_METRICS_SERVER_H

#include "metrics.h"

typedef struct metrics_server metrics_server;

/*
 * Starts it on that listener, which it takes over. Returns NULL if there is not enough memory, or no thread can be
 * started. metrics must outlive it.
 */
metrics_server *metrics_server_start(const server_metrics *metrics, int listener);

void metrics_server_stop(metrics_server *server);

#endif
