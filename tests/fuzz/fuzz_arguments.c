/* The command line of qrpng, with what follows from it for a text and for the names of a batch's files. */
#include <stdlib.h>
#include <string.h>

#include "../../cli/arguments.h"
#include "../../cli/batch_name.h"
#include "argv.h"
#include "require.h"

static int parse(int argc, char **argv, void *arguments) {
  return parse_arguments(argc, argv, arguments);
}

/* What the core doesn't judge. */
static void check_batch(const cli_arguments *arguments) {
  static const uint8_t bytes[] = "a/b c.\xFF";
  char name[NAME_MAX + 1];
  const batch_text text = {.number = 12, .bytes = bytes, .nbytes = sizeof bytes};
  fuzz_require(arguments->threads >= 1 && arguments->threads <= MAX_THREADS, "%d threads", arguments->threads);
  fuzz_require(arguments->folder_path && !arguments->text && !arguments->read_path, "a batch with a text");
  const size_t nbytes = format_name(arguments->name_pattern, &text, name);
  fuzz_require(nbytes > NAME_MAX || (strlen(name) == nbytes && !strchr(name, '/')), "the name %s", name);
}

static void check_arguments(const cli_arguments *arguments) {
  static qrpng_encoder *encoder;
  if (!encoder)
    fuzz_require(qrpng_encoder_create(&encoder) == QRPNG_OK, "no memory");
  qrpng_segment segment;
  const qrpng_options options = options_for_text(arguments, 5, &segment);
  const qrpng_status status = qrpng_check_options(encoder, &options);
  fuzz_require(status != QRPNG_INTERNAL && status != QRPNG_BAD_EFFORT && status != QRPNG_BAD_MASK_RULE &&
                   status != QRPNG_BAD_FORMAT,
               "the core refuses what is no text: %s", qrpng_error_message(encoder));
  if (arguments->batch_path)
    check_batch(arguments);
}

int LLVMFuzzerTestOneInput(const uint8_t *input, size_t input_nbytes);
int LLVMFuzzerTestOneInput(const uint8_t *input, size_t input_nbytes) {
  fuzz_argv line;
  cli_arguments arguments;
  fuzz_create_argv(&line, "qrpng", input, input_nbytes);
  fuzz_printed printed = fuzz_parse(parse, &line, &arguments);
  fuzz_check_printed(&printed);
  if (printed.exit_code == -1)
    check_arguments(&arguments);
  fuzz_free_printed(&printed);
  fuzz_free_argv(&line);
  return 0;
}
