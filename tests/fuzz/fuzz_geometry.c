/* Versions, margins, widths and scales at their extremes, with masks and texts that make extreme patterns. */
#include <stdlib.h>
#include <string.h>

#include "call.h"
#include "strict_png.h"
#include "version.h"

enum { MAX_TEXT_NBYTES = 2953 };

/* Some way to choose a size, with a number that says how far to go. */
static void choose_size(qrpng_options *options, int total_modules, unsigned way, int number) {
  int largest_scale = QRPNG_MAX_SIDE_PX / total_modules;
  int scale = 1 + number % largest_scale;
  options->width = options->scale = 0;
  switch (way % 5) {
  case 0: /* the smallest widths, and one below */
    options->width = total_modules - 1 + number % 32;
    break;
  case 1: /* just above and below whole scales */
    options->width = total_modules * scale - 2 + number / largest_scale % 8;
    break;
  case 2: /* the largest widths, and one beyond */
    options->width = QRPNG_MAX_SIDE_PX + 1 - number % 64;
    break;
  case 3: /* all scales, and one beyond */
    options->scale = 1 + number % (largest_scale + 1);
    break;
  case 4:
    options->width = 1 + number % QRPNG_MAX_SIDE_PX;
    break;
  }
}

static qrpng_status expected_status(const qrpng_options *options, int total_modules) {
  if (options->width > QRPNG_MAX_SIDE_PX)
    return QRPNG_BAD_WIDTH;
  if (options->width && options->width < total_modules)
    return QRPNG_WIDTH_TOO_SMALL;
  return options->scale * total_modules > QRPNG_MAX_SIDE_PX ? QRPNG_SCALE_TOO_LARGE : QRPNG_OK;
}

/* The fuzzer's text, repeated until the symbol is full. */
static size_t fill_symbol(uint8_t text[MAX_TEXT_NBYTES], const fuzz_call *call, const qrpng_options *options) {
  enum { LONGEST_HEADER_NBITS = 20 };
  int capacity_nbits = qrpng_data_capacity_bits(options->version, options->ecl);
  size_t text_nbytes = (size_t)(capacity_nbits - LONGEST_HEADER_NBITS) / 8;
  for (size_t i = 0; i < text_nbytes; i++)
    text[i] = call->text_nbytes ? call->text[i % call->text_nbytes] : 0;
  return text_nbytes;
}

static void check_image(strict_reader *reader, const uint8_t *png, size_t png_nbytes, const qrpng_symbol *symbol,
                        const qrpng_options *options) {
  strict_image image;
  const char *complaint = strict_read(reader, png, png_nbytes, &image);
  if (!complaint)
    complaint = strict_compare_symbol(reader, &image, symbol, options);
  fuzz_require(!complaint, "version %d, margin %g, width %d, scale %d, mask %d: %s", options->version, options->margin,
               options->width, options->scale, options->mask, complaint);
  fuzz_require(image.data_chunks == 1, "%d IDATs", image.data_chunks);
}

int LLVMFuzzerTestOneInput(const uint8_t *input, size_t input_nbytes) {
  static qrpng_encoder *encoder, *judge;
  static strict_reader *reader;
  fuzz_call call;
  if (input_nbytes < CALL_HEAD_NBYTES || input[CALL_FLAGS] & (CALL_IS_RAW | CALL_HAS_SEGMENTS) ||
      fuzz_decode_call(input, input_nbytes, &call) != 0)
    return -1;
  if (!encoder)
    fuzz_require(qrpng_encoder_create(&encoder) == QRPNG_OK && qrpng_encoder_create(&judge) == QRPNG_OK &&
                     (reader = strict_reader_create()),
                 "no memory");

  qrpng_options options = call.options;
  options.engine = "fast";
  options.format = QRPNG_FORMAT_PNG;
  options.title = NULL;
  options.version = options.version ? options.version : 1;
  options.margin = (int)options.margin;
  int total_modules = qrpng_side_of_version(options.version) + 2 * (int)options.margin;
  choose_size(&options, total_modules, input[CALL_SCALE], input[CALL_WIDTH] | input[CALL_WIDTH + 1] << 8);
  uint8_t text[MAX_TEXT_NBYTES];
  size_t text_nbytes = fill_symbol(text, &call, &options), png_nbytes;
  const uint8_t *png;
  qrpng_symbol symbol;
  qrpng_status status = qrpng_encode(encoder, text, text_nbytes, &options, &png, &png_nbytes);
  fuzz_require(status == expected_status(&options, total_modules), "status %d: %s", status,
               qrpng_error_message(encoder));
  if (status == QRPNG_OK) {
    status = qrpng_encode_modules(judge, text, text_nbytes, &options, &symbol);
    fuzz_require(status == QRPNG_OK, "%s", qrpng_error_message(judge));
    check_image(reader, png, png_nbytes, &symbol, &options);
  }
  fuzz_free_call(&call);
  return 0;
}
