/*
 * Listening sockets, one for each thread. Of several on one port the kernel shares out new connections; for a Unix path
 * it knows nothing of the kind, and of what systemd passes there is one: there all are the same socket, and the threads
 * see to fair shares (http/worker.c).
 */
#ifndef SERVER_LISTENER_H
#define SERVER_LISTENER_H

#include "config.h"

/*
 * Opens config->threads non-blocking listeners on one address and completes config with
 * where that is. Returns 0, or -1
 * after having said on standard error what is wrong.
 */
int listeners_open(server_config *config, int *listeners);

/* Opens the one for metrics, alone on its port, which it stores in config->metrics. Returns it, or -1 likewise. */
int metrics_listener_open(server_config *config);

#endif
