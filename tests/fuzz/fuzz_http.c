/*
 * HTTP requests, at once and in pieces. The first byte says where they are split. However the bytes come, the outcome
 * is the same; and what passes is made of the lines, fields and chunks that a plain reading finds.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "../../server/native/http/body.h"
#include "../../server/native/http/request.h"

static void check(int is_fine) {
  if (!is_fine)
    abort();
}

/* In pieces of that many bytes, 0: at once. */
static http_refusal read_head(head_check *head, const char *bytes, size_t nbytes, size_t piece_nbytes) {
  http_refusal refusal = HTTP_REFUSAL_NONE;
  *head = (head_check){0};
  for (size_t end = piece_nbytes ? piece_nbytes : nbytes;; end += piece_nbytes) {
    refusal = head_check_continue(head, bytes, end < nbytes ? end : nbytes);
    if (refusal != HTTP_REFUSAL_NONE || head->state == HEAD_COMPLETE || end >= nbytes)
      return refusal;
  }
}

/* Each line is "name:value", with spaces and tabs around the value that do not count. */
static void check_fields(const http_request *request, const char *at, const char *end) {
  for (size_t i = 0; i < request->field_count; i++) {
    const char *line_end = memmem(at, (size_t)(end - at), "\r\n", 2);
    const http_field *field = &request->fields[i];
    const char *colon = memchr(at, ':', (size_t)(line_end - at));
    check(colon && field->name.bytes == at && field->name.nbytes == (size_t)(colon - at));
    const char *value = colon + 1, *value_end = line_end;
    while (value < value_end && (*value == ' ' || *value == '\t'))
      value++;
    while (value_end > value && (value_end[-1] == ' ' || value_end[-1] == '\t'))
      value_end--;
    check(field->value.nbytes == (size_t)(value_end - value));
    check(field->value.nbytes == 0 || field->value.bytes == value);
    at = line_end + 2;
  }
  check(at + 2 == end && memcmp(at, "\r\n", 2) == 0);
}

enum { MAX_NBYTES = 4096 };

typedef struct body_outcome {
  http_refusal refusal;
  http_body body;
  size_t used_nbytes, nbytes;
  char bytes[MAX_NBYTES];
} body_outcome;

static void read_body(const http_request *request, const char *start, const char *end, size_t piece_nbytes,
                      body_outcome *outcome) {
  const char *at = start;
  slice data;
  *outcome = (body_outcome){.body = body_of(request)};
  while (at < end && outcome->body.state != BODY_COMPLETE && outcome->refusal == HTTP_REFUSAL_NONE) {
    const char *piece_end = (size_t)(end - at) > piece_nbytes ? at + piece_nbytes : end;
    outcome->refusal = body_read(&outcome->body, &at, piece_end, &data);
    check(at <= piece_end && data.nbytes <= MAX_NBYTES - outcome->nbytes);
    if (data.nbytes > 0)
      memcpy(outcome->bytes + outcome->nbytes, data.bytes, data.nbytes);
    outcome->nbytes += data.nbytes;
  }
  outcome->used_nbytes = (size_t)(at - start);
}

/* Line by line: a size in hexadecimal digits and that many bytes, until a size of zero. */
static void check_chunks(const char *at, const body_outcome *outcome) {
  size_t nbytes = 0;
  for (;;) {
    char *digits_end;
    const unsigned long long size = strtoull(at, &digits_end, 16);
    check(digits_end > at && (*digits_end == '\r' || *digits_end == ';'));
    if (size == 0)
      break;
    at = strchr(digits_end, '\n') + 1;
    check(size <= outcome->nbytes - nbytes && memcmp(outcome->bytes + nbytes, at, size) == 0);
    nbytes += size;
    at += size + 2;
  }
  check(nbytes == outcome->nbytes);
}

static void check_body(const http_request *request, const char *start, const char *end, size_t piece_nbytes) {
  static body_outcome whole, pieces;
  read_body(request, start, end, MAX_NBYTES, &whole);
  read_body(request, start, end, piece_nbytes, &pieces);
  check(whole.refusal == pieces.refusal && whole.body.state == pieces.body.state);
  check(whole.used_nbytes == pieces.used_nbytes && whole.nbytes == pieces.nbytes);
  check(memcmp(whole.bytes, pieces.bytes, whole.nbytes) == 0);
  if (whole.refusal != HTTP_REFUSAL_NONE || whole.body.state != BODY_COMPLETE)
    return;
  if (request->is_chunked)
    check_chunks(start, &whole);
  else
    check(whole.nbytes == request->body_nbytes && memcmp(whole.bytes, start, whole.nbytes) == 0);
}

static void check_request(const head_check *head, const char *bytes, const char *end, size_t piece_nbytes) {
  static request_parser *parser;
  http_request request;
  if (!parser)
    parser = request_parser_create();
  check(memmem(bytes, head->at, "\0", 1) == NULL);
  if (request_parse(parser, head, bytes, &request) != HTTP_REFUSAL_NONE)
    return;
  check_fields(&request, bytes + head->fields_start, bytes + head->at);
  check(request.target.nbytes > 0 && (request.host.bytes || request.minor_version == 0));
  check_body(&request, bytes + head->at, end, piece_nbytes);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  if (size < 1 || size > MAX_NBYTES)
    return 0;
  const char *bytes = (const char *)data + 1;
  const size_t piece_nbytes = 1 + data[0] % 64;
  head_check whole, pieces;
  http_refusal refusal = read_head(&whole, bytes, size - 1, 0);
  check(read_head(&pieces, bytes, size - 1, piece_nbytes) == refusal);
  check(whole.state == pieces.state);
  if (refusal == HTTP_REFUSAL_NONE && whole.state == HEAD_COMPLETE) {
    check(memcmp(&whole, &pieces, sizeof whole) == 0);
    check_request(&whole, bytes, bytes + size - 1, piece_nbytes);
  }
  return 0;
}
