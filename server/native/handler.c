#include "handler.h"

#include <qrpng.h>
#include <stdio.h>
#include <stdlib.h>

#include "etag_list.h"

struct request_handler {
  const server_config *config;
  const server_responses *responses;
  thread_counters *counters;
  qrpng_encoder *encoder;
  char scratch[HTTP_MAX_HEAD_NBYTES]; /* for the decoded query, which is no longer than the raw one */
};

request_handler *handler_create(const server_config *config, const server_responses *responses,
                                thread_counters *counters) {
  request_handler *handler = calloc(1, sizeof *handler);
  if (!handler)
    return NULL;
  handler->config = config;
  handler->responses = responses;
  handler->counters = counters;
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

/* Path before method, method before body, body before query. */
static http_answer answer_request(request_handler *handler, const http_request *request, bool *is_image) {
  const server_config *config = handler->config;
  const request_target target = target_split(request->target);
  const bool is_health_check = slice_equals(target.path, "/healthz");
  if (!is_health_check && !slice_equals(target.path, "/qrcode"))
    return respond_refusal(handler->responses, REFUSAL_NOT_FOUND);
  if (request->method != HTTP_METHOD_GET && request->method != HTTP_METHOD_HEAD)
    return respond_refusal(handler->responses, REFUSAL_METHOD);
  if (request->has_body)
    return respond_refusal(handler->responses, REFUSAL_BODY);
  if (is_health_check)
    return respond_healthy(handler->responses);

  request_query query = {.options = config->defaults};
  request_refusal refusal = query_parse(target.query, config->raw_text, config->max_width_px, handler->scratch, &query);
  if (refusal != REFUSAL_NONE)
    return respond_refusal(handler->responses, refusal);
  *is_image = true;
  return encode(handler, request, &query);
}

static http_answer answer(void *context, const http_request *request, http_note *note) {
  request_handler *handler = context;
  bool is_image = false;
  if (!handler->counters)
    return answer_request(handler, request, &is_image);
  note->start_ns = clock_ns();
  count_begin(handler->counters);
  const http_answer answer = answer_request(handler, request, &is_image);
  note->what = count_what(request->method, http_head_status(answer.head), is_image);
  return answer;
}

static void on_end(void *context, const http_note *note, bool is_sent) {
  const request_handler *handler = context;
  count_end(handler->counters, note->what, is_sent, clock_ns() - note->start_ns);
}

http_handler handler_callbacks(request_handler *handler) {
  return (http_handler){.context = handler, .answer = answer, .on_end = handler->counters ? on_end : NULL};
}
