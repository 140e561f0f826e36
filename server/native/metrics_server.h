/* The port for Prometheus, in a thread of its own. */
#ifndef SERVER_METRICS_SERVER_H
#define SERVER_METRICS_SERVER_H

#include <microhttpd.h>

#include "metrics.h"

/*
 * Starts it on that listener, which it takes over, also on failure. Returns NULL after having said on standard error
 * what is wrong. metrics must outlive it; MHD_stop_daemon() ends it.
 */
struct MHD_Daemon *metrics_server_start(const server_metrics *metrics, int listener);

#endif
