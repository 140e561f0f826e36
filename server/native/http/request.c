#include "request.h"

#include <llhttp.h>
#include <stdlib.h>
#include <string.h>

struct request_parser {
  llhttp_t begun[2]; /* by minor version: after a request line, which is always the same one */
  llhttp_t parser;
  http_field fields[HTTP_MAX_FIELDS];
  size_t field_count;
  bool has_too_many, is_complete, keeps_alive;
};

static int on_field(llhttp_t *llhttp, const char *at, size_t nbytes) {
  request_parser *parser = llhttp->data;
  if (parser->field_count == HTTP_MAX_FIELDS) {
    parser->has_too_many = true;
    return HPE_USER;
  }
  parser->fields[parser->field_count++] = (http_field){.name = {at, nbytes}, .value = {at + nbytes, 0}};
  return 0;
}

static int on_value(llhttp_t *llhttp, const char *at, size_t nbytes) {
  request_parser *parser = llhttp->data;
  while (nbytes > 0 && (at[nbytes - 1] == ' ' || at[nbytes - 1] == '\t'))
    nbytes--;
  if (parser->field_count > 0 && nbytes > 0)
    parser->fields[parser->field_count - 1].value = (slice){at, nbytes};
  return 0;
}

/* A body, if there is one, is not its business. */
static int on_head(llhttp_t *llhttp) {
  request_parser *parser = llhttp->data;
  parser->is_complete = true;
  parser->keeps_alive = llhttp_should_keep_alive(llhttp);
  return HPE_PAUSED;
}

static const llhttp_settings_t *parser_settings(void) {
  static const llhttp_settings_t settings = {
      .on_header_field = on_field,
      .on_header_value = on_value,
      .on_headers_complete = on_head,
  };
  return &settings;
}

request_parser *request_parser_create(void) {
  static const char *const lines[2] = {"GET / HTTP/1.0\r\n", "GET / HTTP/1.1\r\n"};
  request_parser *parser = calloc(1, sizeof *parser);
  for (int minor_version = 0; parser && minor_version < 2; minor_version++) {
    llhttp_t *begun = &parser->begun[minor_version];
    llhttp_init(begun, HTTP_REQUEST, parser_settings());
    begun->data = parser;
    llhttp_execute(begun, lines[minor_version], strlen(lines[minor_version]));
  }
  return parser;
}

static bool is_in(char c, const char *set) {
  return c != '\0' && strchr(set, c);
}

static bool is_letter_or_digit(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

/* RFC 3986, 3.2.2: [ and ] around hexadecimal digits, colons and dots. What they mean is not looked at. */
static size_t ip_literal_nbytes(slice host) {
  size_t nbytes = 1;
  while (nbytes < host.nbytes && (is_letter_or_digit(host.bytes[nbytes]) || is_in(host.bytes[nbytes], ":.%")))
    nbytes++;
  return nbytes > 1 && nbytes < host.nbytes && host.bytes[nbytes] == ']' ? nbytes + 1 : 0;
}

/* RFC 3986, 3.2.2: unreserved characters, percent-escapes and sub-delims. */
static size_t name_nbytes(slice host) {
  size_t nbytes = 0;
  while (nbytes < host.nbytes &&
         (is_letter_or_digit(host.bytes[nbytes]) || is_in(host.bytes[nbytes], "-._~%!$&'()*+,;=")))
    nbytes++;
  return nbytes;
}

/* RFC 9110, 7.2: uri-host [ ":" port ]; it may be empty. */
static bool is_host(slice host) {
  if (host.nbytes == 0)
    return true;
  size_t nbytes = host.bytes[0] == '[' ? ip_literal_nbytes(host) : name_nbytes(host);
  if (nbytes == 0)
    return false;
  if (nbytes < host.nbytes && host.bytes[nbytes] == ':')
    for (nbytes++; nbytes < host.nbytes && host.bytes[nbytes] >= '0' && host.bytes[nbytes] <= '9';)
      nbytes++;
  return nbytes == host.nbytes;
}

/* Nineteen digits are more than any body, and less than 2^64. */
static bool is_length(slice value) {
  for (size_t i = 0; i < value.nbytes; i++)
    if (value.bytes[i] < '0' || value.bytes[i] > '9')
      return false;
  return value.nbytes > 0 && value.nbytes < 20;
}

/* Of what is a length. */
static uint64_t read_length(slice digits) {
  uint64_t length = 0;
  for (size_t i = 0; i < digits.nbytes; i++)
    length = 10 * length + (uint64_t)(digits.bytes[i] - '0');
  return length;
}

static slice trim(slice value) {
  while (value.nbytes > 0 && is_in(value.bytes[0], " \t"))
    value = (slice){value.bytes + 1, value.nbytes - 1};
  while (value.nbytes > 0 && is_in(value.bytes[value.nbytes - 1], " \t"))
    value.nbytes--;
  return value;
}

/* RFC 9112, 6.1 and 6.3: chunked once and last, or the body's end isn't known; of others before it none is ours. */
static http_refusal judge_coding(slice value) {
  if (slice_equals_ignoring_case(value, "chunked"))
    return HTTP_REFUSAL_NONE;
  const char *comma = value.nbytes > 0 ? memrchr(value.bytes, ',', value.nbytes) : NULL;
  if (!comma)
    return HTTP_REFUSAL_MALFORMED;
  const slice others = trim((slice){value.bytes, (size_t)(comma - value.bytes)});
  const slice last = trim((slice){comma + 1, (size_t)(value.bytes + value.nbytes - comma - 1)});
  const bool is_last = slice_equals_ignoring_case(last, "chunked");
  for (size_t i = 0; i + last.nbytes <= others.nbytes; i++)
    if (slice_equals_ignoring_case((slice){others.bytes + i, last.nbytes}, "chunked"))
      return HTTP_REFUSAL_MALFORMED;
  return is_last && others.nbytes > 0 ? HTTP_REFUSAL_CODING : HTTP_REFUSAL_MALFORMED;
}

/* What the fields say of the message itself. */
typedef struct http_framing {
  int hosts, lengths, codings;
  bool has_bad_host, has_bad_length;
  http_refusal coding;
} http_framing;

static void note_field(http_framing *framing, const http_field *field, http_request *request) {
  switch (field->name.nbytes) {
  case sizeof "Host" - 1:
    if (slice_equals_ignoring_case(field->name, "Host")) {
      framing->hosts++;
      framing->has_bad_host |= !is_host(field->value);
      request->host = field->value;
    }
    break;
  case sizeof "Content-Length" - 1:
    if (slice_equals_ignoring_case(field->name, "Content-Length")) {
      framing->lengths++;
      if (is_length(field->value))
        request->body_nbytes = read_length(field->value);
      else
        framing->has_bad_length = true;
      request->has_body |= request->body_nbytes > 0;
    }
    break;
  case sizeof "Expect" - 1: /* RFC 9110, 10.1.1: not by clients of HTTP/1.0 */
    if (slice_equals_ignoring_case(field->name, "Expect"))
      request->expects_continue =
          request->minor_version > 0 && slice_equals_ignoring_case(field->value, "100-continue");
    break;
  case sizeof "Transfer-Encoding" - 1:
    if (slice_equals_ignoring_case(field->name, "Transfer-Encoding")) {
      framing->codings++;
      framing->coding = judge_coding(field->value);
      request->has_body = request->is_chunked = true;
    }
    break;
  default:
    break;
  }
}

static http_refusal judge_framing(const http_framing *framing, int minor_version) {
  if (framing->has_bad_host || framing->hosts > 1 || (framing->hosts == 0 && minor_version > 0))
    return HTTP_REFUSAL_HOST;
  if (framing->has_bad_length || framing->lengths + framing->codings > 1 ||
      (framing->codings > 0 && minor_version == 0)) /* RFC 9112, 6.1: faulty http_framing */
    return HTTP_REFUSAL_MALFORMED;
  return framing->coding;
}

static http_method method_of(slice name) {
  if (slice_equals(name, "GET"))
    return HTTP_METHOD_GET;
  if (slice_equals(name, "HEAD"))
    return HTTP_METHOD_HEAD;
  return slice_equals(name, "POST") ? HTTP_METHOD_POST : HTTP_METHOD_OTHER;
}

http_refusal request_parse(request_parser *parser, const head_check *check, const char *bytes, http_request *request) {
  parser->parser = parser->begun[check->minor_version]; /* plain data: no span is open between lines */
  parser->field_count = 0;
  parser->has_too_many = parser->is_complete = false;
  llhttp_execute(&parser->parser, bytes + check->fields_start, (size_t)(check->at - check->fields_start));
  if (!parser->is_complete)
    return parser->has_too_many ? HTTP_REFUSAL_HEAD_TOO_LARGE : HTTP_REFUSAL_MALFORMED;

  *request = (http_request){
      .method =
          method_of((slice){bytes + check->method_start, (size_t)(check->target_start - 1 - check->method_start)}),
      .target = {bytes + check->target_start, (size_t)(check->version_start - 1 - check->target_start)},
      .fields = parser->fields,
      .field_count = parser->field_count,
      .keeps_alive = parser->keeps_alive,
      .minor_version = check->minor_version,
  };
  http_framing framing = {0};
  for (size_t i = 0; i < parser->field_count; i++)
    note_field(&framing, &parser->fields[i], request);
  return judge_framing(&framing, check->minor_version);
}

slice http_field_value(const http_request *request, const char *name, size_t *position) {
  while (*position < request->field_count) {
    const http_field *field = &request->fields[(*position)++];
    if (slice_equals_ignoring_case(field->name, name))
      return field->value;
  }
  return (slice){NULL, 0};
}

#define TEXT(number) #number
#define DOTTED(major, minor, patch) TEXT(major) "." TEXT(minor) "." TEXT(patch)

const char *http_parser_version(void) {
  return DOTTED(LLHTTP_VERSION_MAJOR, LLHTTP_VERSION_MINOR, LLHTTP_VERSION_PATCH);
}
