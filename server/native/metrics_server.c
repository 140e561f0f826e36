#include "metrics_server.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "allowed_host.h"
#include "responses.h"

enum { MAX_CONNECTIONS = 16, TIMEOUT_SECONDS = 10, STACK_NBYTES = 256 * 1024 };

#define CONTENT_TYPE_METRICS "text/plain; version=0.0.4; charset=utf-8"

static enum MHD_Result respond(struct MHD_Connection *connection, unsigned status, struct MHD_Response *response) {
  if (!response)
    return MHD_NO; /* closes the connection */
  enum MHD_Result result = MHD_queue_response(connection, status, response);
  MHD_destroy_response(response);
  return result;
}

static enum MHD_Result respond_metrics(struct MHD_Connection *connection, const server_metrics *metrics) {
  char *text = metrics_text(metrics);
  if (!text)
    return MHD_NO;
  struct MHD_Response *response = response_create_text(CONTENT_TYPE_METRICS, text, NULL, NULL);
  free(text);
  return respond(connection, MHD_HTTP_OK, response);
}

/* Called when the head is complete, for each piece of a body, which nobody wants, and when the request is complete. */
static enum MHD_Result on_request(void *cls, struct MHD_Connection *connection, const char *url, const char *method,
                                  const char *version, const char *upload_data, size_t *upload_data_nbytes,
                                  void **request_context) {
  (void)version, (void)upload_data;
  if (!*request_context || *upload_data_nbytes > 0) {
    *request_context = cls;
    *upload_data_nbytes = 0;
    return MHD_YES;
  }
  const server_config *config = metrics_config(cls);
  const char *host = MHD_lookup_connection_value(connection, MHD_HEADER_KIND, MHD_HTTP_HEADER_HOST);
  if (!host_is_allowed(host, config->metrics.bind, config->allowed_hosts))
    return respond(connection, MHD_HTTP_FORBIDDEN,
                   response_create_text(CONTENT_TYPE_SENTENCE,
                                        "Host not allowed: localhost, the server's own address and names in "
                                        "--allowed-hosts are.\n",
                                        NULL, NULL));
  if (strcmp(url, "/metrics") != 0)
    return respond(
        connection, MHD_HTTP_NOT_FOUND,
        response_create_text(CONTENT_TYPE_SENTENCE, "Not found: GET /metrics answers with the metrics.\n", NULL, NULL));
  if (strcmp(method, MHD_HTTP_METHOD_GET) != 0 && strcmp(method, MHD_HTTP_METHOD_HEAD) != 0)
    return respond(connection, MHD_HTTP_METHOD_NOT_ALLOWED,
                   response_create_text(CONTENT_TYPE_SENTENCE, "Method not allowed: GET and HEAD are.\n",
                                        MHD_HTTP_HEADER_ALLOW, "GET, HEAD"));
  return respond_metrics(connection, cls);
}

struct MHD_Daemon *metrics_server_start(const server_metrics *metrics, int listener) {
  struct MHD_Daemon *daemon = MHD_start_daemon(
      MHD_USE_EPOLL_INTERNAL_THREAD, 0, NULL, NULL, on_request, (void *)(uintptr_t)metrics, MHD_OPTION_LISTEN_SOCKET,
      listener, MHD_OPTION_CONNECTION_LIMIT, (unsigned)MAX_CONNECTIONS, MHD_OPTION_CONNECTION_TIMEOUT,
      (unsigned)TIMEOUT_SECONDS, MHD_OPTION_THREAD_STACK_SIZE, (size_t)STACK_NBYTES, MHD_OPTION_END);
  if (!daemon) {
    close(listener);
    fputs(
        "qrpng-server: The thread for metrics can't be started: there is not enough memory, or there are too many "
        "threads or files.\n",
        stderr);
  }
  return daemon;
}
