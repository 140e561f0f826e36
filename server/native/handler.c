#include "handler.h"

#include <qrpng.h>
#include <stdlib.h>

#include "etag_list.h"
#include "image.h"
#include "posts.h"

struct request_handler {
  const server_config *config;
  const server_responses *responses;
  const atomic_bool *is_ending;
  thread_counters *counters;
  access_log *log;
  image_maker maker;
  server_posts *posts;
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
  if (qrpng_encoder_create(&handler->maker.encoder) == QRPNG_OK &&
      (handler->posts = posts_create(parts->config, parts->responses, &handler->maker)))
    return handler;
  handler_destroy(handler);
  return NULL;
}

void handler_destroy(request_handler *handler) {
  if (!handler)
    return;
  posts_destroy(handler->posts);
  qrpng_encoder_destroy(handler->maker.encoder);
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

static http_answer encode(request_handler *handler, const http_request *request, const request_query *query) {
  slice image;
  const qrpng_status status = make_image(&handler->maker, query->text, &query->options, &image);
  if (status != QRPNG_OK)
    return refuse_text(&handler->maker, handler->responses, status, 0);
  return etag_matches(handler, request) ? respond_not_modified(handler->responses, image)
                                        : respond_image(handler->responses, image);
}

typedef enum request_route { ROUTE_TEXT, ROUTE_BATCH, ROUTE_HEALTH, ROUTE_READINESS, ROUTE_NONE } request_route;

static request_route route_of(slice path) {
  if (slice_equals(path, "/qrcode"))
    return ROUTE_TEXT;
  if (slice_equals(path, "/qrcodes"))
    return ROUTE_BATCH;
  if (slice_equals(path, "/healthz"))
    return ROUTE_HEALTH;
  return slice_equals(path, "/readyz") ? ROUTE_READINESS : ROUTE_NONE;
}

static bool is_read(http_method method) {
  return method == HTTP_METHOD_GET || method == HTTP_METHOD_HEAD;
}

static request_refusal judge_method(request_route route, http_method method) {
  switch (route) {
  case ROUTE_TEXT:
    return is_read(method) || method == HTTP_METHOD_POST ? REFUSAL_NONE : REFUSAL_METHOD_TEXT;
  case ROUTE_BATCH:
    return method == HTTP_METHOD_POST ? REFUSAL_NONE : REFUSAL_METHOD_BATCH;
  case ROUTE_HEALTH:
  case ROUTE_READINESS:
    return is_read(method) ? REFUSAL_NONE : REFUSAL_METHOD;
  default:
    return REFUSAL_NOT_FOUND;
  }
}

static http_answer answer_health_check(const request_handler *handler, request_route route) {
  const bool is_unready = route == ROUTE_READINESS && atomic_load_explicit(handler->is_ending, memory_order_relaxed);
  return is_unready ? respond_refusal(handler->responses, REFUSAL_ENDING) : respond_healthy(handler->responses);
}

/* What the head is enough for, without its body. */
static http_answer answer_read(request_handler *handler, const http_request *request, request_route route, slice raw,
                               bool *is_image) {
  const server_config *config = handler->config;
  if (request->has_body)
    return respond_refusal(handler->responses, REFUSAL_BODY);
  if (route != ROUTE_TEXT)
    return answer_health_check(handler, route);
  request_query query = {.options = config->defaults};
  request_refusal refusal = query_parse(raw, config->raw_text, config->max_width_px, handler->scratch, &query);
  if (refusal != REFUSAL_NONE)
    return respond_refusal(handler->responses, refusal);
  *is_image = true;
  return encode(handler, request, &query);
}

/* Path before method, method before body, body before query. */
static http_answer answer_request(request_handler *handler, const http_request *request, bool *is_image) {
  const request_target target = target_split(request->target);
  const request_route route = route_of(target.path);
  const request_refusal refusal = judge_method(route, request->method);
  if (refusal != REFUSAL_NONE)
    return respond_refusal(handler->responses, refusal);
  if (request->method != HTTP_METHOD_POST)
    return answer_read(handler, request, route, target.query, is_image);
  return posts_answer(handler->posts, request, route == ROUTE_BATCH ? POST_BATCH : POST_TEXT, target.query);
}

/* Of a pending answer: the one that it gets if its body is too large. */
static const http_answer *known_answer(const http_answer *answer) {
  return answer->head ? answer : &answer->pending->too_large;
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
  note->held_nbytes = 0;
  if (!handler->counters && !handler->log)
    return answer_request(handler, request, &is_image);
  note->start_ns = http_clock_ns();
  if (handler->counters)
    count_begin(handler->counters);
  const http_answer answer = answer_request(handler, request, &is_image);
  note->what = count_what(request->method, http_head_status(known_answer(&answer)->head), is_image);
  if (handler->log)
    note_for_log(request, known_answer(&answer), note);
  return answer;
}

static void begin(void *context, void *state, http_exchange *exchange) {
  (void)context;
  posts_begin(state, exchange);
}

static http_answer answer_body(void *context, void *state, char *body, size_t nbytes, http_note *note) {
  const request_handler *handler = context;
  return posts_answer_body(handler->posts, state, body, nbytes, note);
}

static void abandon(void *context, void *state) {
  const request_handler *handler = context;
  posts_abandon(handler->posts, state);
}

static int work(void *context, uint64_t now_ms) {
  const request_handler *handler = context;
  return posts_work(handler->posts, now_ms);
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
  posts_end(handler->posts, note);
  if (!handler->counters && !handler->log)
    return;
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
      .begin = begin,
      .answer_body = answer_body,
      .abandon = abandon,
      .work = work,
      .on_end = on_end,
      .on_refusal = handler->log ? on_refusal : NULL,
  };
}
