#include "query.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

typedef enum query_parameter { TEXT, ECL, WIDTH, MARGIN, PARAMETER_COUNT } query_parameter;

/* Splits at the first delimiter; without one, *rest is empty and starts at the end. */
static slice split(slice whole, char delimiter, slice *rest) {
  const char *end = whole.bytes + whole.nbytes;
  const char *found = whole.nbytes ? memchr(whole.bytes, delimiter, whole.nbytes) : NULL;
  const char *rest_start = found ? found + 1 : end;
  *rest = (slice){rest_start, (size_t)(end - rest_start)};
  return (slice){whole.bytes, found ? (size_t)(found - whole.bytes) : whole.nbytes};
}

static bool is_scheme(slice scheme) {
  for (size_t i = 0; i < scheme.nbytes; i++) {
    char c = scheme.bytes[i];
    bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    bool other = (c >= '0' && c <= '9') || c == '+' || c == '-' || c == '.';
    if (!letter && !(other && i > 0))
      return false;
  }
  return scheme.nbytes > 0;
}

/* RFC 9112, 3.2.2: servers must accept the absolute form. */
static slice drop_origin(slice raw) {
  slice rest;
  if (raw.nbytes == 0 || raw.bytes[0] == '/' || !is_scheme(split(raw, ':', &rest)))
    return raw;
  if (rest.nbytes < 2 || memcmp(rest.bytes, "//", 2) != 0)
    return raw;
  size_t host_nbytes = 2;
  while (host_nbytes < rest.nbytes && rest.bytes[host_nbytes] != '/' && rest.bytes[host_nbytes] != '?')
    host_nbytes++;
  return (slice){rest.bytes + host_nbytes, rest.nbytes - host_nbytes};
}

request_target target_split(slice raw) {
  request_target target;
  target.path = split(drop_origin(raw), '?', &target.query);
  return target;
}

static int hex_digit(char c) {
  if (c >= '0' && c <= '9')
    return c - '0';
  if (c >= 'a' && c <= 'f')
    return c - 'a' + 10;
  if (c >= 'A' && c <= 'F')
    return c - 'A' + 10;
  return -1;
}

/* Decodes %XX and "+" to *out and advances it. Returns false for a malformed escape. */
static bool decode(slice raw, char **out, slice *decoded) {
  char *start = *out, *end = start;
  for (size_t i = 0; i < raw.nbytes; i++) {
    char c = raw.bytes[i];
    if (c == '%') {
      int high = i + 2 < raw.nbytes ? hex_digit(raw.bytes[i + 1]) : -1;
      int low = i + 2 < raw.nbytes ? hex_digit(raw.bytes[i + 2]) : -1;
      if (high < 0 || low < 0)
        return false;
      c = (char)(high << 4 | low);
      i += 2;
    } else if (c == '+') {
      c = ' ';
    }
    *end++ = c;
  }
  *out = end;
  *decoded = (slice){start, (size_t)(end - start)};
  return true;
}

static query_parameter find_parameter(slice name) {
  static const char *const names[PARAMETER_COUNT] = {
      [TEXT] = "text", [ECL] = "ecl", [WIDTH] = "width", [MARGIN] = "margin"};
  query_parameter parameter = TEXT;
  while (parameter < PARAMETER_COUNT && !slice_equals(name, names[parameter]))
    parameter++;
  return parameter;
}

static request_refusal parse_parameter(slice raw, char **out, slice values[PARAMETER_COUNT]) {
  slice raw_value, name;
  slice raw_name = split(raw, '=', &raw_value);
  if (!decode(raw_name, out, &name))
    return REFUSAL_ESCAPE;
  query_parameter parameter = find_parameter(name);
  if (parameter == PARAMETER_COUNT)
    return REFUSAL_UNKNOWN;
  if (values[parameter].bytes)
    return (request_refusal)(REFUSAL_REPEATED_TEXT + parameter);
  return decode(raw_value, out, &values[parameter]) ? REFUSAL_NONE : REFUSAL_ESCAPE;
}

/* The length of the UTF-8 sequence at the start of the bytes, or 0 if it is not a valid one (RFC 3629, section 4). */
static size_t utf8_sequence_nbytes(const uint8_t *bytes, size_t nbytes) {
  uint8_t first = bytes[0];
  if (first < 0x80)
    return 1;
  size_t length = first < 0xC2 ? 0 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : first < 0xF5 ? 4 : 0;
  if (length == 0 || length > nbytes)
    return 0;
  for (size_t i = 1; i < length; i++)
    if ((bytes[i] & 0xC0) != 0x80)
      return 0;
  bool overlong = (first == 0xE0 && bytes[1] < 0xA0) || (first == 0xF0 && bytes[1] < 0x90);
  bool surrogate = first == 0xED && bytes[1] > 0x9F;
  bool beyond_unicode = first == 0xF4 && bytes[1] > 0x8F;
  return overlong || surrogate || beyond_unicode ? 0 : length;
}

static bool is_utf8(slice text) {
  const uint8_t *bytes = (const uint8_t *)text.bytes;
  for (size_t i = 0, length; i < text.nbytes; i += length) {
    length = utf8_sequence_nbytes(bytes + i, text.nbytes - i);
    if (length == 0)
      return false;
  }
  return true;
}

static bool parse_level(slice value, qrpng_level *level) {
  static const char letters[] = {'L', 'M', 'Q', 'H'};
  const char *found = value.nbytes == 1 ? memchr(letters, value.bytes[0], sizeof letters) : NULL;
  if (found)
    *level = (qrpng_level)(found - letters);
  return found != NULL;
}

static bool parse_number(slice value, int minimum, int maximum, int *number) {
  if (value.nbytes < 1 || value.nbytes > 9)
    return false;
  int sum = 0;
  for (size_t i = 0; i < value.nbytes; i++) {
    if (value.bytes[i] < '0' || value.bytes[i] > '9')
      return false;
    sum = 10 * sum + (value.bytes[i] - '0');
  }
  *number = sum;
  return sum >= minimum && sum <= maximum;
}

static request_refusal judge(const slice values[PARAMETER_COUNT], bool raw_text, int max_width_px,
                             request_query *query) {
  query->text = values[TEXT];
  if (!query->text.bytes)
    return REFUSAL_MISSING;
  if (query->text.nbytes == 0)
    return REFUSAL_EMPTY;
  if (!raw_text && !is_utf8(query->text))
    return REFUSAL_UTF8;
  if (values[ECL].bytes && !parse_level(values[ECL], &query->options.ecl))
    return REFUSAL_ECL;
  if (values[WIDTH].bytes && !parse_number(values[WIDTH], 1, max_width_px, &query->options.width))
    return REFUSAL_WIDTH;
  if (values[MARGIN].bytes) {
    int margin;
    if (!parse_number(values[MARGIN], 0, QRPNG_MAX_MARGIN_MODULES, &margin))
      return REFUSAL_MARGIN;
    query->options.margin = margin;
  }
  return REFUSAL_NONE;
}

request_refusal query_parse(slice raw, bool raw_text, int max_width_px, char *scratch, request_query *query) {
  slice values[PARAMETER_COUNT] = {{0}};
  while (raw.nbytes > 0) {
    slice rest;
    slice segment = split(raw, '&', &rest);
    request_refusal refusal = segment.nbytes ? parse_parameter(segment, &scratch, values) : REFUSAL_NONE;
    if (refusal != REFUSAL_NONE)
      return refusal;
    raw = rest;
  }
  return judge(values, raw_text, max_width_px, query);
}
