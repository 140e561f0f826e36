#include "posts.h"

#include <stdlib.h>
#include <string.h>

#include "batches.h"
#include "json_body.h"
#include "media_type.h"
#include "metrics.h"
#include "site_check.h"
#include "utf8.h"

/* What is pending of a POST_TEXT; of a POST_BATCH it is a batch. */
typedef struct text_post {
  post_kind kind; /* first, as there */
  media_type type;
  slice query; /* follows in memory */
} text_post;

static post_kind kind_of(const void *state) {
  return *(const post_kind *)state;
}

struct server_posts {
  const server_config *config;
  const server_responses *responses;
  image_maker *maker;
  server_batches *batches;
  http_pending pending; /* of the last answer */
  char scratch[HTTP_MAX_HEAD_NBYTES];
};

server_posts *posts_create(const server_config *config, const server_responses *responses, image_maker *maker) {
  server_posts *posts = calloc(1, sizeof *posts);
  if (!posts)
    return NULL;
  json_prepare();
  posts->config = config;
  posts->responses = responses;
  posts->maker = maker;
  posts->batches = batches_create(config, responses, maker);
  if (posts->batches)
    return posts;
  free(posts);
  return NULL;
}

void posts_destroy(server_posts *posts) {
  if (!posts)
    return;
  batches_destroy(posts->batches);
  free(posts);
}

static bool comes_as_it_is(const http_request *request) {
  size_t position = 0;
  const slice coding = http_field_value(request, "Content-Encoding", &position);
  return !coding.bytes || (slice_equals_ignoring_case(coding, "identity") &&
                           !http_field_value(request, "Content-Encoding", &position).bytes);
}

static size_t max_body_nbytes(const server_posts *posts, post_kind kind) {
  return kind == POST_BATCH ? max_batch_body_nbytes(posts->config->max_batch) : (size_t)MAX_BODY_NBYTES;
}

static request_refusal too_large(post_kind kind) {
  return kind == POST_BATCH ? REFUSAL_BATCH_BODY_TOO_LARGE : REFUSAL_BODY_TOO_LARGE;
}

static request_refusal judge_head(const server_posts *posts, const http_request *request, post_kind kind,
                                  media_type type) {
  if (!site_is_own(request, posts->config->allowed_hosts))
    return REFUSAL_SITE;
  if (kind == POST_BATCH && type != MEDIA_JSON)
    return REFUSAL_BATCH_MEDIA_TYPE;
  if (type == MEDIA_OTHER)
    return REFUSAL_MEDIA_TYPE;
  if (!comes_as_it_is(request))
    return REFUSAL_BODY_CODING;
  return request->body_nbytes > max_body_nbytes(posts, kind) ? too_large(kind) : REFUSAL_NONE;
}

static http_answer respond_pending(server_posts *posts, void *state, bool waits) {
  const post_kind kind = kind_of(state);
  posts->pending = (http_pending){
      .state = state,
      .max_body_nbytes = max_body_nbytes(posts, kind),
      .too_large = respond_refusal(posts->responses, too_large(kind)),
      .waits = waits,
  };
  return (http_answer){.pending = &posts->pending};
}

static http_answer await_text(server_posts *posts, media_type type, slice query) {
  text_post *post = malloc(sizeof *post + query.nbytes);
  if (!post)
    return respond_refusal(posts->responses, REFUSAL_FAILED);
  *post = (text_post){POST_TEXT, type, {(char *)(post + 1), query.nbytes}};
  if (query.nbytes > 0)
    memcpy(post + 1, query.bytes, query.nbytes);
  return respond_pending(posts, post, false);
}

static http_answer await_batch(server_posts *posts, const http_request *request, slice query) {
  text_batch *batch = batch_create(query, &posts->config->defaults);
  if (!batch)
    return respond_refusal(posts->responses, REFUSAL_FAILED);
  const size_t nbytes = request->is_chunked ? max_body_nbytes(posts, POST_BATCH) : (size_t)request->body_nbytes;
  const batch_entry entry = batches_enter(posts->batches, batch, nbytes);
  if (entry != BATCH_IS_ONE_TOO_MANY)
    return respond_pending(posts, batch, entry == BATCH_WAITS);
  batch_destroy(batch);
  return respond_refusal(posts->responses, REFUSAL_BUSY);
}

http_answer posts_answer(server_posts *posts, const http_request *request, post_kind kind, slice query) {
  const media_type type = media_type_of(request);
  const request_refusal refusal = judge_head(posts, request, kind, type);
  if (refusal != REFUSAL_NONE)
    return respond_refusal(posts->responses, refusal);
  return kind == POST_BATCH ? await_batch(posts, request, query) : await_text(posts, type, query);
}

void posts_begin(void *state, http_exchange *exchange) {
  if (kind_of(state) == POST_BATCH)
    ((text_batch *)state)->exchange = exchange;
}

/* What JSON says of the options is added to what the query does. */
static request_refusal add_members(query_values *values, const json_members *members) {
  for (query_parameter i = QUERY_ECL; i < QUERY_COUNT; i++) {
    if (!members->values.of[i].bytes)
      continue;
    if (values->of[i].bytes)
      return (request_refusal)(REFUSAL_REPEATED_TEXT + i);
    values->of[i] = members->values.of[i];
  }
  return REFUSAL_NONE;
}

static http_answer encode(server_posts *posts, const query_values *values, slice text) {
  slice image;
  qrpng_options options = posts->config->defaults;
  const request_refusal refusal = query_judge_options(values, posts->config->max_width_px, &options);
  if (refusal != REFUSAL_NONE)
    return respond_refusal(posts->responses, refusal);
  const qrpng_status status = make_image(posts->maker, text, &options, &image);
  return status == QRPNG_OK ? respond_made_image(posts->responses, image)
                            : refuse_text(posts->maker, posts->responses, status, 0);
}

static request_refusal judge_text(const server_posts *posts, const text_post *post, slice text) {
  if (post->type == MEDIA_TEXT && !posts->config->raw_text && !utf8_is_valid(text))
    return REFUSAL_BODY_UTF8;
  return text.nbytes == 0 ? REFUSAL_EMPTY : REFUSAL_NONE;
}

static http_answer answer_json(server_posts *posts, const text_post *post, char *body, size_t nbytes) {
  json_members members;
  query_values values;
  request_refusal refusal = json_read_members(body, nbytes, &members);
  if (refusal == REFUSAL_NONE)
    refusal = query_read_for_post(post->query, posts->scratch, &values);
  if (refusal == REFUSAL_NONE)
    refusal = json_judge_names(&members);
  if (refusal == REFUSAL_NONE)
    refusal = add_members(&values, &members);
  const http_answer answer = refusal == REFUSAL_NONE ? encode(posts, &values, members.values.of[QUERY_TEXT])
                                                     : respond_refusal(posts->responses, refusal);
  json_members_release(&members);
  return answer;
}

/* The body before the query, as with JSON. */
static http_answer answer_text(server_posts *posts, const text_post *post, slice text) {
  query_values values;
  request_refusal refusal = judge_text(posts, post, text);
  if (refusal == REFUSAL_NONE)
    refusal = query_read_for_post(post->query, posts->scratch, &values);
  return refusal == REFUSAL_NONE ? encode(posts, &values, text) : respond_refusal(posts->responses, refusal);
}

http_answer posts_answer_body(server_posts *posts, void *state, char *body, size_t nbytes, http_note *note) {
  if (kind_of(state) == POST_BATCH) {
    batches_add(posts->batches, state, body, nbytes);
    return (http_answer){.head = NULL};
  }
  text_post *post = state;
  const http_answer answer = post->type == MEDIA_JSON ? answer_json(posts, post, body, nbytes)
                                                      : answer_text(posts, post, (slice){body ? body : "", nbytes});
  note->what = count_what(HTTP_METHOD_POST, http_head_status(answer.head), true);
  note->body_nbytes = (uint32_t)answer.body.nbytes;
  free(post);
  free(body);
  return answer;
}

void posts_abandon(server_posts *posts, void *state) {
  if (kind_of(state) == POST_BATCH)
    batches_remove(posts->batches, state);
  else
    free(state);
}

int posts_work(server_posts *posts, uint64_t now_ms) {
  return batches_work(posts->batches, now_ms);
}

void posts_end(server_posts *posts, const http_note *note) {
  if (note->held_nbytes > 0)
    batches_release(posts->batches, note->held_nbytes);
}
