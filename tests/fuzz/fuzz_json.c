/*
 * Bodies in JSON, as an object and as an array of texts. jansson, which reads strings for both, reads the whole once
 * more: what it finds there is what was found text by text.
 */
#include <jansson.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "../../server/native/json_body.h"
#include "../../server/native/utf8.h"
#include "require.h"

static void check_text(slice text) {
  fuzz_require(text.nbytes > 0 && utf8_is_valid(text), "a text that is none");
}

/* The members written anew, where all are known. */
static void check_again(const json_members *members) {
  char *written = json_dumps(members->root, JSON_COMPACT | JSON_ENSURE_ASCII);
  fuzz_require(written != NULL, "no memory");
  json_members again;
  const request_refusal refusal = json_read_members(written, strlen(written), &again);
  fuzz_require(refusal == REFUSAL_NONE, "refusal %d when it is written anew", refusal);
  for (query_parameter i = QUERY_TEXT; i < QUERY_COUNT; i++) {
    const slice value = members->values.of[i], other = again.values.of[i];
    fuzz_require(!value.bytes == !other.bytes && value.nbytes == other.nbytes, "another value %d", i);
    fuzz_require(value.nbytes == 0 || memcmp(value.bytes, other.bytes, value.nbytes) == 0, "another value %d", i);
  }
  json_members_release(&again);
  json_free_t release;
  json_get_alloc_funcs(NULL, &release);
  release(written);
}

static void check_object(const uint8_t *input, size_t input_nbytes) {
  char *body = input_nbytes > 0 ? fuzz_copy(input, input_nbytes) : NULL;
  json_members members;
  const request_refusal refusal = json_read_members(body, input_nbytes, &members);
  fuzz_require(refusal != REFUSAL_FAILED, "no memory");
  if (refusal == REFUSAL_NONE) {
    qrpng_options options = qrpng_default_options();
    check_text(members.values.of[QUERY_TEXT]);
    query_judge_options(&members.values, QRPNG_MAX_SIDE_PX, &options);
    if (json_judge_names(&members) == REFUSAL_NONE)
      check_again(&members);
  }
  json_members_release(&members);
  free(body);
}

/* Returns NULL if it is no array, or has what jansson refuses and the other reading need not. */
static json_t *load_array(const uint8_t *input, size_t input_nbytes) {
  json_error_t error;
  if (input_nbytes > 0 && memchr(input, '\0', input_nbytes)) /* it overlooks them after numbers and words */
    return NULL;
  json_t *root = json_loadb((const char *)input, input_nbytes, JSON_ALLOW_NUL | JSON_DECODE_INT_AS_REAL, &error);
  if (json_is_array(root))
    return root;
  json_decref(root);
  return NULL;
}

static void check_array(const uint8_t *input, size_t input_nbytes) {
  char *body = input_nbytes > 0 ? fuzz_copy(input, input_nbytes) : NULL;
  json_t *array = load_array(input, input_nbytes);
  json_texts texts = {.bytes = body, .nbytes = input_nbytes};
  slice text;
  request_refusal refusal;
  json_found found;
  while ((found = json_next_text(&texts, &text, &refusal)) == JSON_TEXT || (found == JSON_BAD_TEXT && !texts.is_over)) {
    const json_t *expected = json_array_get(array, texts.text_count - 1);
    fuzz_require(!array || json_is_string(expected) || found == JSON_BAD_TEXT, "a text where there is no string");
    if (found == JSON_BAD_TEXT)
      continue;
    check_text(text);
    fuzz_require(text.bytes >= body && text.bytes + text.nbytes <= body + input_nbytes, "a text outside of the body");
    fuzz_require(!array || (json_string_length(expected) == text.nbytes &&
                            memcmp(json_string_value(expected), text.bytes, text.nbytes) == 0),
                 "another text %zu", texts.text_count);
  }
  fuzz_require(found != JSON_NOTHING || refusal != REFUSAL_FAILED, "no memory");
  if (found == JSON_END)
    fuzz_require(!array || json_array_size(array) == texts.text_count, "%zu texts", texts.text_count);
  else
    fuzz_require(!array || json_array_size(array) == 0 || texts.is_over, "an array is refused by %d", refusal);
  json_decref(array);
  free(body);
}

int LLVMFuzzerTestOneInput(const uint8_t *input, size_t input_nbytes);
int LLVMFuzzerTestOneInput(const uint8_t *input, size_t input_nbytes) {
  static int is_prepared;
  if (!is_prepared) {
    json_prepare();
    is_prepared = 1;
  }
  check_object(input, input_nbytes);
  check_array(input, input_nbytes);
  return 0;
}
