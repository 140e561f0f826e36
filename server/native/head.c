#include "head.h"

#include <string.h>
#include <strings.h>

/* Follows the fields of a head through libmicrohttpd's buffer. */
typedef struct head_inspection {
  request_head head;
  slice etag;
  const char *expected; /* where the next field must start; NULL: not checked */
  int hosts, lengths, encodings;
} head_inspection;

bool etag_list_contains(slice list, slice etag) {
  const char *next = list.bytes, *end = list.bytes + list.nbytes;
  while (next < end) {
    if (*next == ' ' || *next == '\t' || *next == ',') {
      next++;
      continue;
    }
    if (*next == '*')
      return true;
    if (end - next > 2 && memcmp(next, "W/", 2) == 0)
      next += 2;
    const char *close = *next == '"' ? memchr(next + 1, '"', (size_t)(end - next - 1)) : NULL;
    if (!close)
      return false;
    size_t nbytes = (size_t)(close + 1 - next);
    if (nbytes == etag.nbytes && memcmp(next, etag.bytes, nbytes) == 0)
      return true;
    next = close + 1;
  }
  return false;
}

static bool is_letter_or_digit(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

/* RFC 9110, 5.6.2 */
static bool is_token(slice name) {
  for (size_t i = 0; i < name.nbytes; i++)
    if (!is_letter_or_digit(name.bytes[i]) && !(name.bytes[i] && strchr("-_!#$%&'*+.^`|~", name.bytes[i])))
      return false;
  return name.nbytes > 0;
}

static bool has_control_character(slice value) {
  for (size_t i = 0; i < value.nbytes; i++) {
    unsigned char c = (unsigned char)value.bytes[i];
    if ((c < ' ' && c != '\t') || c == 0x7F)
      return true;
  }
  return false;
}

static bool is_zero(slice number) {
  size_t zeros = 0;
  while (zeros < number.nbytes && number.bytes[zeros] == '0')
    zeros++;
  return zeros == number.nbytes;
}

static bool is_named(slice name, const char *other) {
  return name.nbytes == strlen(other) && strncasecmp(name.bytes, other, name.nbytes) == 0;
}

static void note_meaning(head_inspection *inspection, slice name, slice value) {
  request_head *head = &inspection->head;
  if (is_named(name, MHD_HTTP_HEADER_HOST)) {
    head->malformed |= ++inspection->hosts > 1;
  } else if (is_named(name, MHD_HTTP_HEADER_CONTENT_LENGTH)) {
    head->malformed |= ++inspection->lengths > 1 || inspection->encodings > 0;
    head->has_body |= !is_zero(value);
  } else if (is_named(name, MHD_HTTP_HEADER_TRANSFER_ENCODING)) {
    head->malformed |= ++inspection->encodings > 1 || inspection->lengths > 0;
    head->has_body = true;
  } else if (is_named(name, MHD_HTTP_HEADER_EXPECT)) {
    head->expects_continue = true;
  } else if (is_named(name, MHD_HTTP_HEADER_IF_NONE_MATCH)) {
    head->etag_matches |= etag_list_contains(value, inspection->etag);
  }
}

/*
 * libmicrohttpd 0.9.75 parses in place: it puts NUL over the colon and over each byte of the line end. So in a proper
 * head each field starts two bytes behind the value before it. NUL within a value ends the value early, a bare LF ends
 * the line with one byte, a folded line is moved elsewhere: none of them fits.
 */
static void note_place(head_inspection *inspection, slice name, slice value) {
  if (!inspection->expected)
    return;
  inspection->head.malformed |= name.bytes != inspection->expected || value.bytes <= name.bytes + name.nbytes;
  inspection->expected = value.bytes + value.nbytes + 2;
}

static enum MHD_Result inspect_field(void *cls, enum MHD_ValueKind kind, const char *name, size_t name_nbytes,
                                     const char *value, size_t value_nbytes) {
  (void)kind;
  head_inspection *inspection = cls;
  slice name_slice = {name, name_nbytes}, value_slice = {value, value_nbytes};
  inspection->head.malformed |= !is_token(name_slice) || has_control_character(value_slice);
  note_place(inspection, name_slice, value_slice);
  note_meaning(inspection, name_slice, value_slice);
  return MHD_YES;
}

/* Later versions of libmicrohttpd refuse by themselves what the places would tell, and parse in another way. */
bool head_is_fully_inspected(void) {
  return strcmp(MHD_get_version(), "0.9.75") == 0;
}

request_head head_inspect(struct MHD_Connection *connection, const char *method, const char *url, const char *version,
                          size_t target_nbytes, slice etag) {
  head_inspection inspection = {.etag = etag};
  bool check_places = head_is_fully_inspected();
  if (check_places)
    inspection.expected = version + strlen(version) + 2;

  MHD_get_connection_values_n(connection, MHD_HEADER_KIND, inspect_field, &inspection);

  const union MHD_ConnectionInfo *info = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_REQUEST_HEADER_SIZE);
  if (check_places) {
    const char *end = inspection.expected + 2; /* of the empty line */
    inspection.head.malformed |= url + target_nbytes + 1 != version || !info || end != method + info->header_size;
  }
  return inspection.head;
}
