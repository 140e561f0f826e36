/*
 * The header fields that the C server reads beyond what makes a request: Content-Type, Host, Origin, Sec-Fetch-Site,
 * If-None-Match. An input is the lines of a head, after its first one.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "../../server/native/allowed_host.h"
#include "../../server/native/etag_list.h"
#include "../../server/native/http/request.h"
#include "../../server/native/media_type.h"
#include "../../server/native/site_check.h"
#include "require.h"

static const char first_line[] = "POST /qrcode HTTP/1.1\r\n", etag[] = "\"0123456789abcdef\"";

static void check_etags(const http_request *request) {
  const slice own = {etag, strlen(etag)};
  size_t position = 0;
  slice list;
  while ((list = http_field_value(request, "If-None-Match", &position)).bytes) {
    const int is_listed = etag_list_contains(list, own);
    fuzz_require(!is_listed || memchr(list.bytes, '*', list.nbytes) ||
                     memmem(list.bytes, list.nbytes, etag, own.nbytes),
                 "an etag that is nowhere");
  }
}

static void check_host(const http_request *request) {
  static const char listed[] = "qr.example,192.0.2.7,[2001:db8::1]";
  const int is_listed = request->host.bytes && host_is_listed(request->host, listed);
  fuzz_require(!is_listed || host_is_allowed(request->host, "127.0.0.1", listed), "listed, but not allowed");
  fuzz_require(request->host.bytes || !host_is_allowed(request->host, "0.0.0.0", listed), "no host is allowed");
  fuzz_require(!site_is_own(request, NULL) || site_is_own(request, listed), "a list makes the own site another one");
  if (request->host.bytes) {
    char *host = fuzz_copy_string(request->host.bytes, request->host.nbytes);
    host_list_is_valid(host);
    free(host);
  }
}

static void check_media_type(const http_request *request) {
  static const char *const names[] = {
      [MEDIA_TEXT] = "text/plain", [MEDIA_BYTES] = "application/octet-stream", [MEDIA_JSON] = "application/json"};
  size_t position = 0;
  const media_type type = media_type_of(request);
  const slice value = http_field_value(request, "Content-Type", &position);
  if (type < MEDIA_OTHER) {
    const size_t nbytes = strlen(names[type]);
    fuzz_require(value.nbytes >= nbytes && slice_equals_ignoring_case((slice){value.bytes, nbytes}, names[type]),
                 "another media type");
  }
}

int LLVMFuzzerTestOneInput(const uint8_t *input, size_t input_nbytes);
int LLVMFuzzerTestOneInput(const uint8_t *input, size_t input_nbytes) {
  static request_parser *parser;
  if (!parser)
    fuzz_require((parser = request_parser_create()) != NULL, "no memory");
  if (input_nbytes + sizeof first_line > HTTP_MAX_HEAD_NBYTES)
    return -1;
  const size_t first_nbytes = strlen(first_line), nbytes = first_nbytes + input_nbytes;
  char *bytes = fuzz_allocate(nbytes);
  memcpy(bytes, first_line, first_nbytes);
  if (input_nbytes > 0)
    memcpy(bytes + first_nbytes, input, input_nbytes);
  head_check check = {0};
  http_request request;
  if (head_check_continue(&check, bytes, nbytes) == HTTP_REFUSAL_NONE && check.state == HEAD_COMPLETE &&
      request_parse(parser, &check, bytes, &request) == HTTP_REFUSAL_NONE) {
    check_media_type(&request);
    check_host(&request);
    check_etags(&request);
  }
  free(bytes);
  return 0;
}
