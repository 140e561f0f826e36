/* Where to listen: an address and a port, or a path. */
#ifndef SERVER_ENDPOINT_H
#define SERVER_ENDPOINT_H

#include <netinet/in.h>
#include <stddef.h>
#include <sys/socket.h>

enum { ENDPOINT_PORT_UNSET = -1, ENDPOINT_TEXT_SIZE = 256 };

typedef struct server_endpoint {
  const char *bind; /* as given; address is the same with the port, or a Unix socket's */
  int port;         /* 0: any free one */
  struct sockaddr_storage address;
  socklen_t address_nbytes;
  char bind_text[INET6_ADDRSTRLEN]; /* bind points here if nobody gave it */
} server_endpoint;

/* Fills in address from bind and port. Returns 0, or -1 if bind is no address. */
int endpoint_resolve(server_endpoint *endpoint);

/* Fills in address from a path. Returns 0, or -1 if it is empty or too long. */
int endpoint_resolve_path(server_endpoint *endpoint, const char *path);

/*
 * Fills in everything from a listening socket. *path becomes that of a Unix socket, which points into the endpoint, or
 * NULL. Returns 0, or -1 if it is none of either kind.
 */
int endpoint_learn(server_endpoint *endpoint, int listener, const char **path);

/* Writes bind and port as URLs do, an IPv6 address in brackets; or unix: and the path. */
void endpoint_format(const server_endpoint *endpoint, char text[ENDPOINT_TEXT_SIZE]);

#endif
