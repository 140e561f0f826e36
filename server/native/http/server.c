#include "server.h"

#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <time.h>
#include <unistd.h>

#ifdef HTTP_WITH_URING
static const loop_kind *const loop_kinds[] = {[HTTP_IO_EPOLL] = &loop_epoll, [HTTP_IO_URING] = &loop_uring};
#else
static const loop_kind *const loop_kinds[] = {[HTTP_IO_EPOLL] = &loop_epoll, [HTTP_IO_URING] = NULL};
#endif

uint64_t http_clock_ns(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (uint64_t)now.tv_sec * 1000000000 + (uint64_t)now.tv_nsec;
}

bool http_io_is_available(http_io io) {
  http_worker probe = {.wakeup = eventfd(0, EFD_CLOEXEC)};
  http_loop *loop = loop_kinds[io] ? loop_kinds[io]->create(&probe) : NULL;
  if (loop)
    loop_kinds[io]->destroy(loop);
  close(probe.wakeup);
  return loop != NULL;
}

static int create_refusals(http_server *server) {
  for (http_refusal refusal = HTTP_REFUSAL_NONE + 1; refusal < HTTP_REFUSAL_COUNT; refusal++) {
    const char *sentence = http_refusal_sentence(refusal);
    http_head *head = http_head_create_text(http_refusal_status(refusal), HTTP_TYPE_TEXT, (http_header){NULL, NULL});
    if (!head)
      return -1;
    server->refusals[refusal] = (http_answer){.head = head, .body = {sentence, strlen(sentence)}};
  }
  return 0;
}

/* calloc() knows nothing of their alignment. */
static http_worker *create_workers(size_t count) {
  http_worker *workers = aligned_alloc(alignof(http_worker), count * sizeof *workers);
  if (workers)
    memset(workers, 0, count * sizeof *workers);
  return workers;
}

http_server *http_server_create(const http_options *options) {
  http_server *server = calloc(1, sizeof *server);
  if (!server)
    return NULL;
  server->options = *options;
  server->workers = create_workers((size_t)options->threads);
  if (options->max_connections_per_client > 0)
    server->clients =
        client_table_create((size_t)options->max_connections, (size_t)options->max_connections_per_client);
  const bool has_clients = server->clients || options->max_connections_per_client == 0;
  if (server->workers && has_clients && create_refusals(server) == 0)
    return server;
  http_server_destroy(server);
  return NULL;
}

int http_server_start(http_server *server) {
  int result = 0;
  for (int i = 0; i < server->options.threads; i++) {
    if (result == 0) {
      server->started_count++;
      result = worker_start(&server->workers[i], server, i, loop_kinds[server->options.io]);
    } else {
      close(server->options.listeners[i]);
    }
  }
  return result;
}

const atomic_size_t *http_server_connection_count(const http_server *server) {
  return &server->connection_count;
}

size_t http_server_drain(http_server *server) {
  size_t unfinished_count = 0;
  atomic_store(&server->draining, true);
  for (int i = 0; i < server->started_count; i++)
    worker_wake(&server->workers[i]);
  for (int i = 0; i < server->started_count; i++) {
    worker_join(&server->workers[i]);
    unfinished_count += server->workers[i].unfinished_count;
  }
  return unfinished_count;
}

void http_server_destroy(http_server *server) {
  if (!server)
    return;
  for (int i = 0; i < server->started_count; i++)
    worker_destroy(&server->workers[i]);
  for (http_refusal refusal = HTTP_REFUSAL_NONE + 1; refusal < HTTP_REFUSAL_COUNT; refusal++)
    free((void *)(uintptr_t)server->refusals[refusal].head); /* made here: nobody else has it */
  client_table_destroy(server->clients);
  free(server->workers);
  free(server);
}
