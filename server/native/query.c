#include "query.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "utf8.h"

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
  static const char *const names[QUERY_COUNT] = {
      [QUERY_TEXT] = "text", [QUERY_ECL] = "ecl", [QUERY_WIDTH] = "width", [QUERY_MARGIN] = "margin"};
  query_parameter parameter = QUERY_TEXT;
  while (parameter < QUERY_COUNT && !slice_equals(name, names[parameter]))
    parameter++;
  return parameter;
}

static request_refusal read_parameter(slice raw, char **out, query_values *values) {
  slice raw_value, name;
  slice raw_name = split(raw, '=', &raw_value);
  if (!decode(raw_name, out, &name))
    return REFUSAL_ESCAPE;
  query_parameter parameter = find_parameter(name);
  if (parameter == QUERY_COUNT)
    return REFUSAL_UNKNOWN;
  if (values->of[parameter].bytes)
    return (request_refusal)(REFUSAL_REPEATED_TEXT + parameter);
  return decode(raw_value, out, &values->of[parameter]) ? REFUSAL_NONE : REFUSAL_ESCAPE;
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

request_refusal query_read(slice raw, char *scratch, query_values *values) {
  *values = (query_values){0};
  while (raw.nbytes > 0) {
    slice rest;
    slice segment = split(raw, '&', &rest);
    request_refusal refusal = segment.nbytes ? read_parameter(segment, &scratch, values) : REFUSAL_NONE;
    if (refusal != REFUSAL_NONE)
      return refusal;
    raw = rest;
  }
  return REFUSAL_NONE;
}

request_refusal query_read_for_post(slice raw, char *scratch, query_values *values) {
  const request_refusal refusal = query_read(raw, scratch, values);
  if (refusal == REFUSAL_NONE && values->of[QUERY_TEXT].bytes)
    return REFUSAL_TEXT_IN_QUERY;
  return refusal == REFUSAL_UNKNOWN ? REFUSAL_UNKNOWN_OPTION : refusal;
}

request_refusal query_judge_options(const query_values *values, int max_width_px, qrpng_options *options) {
  const slice ecl = values->of[QUERY_ECL], width = values->of[QUERY_WIDTH], margin = values->of[QUERY_MARGIN];
  int margin_modules;
  if (ecl.bytes && !parse_level(ecl, &options->ecl))
    return REFUSAL_ECL;
  if (width.bytes && !parse_number(width, 1, max_width_px, &options->width))
    return REFUSAL_WIDTH;
  if (!margin.bytes)
    return REFUSAL_NONE;
  if (!parse_number(margin, 0, QRPNG_MAX_MARGIN_MODULES, &margin_modules))
    return REFUSAL_MARGIN;
  options->margin = margin_modules;
  return REFUSAL_NONE;
}

request_refusal query_parse(slice raw, bool raw_text, int max_width_px, char *scratch, request_query *query) {
  query_values values;
  request_refusal refusal = query_read(raw, scratch, &values);
  if (refusal != REFUSAL_NONE)
    return refusal;
  query->text = values.of[QUERY_TEXT];
  if (!query->text.bytes)
    return REFUSAL_MISSING;
  if (query->text.nbytes == 0)
    return REFUSAL_EMPTY;
  if (!raw_text && !utf8_is_valid(query->text))
    return REFUSAL_UTF8;
  return query_judge_options(&values, max_width_px, &query->options);
}
