#include "json_body.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "json_memory.h"

/* A larger body that is no array is not looked at any closer: its objects would take a multiple of its bytes. */
enum { MAX_JUDGED_NBYTES = 64 * 1024, ESCAPE_NBYTES = sizeof "\\uD800" - 1 };

static _Thread_local bool is_out_of_memory;

void json_prepare(void) {
  json_memory_prepare();
  json_object_seed(0);
}

static json_t *load(const char *bytes, size_t nbytes, size_t flags, json_error_t *error) {
  return json_memory_load(bytes, nbytes, flags | JSON_DECODE_ANY | JSON_ALLOW_NUL, error, &is_out_of_memory);
}

static int hex_value(const char *at) {
  char digits[5] = {0};
  memcpy(digits, at, 4);
  return strspn(digits, "0123456789abcdefABCDEF") == 4 ? (int)strtol(digits, NULL, 16) : -1;
}

/* What the escape \uXXXX at that place stands for, or -1 if there is none. */
static int escaped_unit(const char *at, const char *end) {
  return end - at >= ESCAPE_NBYTES && at[0] == '\\' && at[1] == 'u' ? hex_value(at + 2) : -1;
}

/*
 * Has each escape of a surrogate without its pair, which jansson takes for an error of syntax, stand for another
 * character. Returns whether there was any.
 */
static bool mend_surrogates(char *at, const char *end) {
  static const char replacement[4] = {'F', 'F', 'F', 'D'};
  bool is_mended = false;
  while (at < end && (at = memchr(at, '\\', (size_t)(end - at)))) {
    const int unit = escaped_unit(at, end);
    if (unit < 0) {
      at += end - at > 1 ? 2 : 1;
      continue;
    }
    const int next = unit >> 10 == 0xD800 >> 10 ? escaped_unit(at + ESCAPE_NBYTES, end) : -1;
    if (next >= 0 && next >> 10 == 0xDC00 >> 10) {
      at += 2 * ESCAPE_NBYTES;
      continue;
    }
    if (unit >> 11 == 0xD800 >> 11) {
      memcpy(at + 2, replacement, sizeof replacement);
      is_mended = true;
    }
    at += ESCAPE_NBYTES;
  }
  return is_mended;
}

static slice text_of(const json_t *string) {
  return (slice){json_string_value(string), json_string_length(string)};
}

/* A number as it would be in a query; of what is no whole one there, or no number, nothing is left. */
static slice digits_of(const json_t *value, char digits[16]) {
  const double number = json_is_number(value) ? json_number_value(value) : -1;
  digits[0] = '\0';
  if (number >= 0 && number <= 999999999 && number == (double)(long)number)
    snprintf(digits, 16, "%ld", (long)number);
  return (slice){digits, strlen(digits)};
}

static void note_members(json_members *members) {
  static const char *const names[QUERY_COUNT] = {
      [QUERY_TEXT] = "text", [QUERY_ECL] = "ecl", [QUERY_WIDTH] = "width", [QUERY_MARGIN] = "margin"};
  for (query_parameter i = QUERY_TEXT; i < QUERY_COUNT; i++) {
    const json_t *value = json_object_get(members->root, names[i]);
    if (!value)
      continue;
    if (i == QUERY_WIDTH || i == QUERY_MARGIN)
      members->values.of[i] = digits_of(value, members->digits[i]);
    else
      members->values.of[i] = json_is_string(value) ? text_of(value) : (slice){"", 0};
  }
}

static request_refusal why_not_loaded(const char *bytes, size_t nbytes, const json_error_t *error) {
  json_error_t ignored;
  if (is_out_of_memory)
    return REFUSAL_FAILED;
  if (json_error_code(error) == json_error_null_byte_in_key)
    return REFUSAL_UNKNOWN_MEMBER;
  if (json_error_code(error) != json_error_duplicate_key)
    return REFUSAL_JSON;
  json_t *root = load(bytes, nbytes, 0, &ignored);
  const request_refusal refusal = is_out_of_memory       ? REFUSAL_FAILED
                                  : !root                ? REFUSAL_JSON
                                  : json_is_object(root) ? REFUSAL_REPEATED_MEMBER
                                                         : REFUSAL_JSON_OBJECT;
  json_decref(root);
  return refusal;
}

request_refusal json_read_members(char *bytes, size_t nbytes, json_members *members) {
  json_error_t error;
  *members = (json_members){0};
  if (nbytes == 0 || memchr(bytes, '\0', nbytes)) /* bytes may be NULL; and jansson overlooks a NUL after a number */
    return REFUSAL_JSON;
  const bool is_mended = mend_surrogates(bytes, bytes + nbytes);
  members->root = load(bytes, nbytes, JSON_REJECT_DUPLICATES | JSON_DECODE_INT_AS_REAL, &error);
  if (!members->root)
    return why_not_loaded(bytes, nbytes, &error);
  if (!json_is_object((json_t *)members->root))
    return REFUSAL_JSON_OBJECT;
  const json_t *text = json_object_get(members->root, "text");
  if (!text)
    return REFUSAL_TEXT_MEMBER;
  if (!json_is_string(text))
    return REFUSAL_TEXT_TYPE;
  if (json_string_length(text) == 0)
    return REFUSAL_EMPTY;
  if (is_mended)
    return REFUSAL_SURROGATE;
  note_members(members);
  return REFUSAL_NONE;
}

request_refusal json_judge_names(const json_members *members) {
  size_t known_count = 0;
  for (query_parameter i = QUERY_TEXT; i < QUERY_COUNT; i++)
    known_count += members->values.of[i].bytes != NULL;
  return json_object_size(members->root) == known_count ? REFUSAL_NONE : REFUSAL_UNKNOWN_MEMBER;
}

void json_members_release(json_members *members) {
  json_decref(members->root);
  members->root = NULL;
}

/* RFC 8259, 2 */
static bool is_space(char c) {
  return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static char next_byte(json_texts *texts) {
  while (texts->at < texts->nbytes && is_space(texts->bytes[texts->at]))
    texts->at++;
  return texts->at < texts->nbytes ? texts->bytes[texts->at] : '\0';
}

static json_found refuse(request_refusal reason, request_refusal *refusal) {
  *refusal = reason;
  return JSON_NOTHING;
}

/* Of a body that does not begin as an array. */
static json_found refuse_other(const json_texts *texts, request_refusal *refusal) {
  json_error_t error;
  if (texts->nbytes > MAX_JUDGED_NBYTES)
    return refuse(REFUSAL_JSON_ARRAY, refusal);
  json_t *root = load(texts->bytes, texts->nbytes, 0, &error);
  const bool is_json = root != NULL;
  json_decref(root);
  return refuse(is_out_of_memory ? REFUSAL_FAILED : is_json ? REFUSAL_JSON_ARRAY : REFUSAL_JSON, refusal);
}

static json_found find_end(json_texts *texts, request_refusal *refusal) {
  texts->at++;
  if (next_byte(texts) != '\0' || texts->at < texts->nbytes)
    return refuse(REFUSAL_JSON, refusal);
  return texts->text_count > 0 ? JSON_END : refuse(REFUSAL_JSON_ARRAY, refusal);
}

/* The bytes of the string at that place with its quotes, or none if it has no end. */
static size_t string_nbytes(const char *at, const char *end) {
  for (const char *next = at + 1; next < end; next++) {
    if (*next == '"')
      return (size_t)(next + 1 - at);
    if (*next == '\\')
      next++;
  }
  return 0;
}

/* A string takes no more bytes than it does in JSON, where it has quotes, so it has room in its place. */
static json_found read_string(json_texts *texts, slice *text, request_refusal *refusal) {
  json_error_t error;
  char *at = texts->bytes + texts->at;
  const size_t nbytes = string_nbytes(at, texts->bytes + texts->nbytes);
  const bool is_mended = mend_surrogates(at, at + nbytes);
  json_t *string = load(at, nbytes, 0, &error);
  if (!string)
    return refuse(is_out_of_memory ? REFUSAL_FAILED : REFUSAL_JSON, refusal);
  texts->at += nbytes;
  *text = (slice){at, json_string_length(string)};
  memcpy(at, json_string_value(string), text->nbytes);
  json_decref(string);
  *refusal = text->nbytes == 0 ? REFUSAL_EMPTY : is_mended ? REFUSAL_SURROGATE : REFUSAL_NONE;
  return *refusal == REFUSAL_NONE ? JSON_TEXT : JSON_BAD_TEXT;
}

/* What is no string can't be a text; of arrays and objects nobody wants to know the rest. */
static json_found read_other(json_texts *texts, char first, request_refusal *refusal) {
  json_error_t error;
  *refusal = REFUSAL_TEXT_TYPE;
  if (first == '[' || first == '{') {
    texts->is_over = true;
    return JSON_BAD_TEXT;
  }
  json_t *value = load(texts->bytes + texts->at, texts->nbytes - texts->at,
                       JSON_DISABLE_EOF_CHECK | JSON_DECODE_INT_AS_REAL, &error);
  const bool is_number_too_large = json_error_code(&error) == json_error_numeric_overflow;
  if (!value && !(is_number_too_large && !is_out_of_memory))
    return refuse(is_out_of_memory ? REFUSAL_FAILED : REFUSAL_JSON, refusal);
  texts->at += (size_t)error.position;
  json_decref(value);
  return JSON_BAD_TEXT;
}

json_found json_next_text(json_texts *texts, slice *text, request_refusal *refusal) {
  char next = next_byte(texts);
  if (!texts->has_begun) {
    if (next != '[')
      return refuse_other(texts, refusal);
    texts->has_begun = true;
    texts->at++;
    next = next_byte(texts);
    if (next == ']')
      return find_end(texts, refusal);
  } else {
    if (next == ']')
      return find_end(texts, refusal);
    if (next != ',')
      return refuse(REFUSAL_JSON, refusal);
    texts->at++;
    next = next_byte(texts);
  }
  texts->text_count++;
  return next == '"' ? read_string(texts, text, refusal) : read_other(texts, next, refusal);
}
