/*
 * The C server's query. The first byte says whether a text may be any bytes. What passes means the same when it is
 * written with other escapes and in another order.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "../../server/native/query.h"
#include "../../server/native/utf8.h"
#include "require.h"

enum { MAX_WIDTH_PX = 1024, ESCAPE_NBYTES = 3, MAX_QUERY_NBYTES = 1 << 14 };

static const char *const names[QUERY_COUNT] = {
    [QUERY_TEXT] = "text", [QUERY_ECL] = "ecl", [QUERY_WIDTH] = "width", [QUERY_MARGIN] = "margin"};

static int is_within(slice part, slice whole) {
  return part.bytes >= whole.bytes && part.bytes + part.nbytes <= whole.bytes + whole.nbytes;
}

static slice check_target(slice raw) {
  const request_target target = target_split(raw);
  fuzz_require(is_within(target.path, raw) && is_within(target.query, raw), "parts outside of the target");
  fuzz_require(target.path.nbytes == 0 || !memchr(target.path.bytes, '?', target.path.nbytes), "a path with a query");
  return target.query;
}

/* The values in the opposite order, each byte as an escape. Returns the end. */
static char *write_escaped(char *at, const query_values *values) {
  static const char digits[] = "0123456789abcdef";
  for (int i = QUERY_COUNT - 1; i >= 0; i--) {
    const slice value = values->of[i];
    if (!value.bytes)
      continue;
    *at++ = '&';
    memcpy(at, names[i], strlen(names[i]));
    at += strlen(names[i]);
    *at++ = '=';
    for (size_t k = 0; k < value.nbytes; k++) {
      const uint8_t byte = (uint8_t)value.bytes[k];
      *at++ = '%';
      *at++ = digits[byte >> 4];
      *at++ = digits[byte & 15];
    }
  }
  return at;
}

static void check_again(const query_values *values) {
  static char written[ESCAPE_NBYTES * MAX_QUERY_NBYTES], scratch[sizeof written];
  const slice raw = {written, (size_t)(write_escaped(written, values) - written)};
  query_values again;
  fuzz_require(query_read(raw, scratch, &again) == REFUSAL_NONE, "refused when it is written with escapes");
  for (int i = 0; i < QUERY_COUNT; i++) {
    const slice value = values->of[i], other = again.of[i];
    fuzz_require(!value.bytes == !other.bytes && value.nbytes == other.nbytes, "another %s", names[i]);
    fuzz_require(value.nbytes == 0 || memcmp(value.bytes, other.bytes, value.nbytes) == 0, "another %s", names[i]);
  }
}

static void check_sentence(request_refusal refusal) {
  const refusal_limits limits = {MAX_WIDTH_PX, 1000};
  char sentence[512];
  fuzz_require(refusal_sentence(refusal, &limits, sentence, sizeof sentence) < (int)sizeof sentence, "too long");
  fuzz_require_sentence(sentence);
  fuzz_require(refusal_http_status(refusal) == 400, "status %u", refusal_http_status(refusal));
}

static void check_options(const qrpng_options *options) {
  fuzz_require(options->width >= 1 && options->width <= MAX_WIDTH_PX, "a width of %d px", options->width);
  fuzz_require(options->margin >= 0 && options->margin <= QRPNG_MAX_MARGIN_MODULES, "a margin of %g", options->margin);
  fuzz_require(options->ecl <= QRPNG_LEVEL_H, "level %d", options->ecl);
}

static void check_post(slice raw, char *scratch, request_refusal refusal, const query_values *values) {
  query_values of_post;
  const request_refusal actual = query_read_for_post(raw, scratch, &of_post);
  const request_refusal expected = refusal == REFUSAL_UNKNOWN                       ? REFUSAL_UNKNOWN_OPTION
                                   : refusal == REFUSAL_NONE && values->of[0].bytes ? REFUSAL_TEXT_IN_QUERY
                                                                                    : refusal;
  fuzz_require(actual == expected, "refusal %d for a POST instead of %d", actual, expected);
}

static void check_query(slice raw, int takes_any_bytes) {
  char *scratch = fuzz_allocate(raw.nbytes);
  query_values values;
  const request_refusal reading = query_read(raw, scratch, &values);
  if (reading == REFUSAL_NONE)
    check_again(&values);
  check_post(raw, scratch, reading, &values);

  request_query query = {.options = qrpng_default_options()};
  const request_refusal refusal = query_parse(raw, takes_any_bytes, MAX_WIDTH_PX, scratch, &query);
  fuzz_require(reading == REFUSAL_NONE || refusal == reading, "refusal %d, then %d", reading, refusal);
  if (refusal == REFUSAL_NONE) {
    fuzz_require(query.text.nbytes > 0 && (takes_any_bytes || utf8_is_valid(query.text)), "a text that is none");
    check_options(&query.options);
  } else {
    check_sentence(refusal);
  }
  free(scratch);
}

int LLVMFuzzerTestOneInput(const uint8_t *input, size_t input_nbytes);
int LLVMFuzzerTestOneInput(const uint8_t *input, size_t input_nbytes) {
  if (input_nbytes < 1 || input_nbytes > MAX_QUERY_NBYTES)
    return -1;
  char *raw = fuzz_copy(input + 1, input_nbytes - 1);
  const slice target = {raw, input_nbytes - 1};
  check_query(check_target(target), input[0] & 1);
  check_query(target, input[0] & 1);
  free(raw);
  return 0;
}
