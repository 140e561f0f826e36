/*
 * A listener on a path in the file system. A socket that nobody listens on any more, as a crashed server leaves it, is
 * replaced; a server that still answers there and any other file are left alone.
 */
#ifndef SERVER_UNIX_LISTENER_H
#define SERVER_UNIX_LISTENER_H

#include "config.h"

/*
 * Returns a non-blocking listener on config->http.address, or -1 with errno: EADDRINUSE if another server answers
 * there. Stores in config what it takes to know the socket again.
 */
int unix_listener_open(server_config *config);

/* Removes the socket from its path, unless another one is there by now. */
void unix_listener_remove(const server_config *config);

#endif
