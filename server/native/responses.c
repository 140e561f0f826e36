#include "responses.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ETAG_SIZE = sizeof "\"0123456789abcdef\"" };

static const char health[] = "ok\n";

typedef struct refusal_response {
  http_head *head;
  char sentence[HTTP_SENTENCE_SIZE]; /* with a line end */
} refusal_response;

struct server_responses {
  char etag[ETAG_SIZE];
  http_head *healthy, *image, *not_modified, *made_image, *made_json, *bad_request;
  refusal_response refusals[REFUSAL_COUNT]; /* none for REFUSAL_NONE */
};

static http_header extra_header(request_refusal refusal) {
  if (refusal == REFUSAL_METHOD)
    return (http_header){"Allow", "GET, HEAD"};
  if (refusal == REFUSAL_METHOD_TEXT)
    return (http_header){"Allow", "GET, HEAD, POST"};
  if (refusal == REFUSAL_METHOD_BATCH)
    return (http_header){"Allow", "POST"};
  if (refusal == REFUSAL_BUSY || refusal == REFUSAL_FAILED)
    return (http_header){"Retry-After", "1"};
  return (http_header){NULL, NULL};
}

static int create_refusal(refusal_response *response, request_refusal refusal, const refusal_limits *limits) {
  int length = refusal_sentence(refusal, limits, response->sentence, sizeof response->sentence - 1);
  strcpy(response->sentence + length, "\n");
  response->head = http_head_create_text(refusal_http_status(refusal), HTTP_TYPE_TEXT, extra_header(refusal));
  return response->head ? 0 : -1;
}

/* 64-bit FNV-1a */
static uint64_t hash(const char *text) {
  uint64_t hash = 0xCBF29CE484222325;
  for (; *text; text++)
    hash = (hash ^ (unsigned char)*text) * 0x100000001B3;
  return hash;
}

/*
 * An image depends on its URL, on the engine and the libraries that do its work, and on what the server takes for
 * parameters that are not given. The URL is what caches look up; the etag is a hash of all the rest.
 */
static void format_etag(const server_config *config, char etag[ETAG_SIZE]) {
  const qrpng_options *defaults = &config->defaults;
  char libraries[128], origin[256];
  qrpng_engine_libraries(defaults->engine, libraries, sizeof libraries);
  snprintf(origin, sizeof origin, "qrpng %s, %s, %s, %d %d %.0f" BUILD_NOTE, qrpng_version(), defaults->engine,
           libraries, (int)defaults->ecl, defaults->width, defaults->margin);
  snprintf(etag, ETAG_SIZE, "\"%016llx\"", (unsigned long long)hash(origin));
}

static int create_refusals(server_responses *responses, const server_config *config) {
  const refusal_limits limits = {.max_width_px = config->max_width_px, .max_batch = config->max_batch};
  for (request_refusal refusal = REFUSAL_NONE + 1; refusal < REFUSAL_COUNT; refusal++)
    if (create_refusal(&responses->refusals[refusal], refusal, &limits) != 0)
      return -1;
  return 0;
}

/* For what was made for one request alone. */
static http_head *create_made(const char *content_type) {
  return http_head_create_text(200, content_type, (http_header){NULL, NULL});
}

server_responses *responses_create(const server_config *config) {
  server_responses *responses = calloc(1, sizeof *responses);
  if (!responses)
    return NULL;
  format_etag(config, responses->etag);
  responses->healthy = http_head_create_text(200, HTTP_TYPE_TEXT, (http_header){NULL, NULL});
  responses->bad_request = http_head_create_text(400, HTTP_TYPE_TEXT, (http_header){NULL, NULL});
  responses->image = http_head_create(200, (const http_header[]){
                                               {"Content-Type", "image/png"},
                                               {"ETag", responses->etag},
                                               {"Cache-Control", config->cache_control},
                                               {"X-Content-Type-Options", "nosniff"},
                                               {NULL, NULL},
                                           });
  responses->not_modified = http_head_create(304, (const http_header[]){
                                                      {"ETag", responses->etag},
                                                      {"Cache-Control", config->cache_control},
                                                      {NULL, NULL},
                                                  });
  responses->made_image = create_made("image/png");
  responses->made_json = create_made("application/json");
  if (responses->healthy && responses->bad_request && responses->image && responses->not_modified &&
      responses->made_image && responses->made_json && create_refusals(responses, config) == 0)
    return responses;
  responses_destroy(responses);
  return NULL;
}

void responses_destroy(server_responses *responses) {
  if (!responses)
    return;
  for (request_refusal refusal = REFUSAL_NONE + 1; refusal < REFUSAL_COUNT; refusal++)
    free(responses->refusals[refusal].head);
  free(responses->healthy);
  free(responses->image);
  free(responses->not_modified);
  free(responses->made_image);
  free(responses->made_json);
  free(responses->bad_request);
  free(responses);
}

slice responses_etag(const server_responses *responses) {
  return (slice){responses->etag, sizeof responses->etag - 1};
}

http_answer respond_refusal(const server_responses *responses, request_refusal refusal) {
  const refusal_response *response = &responses->refusals[refusal];
  return (http_answer){
      .head = response->head,
      .body = {response->sentence, strlen(response->sentence)},
      .closes = refusal == REFUSAL_BUSY, /* a client that sends much is not to send more at once */
  };
}

http_answer respond_healthy(const server_responses *responses) {
  return (http_answer){.head = responses->healthy, .body = {health, sizeof health - 1}};
}

http_answer respond_bad_request(const server_responses *responses, slice sentence) {
  return (http_answer){.head = responses->bad_request, .body = sentence};
}

http_answer respond_image(const server_responses *responses, slice image) {
  return (http_answer){.head = responses->image, .body = image};
}

http_answer respond_not_modified(const server_responses *responses, slice image) {
  return (http_answer){.head = responses->not_modified, .body = image};
}

http_answer respond_made_image(const server_responses *responses, slice image) {
  return (http_answer){.head = responses->made_image, .body = image};
}

const http_head *head_of_made_json(const server_responses *responses) {
  return responses->made_json;
}
