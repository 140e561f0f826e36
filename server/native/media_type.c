#include "media_type.h"

#include <string.h>

static bool is_space(char c) {
  return c == ' ' || c == '\t';
}

static slice trim(slice text) {
  while (text.nbytes > 0 && is_space(text.bytes[0]))
    text = (slice){text.bytes + 1, text.nbytes - 1};
  while (text.nbytes > 0 && is_space(text.bytes[text.nbytes - 1]))
    text.nbytes--;
  return text;
}

/* Takes what is before the delimiter, and the delimiter; of what is not there it takes all. */
static slice take_until(slice *rest, char delimiter) {
  if (rest->nbytes == 0) /* and bytes may be NULL */
    return *rest;
  const char *found = memchr(rest->bytes, delimiter, rest->nbytes);
  const slice taken = {rest->bytes, found ? (size_t)(found - rest->bytes) : rest->nbytes};
  const size_t used = taken.nbytes + (found ? 1 : 0);
  *rest = (slice){rest->bytes + used, rest->nbytes - used};
  return taken;
}

/* The value of a parameter, without quotes: no charset that counts has escapes in them. */
static slice take_value(slice *rest) {
  if (rest->nbytes == 0 || rest->bytes[0] != '"')
    return trim(take_until(rest, ';'));
  *rest = (slice){rest->bytes + 1, rest->nbytes - 1};
  const slice value = take_until(rest, '"');
  take_until(rest, ';');
  return value;
}

/* Read as browsers do (WHATWG MIME Sniffing, 4.4): the first charset counts, and what is no parameter does not. */
static bool is_charset_utf8(slice parameters) {
  while (parameters.nbytes > 0) {
    while (parameters.nbytes > 0 && is_space(parameters.bytes[0]))
      parameters = (slice){parameters.bytes + 1, parameters.nbytes - 1};
    size_t name_nbytes = 0;
    while (name_nbytes < parameters.nbytes && parameters.bytes[name_nbytes] != '=' &&
           parameters.bytes[name_nbytes] != ';')
      name_nbytes++;
    const slice name = {parameters.bytes, name_nbytes};
    if (name_nbytes == parameters.nbytes || parameters.bytes[name_nbytes] == ';') {
      take_until(&parameters, ';');
      continue;
    }
    parameters = (slice){parameters.bytes + name_nbytes + 1, parameters.nbytes - name_nbytes - 1};
    const bool is_quoted = parameters.nbytes > 0 && parameters.bytes[0] == '"';
    const slice value = take_value(&parameters);
    if (slice_equals_ignoring_case(name, "charset") && (value.nbytes > 0 || is_quoted))
      return slice_equals_ignoring_case(value, "utf-8");
  }
  return true;
}

media_type media_type_of(const http_request *request) {
  static const char *const names[MEDIA_OTHER] = {
      [MEDIA_TEXT] = "text/plain", [MEDIA_BYTES] = "application/octet-stream", [MEDIA_JSON] = "application/json"};
  size_t position = 0;
  slice rest = http_field_value(request, "Content-Type", &position);
  const slice essence = trim(take_until(&rest, ';'));
  media_type type = MEDIA_TEXT;
  while (type < MEDIA_OTHER && !slice_equals_ignoring_case(essence, names[type]))
    type++;
  return is_charset_utf8(rest) ? type : MEDIA_OTHER;
}
