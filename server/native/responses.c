#include "responses.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SENTENCE_SIZE = 512, ETAG_SIZE = sizeof "\"0123456789abcdef\"" };

struct server_responses {
  const char *cache_control;
  char etag[ETAG_SIZE];
  struct MHD_Response *healthy;
  struct MHD_Response *refusals[REFUSAL_COUNT]; /* none for REFUSAL_NONE */
};

typedef struct header {
  const char *name, *value;
} header;

/* Returns NULL if there is not enough memory. The list of headers ends with a name of NULL. */
static struct MHD_Response *create_response(const void *body, size_t body_nbytes, const header *headers) {
  /* copied: the encoder's image lives until its next call only, and a slow client may be sent the rest after that */
  struct MHD_Response *response =
      MHD_create_response_from_buffer(body_nbytes, (void *)(uintptr_t)body, MHD_RESPMEM_MUST_COPY);
  for (; response && headers->name; headers++) {
    if (MHD_add_response_header(response, headers->name, headers->value) == MHD_NO) {
      MHD_destroy_response(response);
      response = NULL;
    }
  }
  return response;
}

struct MHD_Response *response_create_text(const char *content_type, const char *text, const char *extra_name,
                                          const char *extra_value) {
  const header headers[] = {
      {MHD_HTTP_HEADER_CONTENT_TYPE, content_type},
      {MHD_HTTP_HEADER_CACHE_CONTROL, "no-store"},
      {"X-Content-Type-Options", "nosniff"},
      {extra_name, extra_value},
      {NULL, NULL},
  };
  return create_response(text, strlen(text), headers);
}

static struct MHD_Response *create_text(const char *text, header extra) {
  return response_create_text(CONTENT_TYPE_SENTENCE, text, extra.name, extra.value);
}

static header extra_header(request_refusal refusal) {
  if (refusal == REFUSAL_METHOD)
    return (header){MHD_HTTP_HEADER_ALLOW, "GET, HEAD"};
  if (refusal == REFUSAL_FAILED)
    return (header){MHD_HTTP_HEADER_RETRY_AFTER, "1"};
  return (header){NULL, NULL};
}

static struct MHD_Response *create_refusal(request_refusal refusal, int max_width_px) {
  char body[SENTENCE_SIZE];
  int length = refusal_sentence(refusal, max_width_px, body, sizeof body - 1);
  strcpy(body + length, "\n");
  return create_text(body, extra_header(refusal));
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

server_responses *responses_create(const server_config *config) {
  server_responses *responses = calloc(1, sizeof *responses);
  if (!responses)
    return NULL;
  responses->cache_control = config->cache_control;
  format_etag(config, responses->etag);
  responses->healthy = create_text("ok\n", (header){NULL, NULL});
  bool complete = responses->healthy != NULL;
  for (request_refusal refusal = REFUSAL_NONE + 1; refusal < REFUSAL_COUNT; refusal++) {
    responses->refusals[refusal] = create_refusal(refusal, config->max_width_px);
    complete = complete && responses->refusals[refusal];
  }
  if (complete)
    return responses;
  responses_destroy(responses);
  return NULL;
}

void responses_destroy(server_responses *responses) {
  if (!responses)
    return;
  for (request_refusal refusal = REFUSAL_NONE + 1; refusal < REFUSAL_COUNT; refusal++)
    if (responses->refusals[refusal])
      MHD_destroy_response(responses->refusals[refusal]);
  if (responses->healthy)
    MHD_destroy_response(responses->healthy);
  free(responses);
}

slice responses_etag(const server_responses *responses) {
  return (slice){responses->etag, strlen(responses->etag)};
}

enum MHD_Result respond_refusal(const server_responses *responses, struct MHD_Connection *connection,
                                request_refusal refusal) {
  return MHD_queue_response(connection, refusal_http_status(refusal), responses->refusals[refusal]);
}

enum MHD_Result respond_healthy(const server_responses *responses, struct MHD_Connection *connection) {
  return MHD_queue_response(connection, MHD_HTTP_OK, responses->healthy);
}

static enum MHD_Result respond_once(const server_responses *responses, struct MHD_Connection *connection,
                                    unsigned status, struct MHD_Response *response) {
  if (!response)
    return respond_refusal(responses, connection, REFUSAL_FAILED);
  enum MHD_Result result = MHD_queue_response(connection, status, response);
  MHD_destroy_response(response);
  return result;
}

enum MHD_Result respond_bad_request(const server_responses *responses, struct MHD_Connection *connection,
                                    const char *sentence) {
  char body[SENTENCE_SIZE];
  snprintf(body, sizeof body, "%s\n", sentence);
  return respond_once(responses, connection, MHD_HTTP_BAD_REQUEST, create_text(body, (header){NULL, NULL}));
}

enum MHD_Result respond_image(const server_responses *responses, struct MHD_Connection *connection, const uint8_t *png,
                              size_t png_nbytes) {
  const header headers[] = {
      {MHD_HTTP_HEADER_CONTENT_TYPE, "image/png"},
      {MHD_HTTP_HEADER_ETAG, responses->etag},
      {MHD_HTTP_HEADER_CACHE_CONTROL, responses->cache_control},
      {"X-Content-Type-Options", "nosniff"},
      {NULL, NULL},
  };
  return respond_once(responses, connection, MHD_HTTP_OK, create_response(png, png_nbytes, headers));
}

/* libmicrohttpd sends the length of the image with it, as RFC 9110, 8.6 asks, but not the image. */
enum MHD_Result respond_not_modified(const server_responses *responses, struct MHD_Connection *connection,
                                     const uint8_t *png, size_t png_nbytes) {
  const header headers[] = {
      {MHD_HTTP_HEADER_ETAG, responses->etag},
      {MHD_HTTP_HEADER_CACHE_CONTROL, responses->cache_control},
      {NULL, NULL},
  };
  return respond_once(responses, connection, MHD_HTTP_NOT_MODIFIED, create_response(png, png_nbytes, headers));
}
