/*
 * How many connections each client has, counted for all threads together: asked when a connection comes and when it
 * goes, and not in between. A client is an IPv4 address or an IPv6 network of 64 bits, which is what one subscriber
 * gets.
 */
#ifndef HTTP_CLIENTS_H
#define HTTP_CLIENTS_H

#include <stddef.h>
#include <sys/socket.h>

typedef struct http_client http_client;
typedef struct client_table client_table;

/* For about that many connections. Returns NULL if there is not enough memory. */
client_table *client_table_create(size_t max_connections, size_t max_per_client);
void client_table_destroy(client_table *table);

typedef enum client_verdict { CLIENT_WELCOME, CLIENT_HAS_TOO_MANY, CLIENT_NO_MEMORY } client_verdict;

/* *client is NULL for one that isn't counted: whoever comes by a Unix socket. Safe to be called by all threads. */
client_verdict client_enter(client_table *table, const struct sockaddr_storage *address, http_client **client);
void client_leave(client_table *table, http_client *client);

#endif
