#include "client.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <time.h>

enum {
  IDLE_TIMEOUT_MS = 60 * 1000,
  QUIET_MS = 100,          /* so long after the last byte none is expected to be on its way */
  CLOCK_TOLERANCE_MS = 20, /* between this clock and the kernel's */
  KEPT_SCRATCH_NBYTES = 1024,
};

uint64_t clock_ms(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC_COARSE, &now);
  return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000 + 1;
}

server_client *client_add(client_list *list, int socket) {
  server_client *client = calloc(1, sizeof *client);
  if (!client)
    return NULL;
  client->socket = socket;
  client->phase_start_ms = client->request_start_ms = clock_ms();
  client->next = list->first;
  if (client->next)
    client->next->previous = client;
  list->first = client;
  list->count++;
  return client;
}

void client_remove(client_list *list, server_client *client) {
  if (client->previous)
    client->previous->next = client->next;
  else
    list->first = client->next;
  if (client->next)
    client->next->previous = client->previous;
  list->count--;
  free(client->scratch);
  free(client);
}

void client_enter_phase(server_client *client, client_phase phase) {
  client->phase = phase;
  client->phase_start_ms = clock_ms();
  if (phase == CLIENT_RECEIVING && client->request_start_ms == 0)
    client->request_start_ms = client->phase_start_ms;
  if (phase != CLIENT_WAITING)
    return;
  client->request_start_ms = 0;
  if (client->scratch_nbytes > KEPT_SCRATCH_NBYTES) {
    free(client->scratch);
    client->scratch = NULL;
    client->scratch_nbytes = 0;
  }
}

char *client_scratch(server_client *client, size_t nbytes) {
  if (client->scratch_nbytes < nbytes) {
    size_t new_nbytes = nbytes < KEPT_SCRATCH_NBYTES / 4 ? KEPT_SCRATCH_NBYTES / 4 : nbytes;
    free(client->scratch);
    client->scratch = malloc(new_nbytes);
    client->scratch_nbytes = client->scratch ? new_nbytes : 0;
  }
  return client->scratch;
}

/* What the kernel knows of a connection. */
typedef struct client_receipt {
  bool peer_has_closed;  /* and nothing of what it sent is unread */
  uint64_t last_byte_ms; /* or when the connection was made, if no byte came; 0: unknown */
} client_receipt;

static bool nothing_is_unread(int socket) {
  int unread_nbytes = 0;
  return ioctl(socket, FIONREAD, &unread_nbytes) == 0 && unread_nbytes == 0;
}

/* Of a Unix socket the kernel notes no times. What is sent on it is there at once: no byte can be on its way. */
static client_receipt look_at_unix_receipt(const server_client *client) {
  char byte;
  return (client_receipt){
      .peer_has_closed = recv(client->socket, &byte, sizeof byte, MSG_PEEK | MSG_DONTWAIT) == 0,
      .last_byte_ms = client->phase_start_ms,
  };
}

static client_receipt look_at_receipt(const server_client *client, uint64_t now_ms) {
  struct tcp_info info;
  socklen_t info_nbytes = sizeof info;
  if (getsockopt(client->socket, IPPROTO_TCP, TCP_INFO, &info, &info_nbytes) != 0)
    return look_at_unix_receipt(client);
  if (info.tcpi_last_data_recv > now_ms)
    return (client_receipt){0};
  return (client_receipt){
      .peer_has_closed = info.tcpi_state != TCP_ESTABLISHED && nothing_is_unread(client->socket),
      .last_byte_ms = now_ms - info.tcpi_last_data_recv,
  };
}

/* What is unread has arrived: then it is this thread that is late. */
static bool is_overdue(const server_client *client, uint64_t now_ms, uint64_t request_timeout_ms) {
  if (client->phase != CLIENT_ANSWERING && client->request_start_ms != 0)
    return now_ms > client->request_start_ms + request_timeout_ms && nothing_is_unread(client->socket);
  return now_ms > client->phase_start_ms + IDLE_TIMEOUT_MS;
}

/*
 * Notes a request of which the first bytes have come. Returns whether the client has gone before its request was
 * complete; libmicrohttpd misses that if the end comes together with the last bytes, since its epoll is edge-triggered.
 */
static bool has_gone(server_client *client, uint64_t now_ms) {
  if (client->phase == CLIENT_ANSWERING || now_ms <= client->phase_start_ms + QUIET_MS)
    return false;
  client_receipt receipt = look_at_receipt(client, now_ms);
  if (client->request_start_ms == 0 && receipt.last_byte_ms > client->phase_start_ms + CLOCK_TOLERANCE_MS)
    client->request_start_ms = receipt.last_byte_ms;
  return receipt.peer_has_closed;
}

void clients_end_overdue(const client_list *list, int request_timeout_ms) {
  uint64_t now_ms = clock_ms();
  for (server_client *client = list->first; client; client = client->next)
    if (has_gone(client, now_ms) || is_overdue(client, now_ms, (uint64_t)request_timeout_ms))
      shutdown(client->socket, SHUT_RDWR);
}

void clients_end_idle(const client_list *list) {
  uint64_t now_ms = clock_ms();
  for (server_client *client = list->first; client; client = client->next)
    if (client->phase == CLIENT_WAITING && now_ms > look_at_receipt(client, now_ms).last_byte_ms + QUIET_MS &&
        nothing_is_unread(client->socket))
      shutdown(client->socket, SHUT_RDWR);
}
