/* A connection with one request on its way at a time. */
#ifndef SENDER_CONNECTION_H
#define SENDER_CONNECTION_H

#include <llhttp.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>

#include "files.h"

typedef struct {
  struct sockaddr_storage address;
  socklen_t address_nbytes;
} sender_target;

typedef struct {
  int descriptor;
  bool is_connected;
  bool keeps_alive; /* after the answer */
  bool is_answered;
  bool lacks_length;
  const sender_request *request; /* NULL while it is idle */
  size_t sent_nbytes;
  size_t index;         /* the caller's: which request it is */
  size_t idle_position; /* the caller's */
  uint32_t generation;  /* of connections in this place, so that late news of an earlier one is known */
  int status;           /* of the answer, or what failed */
  int64_t answered_ns;
  llhttp_t parser;
} sender_connection;

typedef struct {
  uint64_t sent_nbytes, received_nbytes;
} sender_traffic;

typedef enum { CONNECTION_WAITS, CONNECTION_ANSWERED, CONNECTION_LOST } sender_news;

/* Begins to connect. False if that can't even begin; then errno says why. */
bool connection_open(sender_connection *, const sender_target *, int epoll, uint64_t tag);

/* Sends a request, as soon as it is connected. False if it is lost. */
bool connection_send(sender_connection *, const sender_request *, sender_traffic *);

/* Goes on after an event of epoll, which tells only of changes. */
sender_news connection_continue(sender_connection *, uint32_t events, sender_traffic *);

void connection_close(sender_connection *);

#endif
