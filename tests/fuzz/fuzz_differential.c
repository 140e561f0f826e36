/* Engine fast against engine reference: the same status and sentence, the same modules, the same pixels or other bytes.
 */
#include <stdlib.h>
#include <string.h>

#include "call.h"
#include "strict_png.h"

typedef struct image_judge {
  qrpng_encoder *encoder, *modules_encoder;
  strict_reader *reader;
} image_judge;

typedef struct call_outcome {
  const char *engine, *message;
  qrpng_format format;
  qrpng_status status;
  const uint8_t *output;
  size_t output_nbytes;
  qrpng_symbol symbol;
  strict_image image;
} call_outcome;

static void create_judge(image_judge *judge) {
  judge->reader = strict_reader_create();
  fuzz_require(judge->reader && qrpng_encoder_create(&judge->encoder) == QRPNG_OK &&
                   qrpng_encoder_create(&judge->modules_encoder) == QRPNG_OK,
               "no memory");
}

static call_outcome encode(const image_judge *judge, const fuzz_call *call, const char *engine) {
  qrpng_options options = call->options;
  options.engine = engine;
  call_outcome outcome = {.engine = engine, .format = options.format};
  outcome.status =
      qrpng_encode(judge->encoder, call->text, call->text_nbytes, &options, &outcome.output, &outcome.output_nbytes);
  outcome.message = qrpng_error_message(judge->encoder);
  qrpng_encode_modules(judge->modules_encoder, call->text, call->text_nbytes, &options, &outcome.symbol);
  if (outcome.status == QRPNG_OK && outcome.format == QRPNG_FORMAT_PNG) {
    const char *complaint = strict_read(judge->reader, outcome.output, outcome.output_nbytes, &outcome.image);
    fuzz_require(!complaint, "%s: %s", engine, complaint);
  }
  return outcome;
}

static void require_same_bytes(const call_outcome *actual, const call_outcome *expected) {
  fuzz_require(actual->output_nbytes == expected->output_nbytes &&
                   (actual->output_nbytes == 0 || memcmp(actual->output, expected->output, actual->output_nbytes) == 0),
               "%s: other bytes than %s", actual->engine, expected->engine);
}

static void compare(strict_reader *reader, const call_outcome *actual, const call_outcome *expected) {
  fuzz_require(actual->status == expected->status, "%s: status %d instead of %d", actual->engine, actual->status,
               expected->status);
  fuzz_require(strcmp(actual->message, expected->message) == 0, "%s: %s", actual->engine, actual->message);
  fuzz_require(actual->symbol.version == expected->symbol.version, "%s: version %d instead of %d", actual->engine,
               actual->symbol.version, expected->symbol.version);
  size_t module_count = (size_t)actual->symbol.side * (size_t)actual->symbol.side;
  fuzz_require(module_count == 0 || memcmp(actual->symbol.modules, expected->symbol.modules, module_count) == 0,
               "%s: other modules", actual->engine);
  if (actual->status != QRPNG_OK)
    return;
  if (actual->format != QRPNG_FORMAT_PNG) {
    require_same_bytes(actual, expected);
    return;
  }
  const char *complaint = strict_compare_images(reader, &actual->image, &expected->image);
  fuzz_require(!complaint, "%s: %s", actual->engine, complaint);
}

int LLVMFuzzerTestOneInput(const uint8_t *input, size_t input_nbytes) {
  static image_judge for_reference, for_fast, for_path;
  fuzz_call call;
  if (fuzz_decode_call(input, input_nbytes, &call) != 0)
    return -1;
  if (!for_reference.reader) {
    create_judge(&for_reference);
    create_judge(&for_fast);
    create_judge(&for_path);
  }
  call.options.mask = QRPNG_BEST_MASK;                  /* engine reference has no other, */
  call.options.mask_rule = QRPNG_MASK_RULE_LIBQRENCODE; /* and finds it by no other rule */
  call_outcome reference = encode(&for_reference, &call, "reference"), fast = encode(&for_fast, &call, "fast");
  compare(for_fast.reader, &fast, &reference);
  const char *engine;
  for (size_t i = 1; (engine = fuzz_fast_engine(i)); i++) {
    call_outcome path = encode(&for_path, &call, engine);
    compare(for_path.reader, &path, &reference);
    require_same_bytes(&path, &fast);
  }
  fuzz_free_call(&call);
  return 0;
}
