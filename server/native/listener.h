/* Listening sockets: several on one port, between which the kernel shares out new connections. */
#ifndef SERVER_LISTENER_H
#define SERVER_LISTENER_H

#include "config.h"

/*
 * Opens config->threads non-blocking listeners on one address and stores the port in config->port. Returns 0, or -1
 * after having said on standard error what is wrong.
 */
int listeners_open(config *config, int *listeners);

/*
 * From now on the kernel drops attempts to connect; handshakes under way are finished. So the queue can be emptied and
 * the listener closed without a connection being reset that its client took for established.
 */
void listener_refuse_new(int listener);

#endif
