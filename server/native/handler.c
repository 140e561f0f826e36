#include "handler.h"

#include <qrpng.h>
#include <stdio.h>
#include <stdlib.h>

#include "etag_list.h"

struct request_handler {
  const server_config *config;
  const server_responses *responses;
  const atomic_bool *is_ending;
  thread_counters *counters;
  access_log *log;
  qrpng_encoder *encoder;
  char scratch[HTTP_MAX_HEAD_NBYTES]; /* for the decoded query, which is no longer than the raw one */
};

request_handler *handler_create(const handler_parts *parts) {
  request_handler *handler = calloc(1, sizeof *handler);
  if (!handler)
    return NULL;
  handler->config = parts->config;
  handler->responses = parts->responses;
  handler->is_ending = parts->is_ending;
  handler->counters = parts->counters;
  handler->log = parts->log;
  if (qrpng_encoder_create(&handler->encoder) == QRPNG_OK)
    return handler;
  free(handler);
  return NULL;
}

void handler_destroy(request_handler *handler) {
  if (!handler)
    return;
  qrpng_encoder_destroy(handler->encoder);
  free(handler);
}

static bool etag_matches(const request_handler *handler, const http_request *request) {
  size_t position = 0;
  for (;;) {
    slice list = http_field_value(request, "If-None-Match", &position);
    if (!list.bytes)
      return false;
    if (etag_list_contains(list, responses_etag(handler->responses)))
      return true;
  }
}

static http_answer refuse_encoding(request_handler *handler, qrpng_status status) {
  if (status == QRPNG_TEXT_TOO_LONG || status == QRPNG_WIDTH_TOO_SMALL) {
    /* the text is not needed any more */
    int nbytes = snprintf(handler->scratch, HTTP_SENTENCE_SIZE, "%s\n", qrpng_error_message(handler->encoder));
    return respond_bad_request(handler->responses, (slice){handler->scratch, (size_t)nbytes});
  }
  fprintf(stderr, "qrpng-server: An image could not be made: %s.\n", qrpng_status_message(status));
  return respond_refusal(handler->responses, REFUSAL_FAILED);
}

static http_answer encode(request_handler *handler, const http_request *request, const request_query *query) {
  const uint8_t *png;
  size_t png_nbytes;
  qrpng_status status =
      qrpng_encode(handler->encoder, query->text.bytes, query->text.nbytes, &query->options, &png, &png_nbytes);
  if (status != QRPNG_OK)
    return refuse_encoding(handler, status);
  const slice image = {(const char *)png, png_nbytes};
  return etag_matches(handler, request) ? respond_not_modified(handler->responses, image)
                                        : respond_image(handler->responses, image);
}

static http_answer answer_health_check(const request_handler *handler, slice path) {
  const bool is_unready =
      slice_equals(path, "/readyz") && atomic_load_explicit(handler->is_ending, memory_order_relaxed);
  return is_unready ? respond_refusal(handler->responses, REFUSAL_ENDING) : respond_healthy(handler->responses);
}

/* Path before method, method before body, body before query. */
static http_answer answer_request(request_handler *handler, const http_request *request, bool *is_image) {
  const server_config *config = handler->config;
  const request_target target = target_split(request->target);
  const bool is_health_check = slice_equals(target.path, "/healthz") || slice_equals(target.path, "/readyz");
  if (!is_health_check && !slice_equals(target.path, "/qrcode"))
    return respond_refusal(handler->responses, REFUSAL_NOT_FOUND);
  if (request->method != HTTP_METHOD_GET && request->method != HTTP_METHOD_HEAD)
    return respond_refusal(handler->responses, REFUSAL_METHOD);
  if (request->has_body)
    return respond_refusal(handler->responses, REFUSAL_BODY);
  if (is_health_check)
    return answer_health_check(handler, target.path);

  request_query query = {.options = config->defaults};
  request_refusal refusal = query_parse(target.query, config->raw_text, config->max_width_px, handler->scratch, &query);
  if (refusal != REFUSAL_NONE)
    return respond_refusal(handler->responses, refusal);
  *is_image = true;
  return encode(handler, request, &query);
}

/* What the access log says of the path: one that is known, or nothing. */
static const char *const logged_paths[] = {NULL, "/qrcode", "/qrcodes", "/healthz", "/readyz"};
enum { LOGGED_PATH_COUNT = sizeof logged_paths / sizeof logged_paths[0] };

static uint8_t find_logged_path(slice path) {
  for (int i = 1; i < LOGGED_PATH_COUNT; i++)
    if (slice_equals(path, logged_paths[i]))
      return (uint8_t)i;
  return 0;
}

static void note_for_log(const http_request *request, const http_answer *answer, http_note *note) {
  const bool has_no_body = request->method == HTTP_METHOD_HEAD || http_head_status(answer->head) == 304;
  size_t position = 0;
  note->body_nbytes = has_no_body ? 0 : (uint32_t)answer->body.nbytes;
  note->path = find_logged_path(target_split(request->target).path);
  traceparent_copy(note->text, http_field_value(request, "traceparent", &position));
}

static http_answer answer(void *context, const http_request *request, http_note *note) {
  request_handler *handler = context;
  bool is_image = false;
  if (!handler->counters && !handler->log)
    return answer_request(handler, request, &is_image);
  note->start_ns = http_clock_ns();
  if (handler->counters)
    count_begin(handler->counters);
  const http_answer answer = answer_request(handler, request, &is_image);
  note->what = count_what(request->method, http_head_status(answer.head), is_image);
  if (handler->log)
    note_for_log(request, &answer, note);
  return answer;
}

static void log_end(const request_handler *handler, const http_note *note, bool is_sent, uint64_t duration_ns) {
  access_log_add(handler->log, &(access_entry){
                                   .method = count_method(note->what),
                                   .path = logged_paths[note->path],
                                   .status = count_status(note->what, is_sent),
                                   .body_nbytes = note->body_nbytes,
                                   .duration_us = duration_ns / 1000,
                                   .traceparent = note->text,
                               });
}

static void on_end(void *context, const http_note *note, bool is_sent) {
  const request_handler *handler = context;
  const uint64_t duration_ns = http_clock_ns() - note->start_ns;
  if (handler->counters)
    count_end(handler->counters, note->what, is_sent, duration_ns);
  if (handler->log)
    log_end(handler, note, is_sent, duration_ns);
}

static void on_refusal(void *context, unsigned status, size_t body_nbytes) {
  const request_handler *handler = context;
  access_log_add(handler->log,
                 &(access_entry){.status = status, .body_nbytes = (uint32_t)body_nbytes, .traceparent = ""});
}

http_handler handler_callbacks(request_handler *handler) {
  return (http_handler){
      .context = handler,
      .answer = answer,
      .on_end = handler->counters || handler->log ? on_end : NULL,
      .on_refusal = handler->log ? on_refusal : NULL,
  };
}
