/* A thread that serves one listener with an event loop of its own, and shares nothing that changes with the others. */
#ifndef SERVER_WORKER_H
#define SERVER_WORKER_H

#include "handler.h"

typedef struct server_worker server_worker;

/*
 * Starts the thread. It takes over the listener, also on failure. counters: NULL for none. Returns NULL after having
 * said on standard error what is wrong.
 */
server_worker *worker_start(server_state *server, int listener, thread_counters *counters);

/* Wakes it after server->draining was set, and waits until it has noticed. */
void worker_notice_drain(server_worker *worker);

/* Waits for the end of the thread and frees it. Returns the number of requests that were under way at the drain
 * timeout. */
size_t worker_join(server_worker *worker);

#endif
