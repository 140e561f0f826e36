#include "head_check.h"

#include <stdbool.h>
#include <string.h>

#include "http.h"

enum { TOKEN = 1, VISIBLE = 2, VALUE = 4 };

/* RFC 9110, 5.6.2 and 5.5: what may be in a token, in a target or a version, and in a field's value. */
#define T (TOKEN | VISIBLE | VALUE)
#define V (VISIBLE | VALUE)
#define X VALUE
static const uint8_t classes[256] = {
    0, 0, 0, 0, 0, 0, 0, 0, 0, X, 0, 0, 0, 0, 0, 0, /* HT */
    0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, /**/
    X, T, V, T, T, T, T, T, V, V, T, T, V, T, T, V, /* ! to / */
    T, T, T, T, T, T, T, T, T, T, V, V, V, V, V, V, /* 0 to ? */
    V, T, T, T, T, T, T, T, T, T, T, T, T, T, T, T, /* @ to O */
    T, T, T, T, T, T, T, T, T, T, T, V, V, V, T, T, /* P to _ */
    T, T, T, T, T, T, T, T, T, T, T, T, T, T, T, T, /* ` to o */
    T, T, T, T, T, T, T, T, T, T, T, V, T, V, T, 0, /* p to DEL */
    X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X,
    X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X,
    X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X,
    X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X,
};
#undef T
#undef V
#undef X

static const uint8_t *skip(const uint8_t *at, const uint8_t *end, uint8_t class) {
  while (at < end && (classes[*at] & class))
    at++;
  return at;
}

static bool is_digit(uint8_t c) {
  return c >= '0' && c <= '9';
}

/* RFC 9112, 2.3; other versions than 1.0 and 1.1 are well-formed, but not ours (RFC 9110, 15.6.6). */
static http_refusal judge_version(head_check *check, const uint8_t *version, size_t nbytes) {
  if (nbytes != 8 || memcmp(version, "HTTP/", 5) != 0 || !is_digit(version[5]) || version[6] != '.' ||
      !is_digit(version[7]))
    return HTTP_REFUSAL_MALFORMED;
  if (version[5] != '1' || version[7] > '1')
    return HTTP_REFUSAL_VERSION;
  check->minor_version = version[7] - '0';
  return HTTP_REFUSAL_NONE;
}

/* What runs of bytes each state is made of, and which byte ends them. */
static http_refusal step(head_check *check, const uint8_t *start, const uint8_t **position, const uint8_t *end) {
  const uint8_t *at = *position;
  const uint8_t c = *at;
  bool is_expected = true;
  switch ((head_state)check->state) {
  case HEAD_START: /* empty lines before a request are ignored (RFC 9112, 2.2) */
    is_expected = c == '\r' || (classes[c] & TOKEN);
    check->state = c == '\r' ? HEAD_START_LF : HEAD_METHOD;
    check->method_start = (uint16_t)(at - start);
    at++;
    break;
  case HEAD_METHOD:
    at = skip(at, end, TOKEN);
    if (at == end)
      break;
    is_expected = *at++ == ' ';
    check->state = HEAD_TARGET;
    check->target_start = (uint16_t)(at - start);
    break;
  case HEAD_TARGET:
    at = skip(at, end, VISIBLE);
    if (at == end)
      break;
    is_expected = *at == ' ' && at - start > check->target_start;
    at++;
    check->state = HEAD_VERSION;
    check->version_start = (uint16_t)(at - start);
    break;
  case HEAD_VERSION:
    at = skip(at, end, VISIBLE);
    if (at == end)
      break;
    if (*at != '\r')
      return HTTP_REFUSAL_MALFORMED;
    check->state = HEAD_VERSION_LF;
    *position = at + 1;
    return judge_version(check, start + check->version_start, (size_t)(at - start) - check->version_start);
  case HEAD_FIELD:
    is_expected = c == '\r' || (classes[c] & TOKEN);
    check->state = c == '\r' ? HEAD_END_LF : HEAD_NAME;
    at++;
    break;
  case HEAD_NAME:
    at = skip(at, end, TOKEN);
    if (at == end)
      break;
    is_expected = *at++ == ':';
    check->state = HEAD_VALUE;
    break;
  case HEAD_VALUE:
    at = skip(at, end, VALUE);
    if (at == end)
      break;
    is_expected = *at++ == '\r';
    check->state = HEAD_VALUE_LF;
    break;
  case HEAD_START_LF:
  case HEAD_VERSION_LF:
  case HEAD_VALUE_LF:
  case HEAD_END_LF:
    is_expected = c == '\n';
    at++;
    if (check->state == HEAD_VERSION_LF)
      check->fields_start = (uint16_t)(at - start);
    check->state = check->state == HEAD_START_LF ? HEAD_START
                   : check->state == HEAD_END_LF ? HEAD_COMPLETE
                                                 : HEAD_FIELD;
    break;
  case HEAD_COMPLETE:
    break;
  }
  *position = at;
  return is_expected ? HTTP_REFUSAL_NONE : HTTP_REFUSAL_MALFORMED;
}

http_refusal head_check_continue(head_check *check, const char *bytes, size_t nbytes) {
  const uint8_t *start = (const uint8_t *)bytes;
  const uint8_t *at = start + check->at;
  const uint8_t *end = start + (nbytes < HTTP_MAX_HEAD_NBYTES ? nbytes : HTTP_MAX_HEAD_NBYTES);
  http_refusal refusal = HTTP_REFUSAL_NONE;
  while (at < end && check->state != HEAD_COMPLETE && refusal == HTTP_REFUSAL_NONE)
    refusal = step(check, start, &at, end);
  check->at = (uint16_t)(at - start);
  if (refusal != HTTP_REFUSAL_NONE || check->state == HEAD_COMPLETE || check->at < HTTP_MAX_HEAD_NBYTES)
    return refusal;
  return check->state <= HEAD_VERSION_LF ? HTTP_REFUSAL_TARGET_TOO_LONG : HTTP_REFUSAL_HEAD_TOO_LARGE;
}
