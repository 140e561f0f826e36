#include "metrics_server.h"

#include <stdlib.h>
#include <string.h>

#include "allowed_host.h"
#include "query.h"

enum { MAX_CONNECTIONS = 16, TIMEOUT_MS = 10 * 1000 };

#define TYPE_METRICS "text/plain; version=0.0.4; charset=utf-8"

typedef enum metrics_status { FOUND, FORBIDDEN, NOT_FOUND, WRONG_METHOD, UNAVAILABLE, STATUS_COUNT } metrics_status;

static const struct {
  unsigned status;
  const char *content_type;
  http_header extra;
  const char *body;
} texts[STATUS_COUNT] = {
    [FOUND] = {200, TYPE_METRICS, {NULL, NULL}, NULL},
    [FORBIDDEN] = {403,
                   HTTP_TYPE_TEXT,
                   {NULL, NULL},
                   "Host not allowed: localhost, the server's own address and names in --allowed-hosts are.\n"},
    [NOT_FOUND] = {404, HTTP_TYPE_TEXT, {NULL, NULL}, "Not found: GET /metrics answers with the metrics.\n"},
    [WRONG_METHOD] = {405, HTTP_TYPE_TEXT, {"Allow", "GET, HEAD"}, "Method not allowed: GET and HEAD are.\n"},
    [UNAVAILABLE] = {503, HTTP_TYPE_TEXT, {"Retry-After", "1"}, "There is not enough memory: try again in a second.\n"},
};

struct metrics_server {
  const server_metrics *metrics;
  http_server *http;
  http_handler handler;
  int listener;
  http_head *heads[STATUS_COUNT];
  char *text; /* that was last asked for */
};

static metrics_status judge(const metrics_server *server, const http_request *request) {
  const server_config *config = metrics_config(server->metrics);
  if (!host_is_allowed(request->host, config->metrics.bind, config->allowed_hosts))
    return FORBIDDEN;
  if (!slice_equals(target_split(request->target).path, "/metrics"))
    return NOT_FOUND;
  return request->method == HTTP_METHOD_GET || request->method == HTTP_METHOD_HEAD ? FOUND : WRONG_METHOD;
}

static http_answer answer(void *context, const http_request *request, http_note *note) {
  (void)note;
  metrics_server *server = context;
  metrics_status status = judge(server, request);
  const char *body = texts[status].body;
  if (status == FOUND) {
    free(server->text);
    body = server->text = metrics_text(server->metrics);
    if (!body)
      body = texts[status = UNAVAILABLE].body;
  }
  return (http_answer){.head = server->heads[status], .body = {body, strlen(body)}};
}

static void destroy(metrics_server *server) {
  http_server_destroy(server->http);
  for (int i = 0; i < STATUS_COUNT; i++)
    free(server->heads[i]);
  free(server->text);
  free(server);
}

static int create_heads(metrics_server *server) {
  for (int i = 0; i < STATUS_COUNT; i++) {
    server->heads[i] = http_head_create_text(texts[i].status, texts[i].content_type, texts[i].extra);
    if (!server->heads[i])
      return -1;
  }
  return 0;
}

metrics_server *metrics_server_start(const server_metrics *metrics, int listener) {
  metrics_server *server = calloc(1, sizeof *server);
  if (!server)
    return NULL;
  server->metrics = metrics;
  server->listener = listener;
  server->handler = (http_handler){.context = server, .answer = answer};
  const http_options options = {
      .listeners = &server->listener,
      .handlers = &server->handler,
      .threads = 1,
      .max_connections = MAX_CONNECTIONS,
      .request_timeout_ms = TIMEOUT_MS,
      .idle_timeout_ms = TIMEOUT_MS,
      .send_timeout_ms = TIMEOUT_MS,
      .drain_timeout_ms = 0,
  };
  if (create_heads(server) == 0 && (server->http = http_server_create(&options)) &&
      http_server_start(server->http) == 0)
    return server;
  destroy(server);
  return NULL;
}

void metrics_server_stop(metrics_server *server) {
  http_server_drain(server->http);
  destroy(server);
}
