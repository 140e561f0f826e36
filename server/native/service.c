#include "service.h"

#include <stdio.h>
#include <stdlib.h>

#include "handler.h"
#include "listener.h"
#include "metrics_server.h"
#include "responses.h"
#include "unix_listener.h"

static void complain(const char *sentence) {
  fprintf(stderr, "qrpng-server: %s\n", sentence);
}

struct server_service {
  server_config *config;
  server_responses *responses;
  server_metrics *metrics; /* NULL: nobody asks for them */
  metrics_server *metrics_server;
  int *listeners;
  request_handler **handlers;
  http_handler *callbacks;
  http_server *http;
};

static void destroy(server_service *service) {
  http_server_destroy(service->http);
  for (int i = 0; service->handlers && i < service->config->threads; i++)
    handler_destroy(service->handlers[i]);
  metrics_destroy(service->metrics);
  responses_destroy(service->responses);
  free(service->callbacks);
  free(service->handlers);
  free(service->listeners);
  free(service);
}

static int create_handlers(server_service *service) {
  for (int i = 0; i < service->config->threads; i++) {
    thread_counters *counters = service->metrics ? metrics_counters(service->metrics, i) : NULL;
    service->handlers[i] = handler_create(service->config, service->responses, counters);
    if (!service->handlers[i])
      return -1;
    service->callbacks[i] = handler_callbacks(service->handlers[i]);
  }
  return 0;
}

/* Returns 0, or -1 if there is not enough memory. */
static int create_parts(server_service *service) {
  server_config *config = service->config;
  const size_t threads = (size_t)config->threads;
  service->listeners = calloc(threads, sizeof *service->listeners);
  service->handlers = calloc(threads, sizeof *service->handlers);
  service->callbacks = calloc(threads, sizeof *service->callbacks);
  service->responses = responses_create(config);
  if (!service->listeners || !service->handlers || !service->callbacks || !service->responses)
    return -1;
  const http_options options = {
      .io = config->io,
      .listeners = service->listeners,
      .handlers = service->callbacks,
      .threads = config->threads,
      .shares_listener = config->unix_path != NULL,
      .max_connections = config->max_connections,
      .request_timeout_ms = config->request_timeout_ms,
      .idle_timeout_ms = config->idle_timeout_ms,
      .send_timeout_ms = config->send_timeout_ms,
      .drain_timeout_ms = config->drain_timeout_ms,
  };
  service->http = http_server_create(&options);
  if (!service->http)
    return -1;
  if (config->has_metrics && !(service->metrics = metrics_create(config, http_server_connection_count(service->http))))
    return -1;
  return create_handlers(service);
}

static int start_metrics(server_service *service) {
  if (!service->metrics)
    return 0;
  int listener = metrics_listener_open(service->config);
  if (listener < 0)
    return -1;
  service->metrics_server = metrics_server_start(service->metrics, listener);
  if (!service->metrics_server)
    complain(
        "The thread for metrics can't be started: there is not enough memory, or there are too many threads or "
        "files.");
  return service->metrics_server ? 0 : -1;
}

static int start(server_service *service) {
  if (!http_io_is_available(service->config->io)) {
    complain(
        "io_uring can't be used here: the kernel is older than 6.1 or forbids it, or this build lacks liburing. Take "
        "--io epoll.");
    return -1;
  }
  if (start_metrics(service) != 0)
    return -1;
  if (http_server_start(service->http) == 0)
    return 0;
  complain("A thread can't be started: there is not enough memory, or there are too many threads or files.");
  return -1;
}

void service_drain(server_service *service) {
  size_t unfinished_count = http_server_drain(service->http);
  if (unfinished_count > 0)
    fprintf(stderr, "qrpng-server: The drain timeout was over, requests still under way: %zu.\n", unfinished_count);
  if (service->metrics_server)
    metrics_server_stop(service->metrics_server);
  if (service->config->unix_path)
    unix_listener_remove(service->config);
  destroy(service);
}

server_service *service_start(server_config *config) {
  server_service *service = calloc(1, sizeof *service);
  if (service)
    service->config = config;
  if (!service || create_parts(service) != 0) {
    complain("There is not enough memory.");
    if (service)
      destroy(service);
    return NULL;
  }
  if (listeners_open(config, service->listeners) != 0) {
    destroy(service);
    return NULL;
  }
  if (start(service) == 0)
    return service;
  service_drain(service);
  return NULL;
}
