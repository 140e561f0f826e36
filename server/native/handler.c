#include "handler.h"

#include <stdio.h>
#include <string.h>

#include "head.h"

void on_connection(void *cls, struct MHD_Connection *connection, void **socket_context,
                   enum MHD_ConnectionNotificationCode code) {
  server_handler *handler = cls;
  if (code == MHD_CONNECTION_NOTIFY_STARTED) {
    int socket = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD)->connect_fd;
    *socket_context = client_add(&handler->clients, socket);
    atomic_fetch_add(&handler->server->client_count, *socket_context != NULL);
    atomic_store(&handler->server->last_connect_ms, clock_ms());
  } else if (*socket_context) {
    client_remove(&handler->clients, *socket_context);
    atomic_fetch_sub(&handler->server->client_count, 1);
    *socket_context = NULL;
  }
}

/* libmicrohttpd accepts spaces within a target, and does not look for control characters. */
static bool is_printable(const char *target) {
  for (; *target; target++)
    if ((unsigned char)*target <= ' ' || *target == 0x7F)
      return false;
  return true;
}

static request_refusal read_target(const server_handler *handler, server_client *client, const char *raw) {
  server_request *request = &client->request;
  request_target target = target_split((slice){raw, request->target_nbytes});
  if (!is_printable(raw))
    return REFUSAL_MALFORMED;
  request->is_health_check = slice_equals(target.path, "/healthz");
  if (request->is_health_check)
    return REFUSAL_NONE;
  if (!slice_equals(target.path, "/qrcode"))
    return REFUSAL_NOT_FOUND;

  char *scratch = client_scratch(client, target.query.nbytes);
  if (!scratch && target.query.nbytes > 0)
    return REFUSAL_FAILED;
  const server_config *config = handler->server->config;
  request->query.options = config->defaults;
  return query_parse(target.query, config->raw_text, config->max_width_px, scratch, &request->query);
}

/*
 * Has libmicrohttpd find an empty query: it would parse the parameters again, and drop the connection without a word if
 * there are too many for its memory. The target is in its own buffer, which it is about to overwrite anyway.
 */
static void hide_query(const char *raw) {
  char *mark = (char *)strchr(raw, '?'); /* not const, but libmicrohttpd's */
  if (mark)
    mark[1] = '\0';
}

/* The only moment at which the target is to be seen as it was sent. */
void *on_request_line(void *cls, const char *raw, struct MHD_Connection *connection) {
  server_client *client = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT)->socket_context;
  if (!client)
    return NULL;
  client_enter_phase(client, CLIENT_RECEIVING);
  client->request = (server_request){.target_nbytes = strlen(raw)};
  client->request.refusal = read_target(cls, client, raw);
  hide_query(raw);
  return client;
}

/* Path before method, method before body, body before query; but nothing is certain if the head is malformed. */
static request_refusal judge(request_refusal target_refusal, const char *method, const request_head *head) {
  if (head->malformed || target_refusal == REFUSAL_MALFORMED)
    return REFUSAL_MALFORMED;
  if (target_refusal == REFUSAL_NOT_FOUND)
    return REFUSAL_NOT_FOUND;
  if (strcmp(method, MHD_HTTP_METHOD_GET) != 0 && strcmp(method, MHD_HTTP_METHOD_HEAD) != 0)
    return REFUSAL_METHOD;
  return head->has_body ? REFUSAL_BODY : target_refusal;
}

static enum MHD_Result refuse_encoding(const server_handler *handler, struct MHD_Connection *connection,
                                       qrpng_status status) {
  const server_responses *responses = handler->server->responses;
  if (status == QRPNG_TEXT_TOO_LONG || status == QRPNG_WIDTH_TOO_SMALL)
    return respond_bad_request(responses, connection, qrpng_error_message(handler->encoder));
  fprintf(stderr, "qrpng-server: An image could not be made: %s.\n", qrpng_status_message(status));
  return respond_refusal(responses, connection, REFUSAL_FAILED);
}

static enum MHD_Result answer(const server_handler *handler, struct MHD_Connection *connection,
                              const server_request *request) {
  const server_responses *responses = handler->server->responses;
  if (request->refusal != REFUSAL_NONE)
    return respond_refusal(responses, connection, request->refusal);
  if (request->is_health_check)
    return respond_healthy(responses, connection);

  const request_query *query = &request->query;
  const uint8_t *png;
  size_t png_nbytes;
  qrpng_status status =
      qrpng_encode(handler->encoder, query->text.bytes, query->text.nbytes, &query->options, &png, &png_nbytes);
  if (status != QRPNG_OK)
    return refuse_encoding(handler, connection, status);
  if (request->etag_matches)
    return respond_not_modified(responses, connection, png, png_nbytes);
  return respond_image(responses, connection, png, png_nbytes);
}

static void begin_counting(thread_counters *counters, server_request *request, const char *method) {
  request->method = counted_method_of(method);
  request->start_ns = clock_ns();
  count_begin(counters);
}

static void end_counting(thread_counters *counters, struct MHD_Connection *connection, const server_request *request,
                         bool is_answered) {
  const union MHD_ConnectionInfo *info = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_HTTP_STATUS);
  count_end(counters, request->method, is_answered && info ? info->http_status : STATUS_CLIENT_GONE,
            request->refusal == REFUSAL_NONE && !request->is_health_check, clock_ns() - request->start_ns);
}

/*
 * Called twice for each request: when the head is complete, and when the request is, which is at once for requests
 * without a body. An answer to the first call closes the connection after it; that is how connections are closed here.
 */
enum MHD_Result on_request(void *cls, struct MHD_Connection *connection, const char *url, const char *method,
                           const char *version, const char *upload_data, size_t *upload_data_nbytes,
                           void **request_context) {
  (void)upload_data, (void)upload_data_nbytes;
  const server_handler *handler = cls;
  server_client *client = *request_context;
  if (!client)
    return respond_refusal(handler->server->responses, connection, REFUSAL_FAILED);
  server_request *request = &client->request;
  if (client->phase == CLIENT_RECEIVING) {
    client_enter_phase(client, CLIENT_ANSWERING);
    request_head head = head_inspect(connection, method, url, version, request->target_nbytes,
                                     responses_etag(handler->server->responses));
    request->refusal = judge(request->refusal, method, &head);
    request->etag_matches = head.etag_matches;
    if (handler->counters)
      begin_counting(handler->counters, request, method);
    bool close = head.has_body || head.expects_continue || request->refusal == REFUSAL_MALFORMED ||
                 atomic_load_explicit(&handler->server->draining, memory_order_relaxed);
    if (!close)
      return MHD_YES;
  }
  return answer(handler, connection, request);
}

void on_completed(void *cls, struct MHD_Connection *connection, void **request_context,
                  enum MHD_RequestTerminationCode code) {
  const server_handler *handler = cls;
  server_client *client = *request_context;
  if (!client)
    return;
  if (handler->counters && client->phase == CLIENT_ANSWERING)
    end_counting(handler->counters, connection, &client->request, code == MHD_REQUEST_TERMINATED_COMPLETED_OK);
  client_enter_phase(client, CLIENT_WAITING);
}
