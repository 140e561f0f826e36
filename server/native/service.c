#include "service.h"

#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "access_log.h"
#include "handler.h"
#include "listener.h"
#include "metrics_server.h"
#include "responses.h"
#include "sandbox.h"
#include "unix_listener.h"
#include "user.h"

static void complain(const char *sentence) {
  fprintf(stderr, "qrpng-server: %s\n", sentence);
}

struct server_service {
  server_config *config;
  server_responses *responses;
  atomic_bool is_ending;
  access_log *log;         /* NULL: there is none */
  server_metrics *metrics; /* NULL: nobody asks for them */
  metrics_server *metrics_server;
  int metrics_listener; /* -1: none, or the server for metrics has it */
  int *listeners;
  request_handler **handlers;
  http_handler *callbacks;
  http_server *http;
};

static void destroy(server_service *service) {
  http_server_destroy(service->http);
  for (int i = 0; service->handlers && i < service->config->threads; i++)
    handler_destroy(service->handlers[i]);
  if (service->metrics_listener >= 0)
    close(service->metrics_listener);
  access_log_close(service->log);
  metrics_destroy(service->metrics);
  responses_destroy(service->responses);
  free(service->callbacks);
  free(service->handlers);
  free(service->listeners);
  free(service);
}

static int create_handlers(server_service *service) {
  for (int i = 0; i < service->config->threads; i++) {
    const handler_parts parts = {
        .config = service->config,
        .responses = service->responses,
        .is_ending = &service->is_ending,
        .counters = service->metrics ? metrics_counters(service->metrics, i) : NULL,
        .log = service->log,
    };
    service->handlers[i] = handler_create(&parts);
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
      .shares_listener = config->unix_path != NULL || config->passed_listener >= 0,
      .keeps_listener = config->passed_listener >= 0,
      .max_connections = config->max_connections,
      .max_connections_per_client = config->max_connections_per_client,
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
  const int listener = service->metrics_listener;
  service->metrics_listener = -1;
  service->metrics_server = metrics_server_start(service->metrics, listener);
  return service->metrics_server ? 0 : -1;
}

static int start_threads(server_service *service) {
  if ((!service->log || access_log_start(service->log) == 0) && start_metrics(service) == 0 &&
      http_server_start(service->http) == 0)
    return 0;
  complain("A thread can't be started: there is not enough memory, or there are too many threads or files.");
  return -1;
}

/* What root alone may do is done when this is called: all ports and files are open. */
static int start(server_service *service) {
  server_config *config = service->config;
  if (config->has_metrics && (service->metrics_listener = metrics_listener_open(config)) < 0)
    return -1;
  if (user_become(config) != 0)
    return -1;
  if (!http_io_is_available(config->io)) {
    complain(
        "io_uring can't be used here: the kernel is older than 6.1 or forbids it, or this build lacks liburing. Take "
        "--io epoll.");
    return -1;
  }
  if (sandbox_confine_files(config) != 0 || start_threads(service) != 0)
    return -1;
  return sandbox_filter_calls(config);
}

void service_announce_end(server_service *service) {
  atomic_store(&service->is_ending, true);
}

void service_drain(server_service *service) {
  size_t unfinished_count = http_server_drain(service->http);
  if (unfinished_count > 0)
    fprintf(stderr, "qrpng-server: The drain timeout was over, requests still under way: %zu.\n", unfinished_count);
  if (service->metrics_server)
    metrics_server_stop(service->metrics_server);
  if (service->config->unix_path && service->config->passed_listener < 0)
    unix_listener_remove(service->config);
  destroy(service);
}

/* Returns the service with all parts that need nobody else, or NULL. */
static server_service *create(server_config *config) {
  server_service *service = calloc(1, sizeof *service);
  if (service) {
    service->config = config;
    service->metrics_listener = -1;
    if (config->access_log && !(service->log = access_log_open(config->access_log))) {
      destroy(service);
      return NULL;
    }
    if (create_parts(service) == 0)
      return service;
    destroy(service);
  }
  complain("There is not enough memory.");
  return NULL;
}

server_service *service_start(server_config *config) {
  server_service *service = create(config);
  if (!service)
    return NULL;
  if (listeners_open(config, service->listeners) != 0) {
    destroy(service);
    return NULL;
  }
  if (start(service) == 0)
    return service;
  service_drain(service);
  return NULL;
}
