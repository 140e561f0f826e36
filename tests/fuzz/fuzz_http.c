/*
 * Heads of HTTP requests, at once and in pieces. The first byte says where they are split. However the bytes come, the
 * outcome is the same; and what passes is made of the lines and fields that a plain reading finds.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

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

static void check_head(const head_check *head, const char *bytes) {
  static request_parser *parser;
  http_request request;
  if (!parser)
    parser = request_parser_create();
  check(memmem(bytes, head->at, "\0", 1) == NULL);
  if (request_parse(parser, head, bytes, &request) != HTTP_REFUSAL_NONE)
    return;
  check_fields(&request, bytes + head->fields_start, bytes + head->at);
  check(request.target.nbytes > 0 && (request.host.bytes || request.minor_version == 0));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  if (size < 1)
    return 0;
  const char *bytes = (const char *)data + 1;
  head_check whole, pieces;
  http_refusal refusal = read_head(&whole, bytes, size - 1, 0);
  check(read_head(&pieces, bytes, size - 1, 1 + data[0] % 64) == refusal);
  check(whole.state == pieces.state);
  if (refusal == HTTP_REFUSAL_NONE && whole.state == HEAD_COMPLETE) {
    check(memcmp(&whole, &pieces, sizeof whole) == 0);
    check_head(&whole, bytes);
  }
  return 0;
}
