/*
 * Any options, segments and text, with any engine: the library keeps the promises of qrpng.h, and what it returns
 * depends on nothing but the arguments.
 */
#include <stdlib.h>
#include <string.h>

#include "call.h"
#include "strict_drawn.h"
#include "strict_png.h"

typedef struct call_result {
  qrpng_status status;
  const uint8_t *output;
  size_t output_nbytes;
} call_result;

static call_result encode(qrpng_encoder *encoder, const fuzz_call *call) {
  call_result result;
  result.status =
      qrpng_encode(encoder, call->text, call->text_nbytes, &call->options, &result.output, &result.output_nbytes);
  return result;
}

static void check_failure(const qrpng_encoder *encoder, call_result result) {
  const char *message = qrpng_error_message(encoder);
  fuzz_require(result.status != QRPNG_INTERNAL && result.status != QRPNG_OUT_OF_MEMORY, "%s", message);
  fuzz_require(result.output == NULL && result.output_nbytes == 0, "an image in spite of: %s", message);
  fuzz_require_sentence(message);
  fuzz_require(strcmp(qrpng_status_message(result.status), "unknown status") != 0, "status %d", result.status);
}

static const char *complain_of_image(strict_reader *reader, const qrpng_options *options, const qrpng_symbol *symbol,
                                     call_result result) {
  if (options->format == QRPNG_FORMAT_SVG)
    return strict_check_svg(result.output, result.output_nbytes, symbol, options);
  if (options->format != QRPNG_FORMAT_PNG)
    return strict_check_text(result.output, result.output_nbytes, symbol, options);
  strict_image image;
  const char *complaint = strict_read(reader, result.output, result.output_nbytes, &image);
  return complaint ? complaint : strict_compare_symbol(reader, &image, symbol, options);
}

static void check_symbol(const fuzz_call *call, const qrpng_symbol *symbol) {
  const qrpng_options *options = &call->options;
  fuzz_require(!options->version || symbol->version == options->version, "version %d", symbol->version);
  fuzz_require(symbol->side == 17 + 4 * symbol->version, "a side of %d modules", symbol->side);
  fuzz_require(symbol->ecl == options->ecl, "level %d", symbol->ecl);
  fuzz_require(options->mask == QRPNG_BEST_MASK ? symbol->mask >= 0 && symbol->mask < 8 : symbol->mask == options->mask,
               "mask %d", symbol->mask);
  size_t covered = 0;
  for (size_t i = 0; i < symbol->segment_count; i++)
    covered += symbol->segments[i].nbytes;
  fuzz_require(covered == call->text_nbytes, "segments of %zu bytes", covered);
}

static void check_image(qrpng_encoder *judge, strict_reader *reader, const fuzz_call *call, call_result result) {
  qrpng_symbol symbol;
  qrpng_status status = qrpng_encode_modules(judge, call->text, call->text_nbytes, &call->options, &symbol);
  fuzz_require(status == QRPNG_OK, "no modules, but an image: %s", qrpng_error_message(judge));
  check_symbol(call, &symbol);
  const char *complaint = complain_of_image(reader, &call->options, &symbol, result);
  fuzz_require(!complaint, "%s", complaint);
}

/* encoder has a past, judge has none. */
static void check_call(qrpng_encoder *encoder, qrpng_encoder *judge, strict_reader *reader, const fuzz_call *call) {
  qrpng_status options_status = qrpng_check_options(encoder, &call->options);
  call_result first = encode(encoder, call);
  fuzz_require(options_status == QRPNG_OK || options_status == first.status, "the options have status %d, the call %d",
               options_status, first.status);
  if (first.status != QRPNG_OK)
    check_failure(encoder, first);
  else
    fuzz_require(qrpng_error_message(encoder)[0] == '\0', "%s", qrpng_error_message(encoder));

  call_result second = encode(judge, call);
  fuzz_require(second.status == first.status, "status %d, from a new encoder %d", first.status, second.status);
  fuzz_require(second.output_nbytes == first.output_nbytes, "other bytes from a new encoder");
  fuzz_require(first.status != QRPNG_OK || memcmp(first.output, second.output, first.output_nbytes) == 0,
               "other bytes from a new encoder");
  if (first.status == QRPNG_OK)
    check_image(judge, reader, call, first);
}

int LLVMFuzzerTestOneInput(const uint8_t *input, size_t input_nbytes) {
  static qrpng_encoder *encoder;
  static strict_reader *reader;
  fuzz_call call;
  if (fuzz_decode_call(input, input_nbytes, &call) != 0)
    return -1;
  if (!encoder)
    fuzz_require(qrpng_encoder_create(&encoder) == QRPNG_OK && (reader = strict_reader_create()), "no memory");
  qrpng_encoder *judge;
  fuzz_require(qrpng_encoder_create(&judge) == QRPNG_OK, "no memory");
  check_call(encoder, judge, reader, &call);
  qrpng_encoder_destroy(judge);
  fuzz_free_call(&call);
  return 0;
}
