/* qrpng: the core as a command. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "arguments.h"
#include "batch.h"
#include "complain.h"
#include "input.h"
#include "output.h"
#include "pipe.h"
#include "qrpng.h"
#include "values.h"

static int complain_of_call(const qrpng_encoder *encoder, qrpng_status status) {
  char sentence[COMPLAINT_SIZE];
  describe_call(sentence, encoder, status);
  return complain(exit_code_of(status), "%s", sentence);
}

/* Rows that are wrapped would spoil the code. Returns 0 where they fit or the width is not known, or the exit code. */
static int check_columns(qrpng_encoder *encoder, const qrpng_options *options, const text_input *text) {
  struct winsize window;
  if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &window) != 0 || window.ws_col == 0)
    return 0;
  qrpng_symbol symbol;
  qrpng_status status = qrpng_encode_modules(encoder, text->bytes, text->nbytes, options, &symbol);
  if (status != QRPNG_OK)
    return complain_of_call(encoder, status);
  const int module_columns = columns_of_module(options->format);
  const int columns = module_columns * (symbol.side + 2 * (int)options->margin);
  if (columns <= window.ws_col)
    return 0;
  return complain(EXIT_TEXT, "The code is %d columns wide, the terminal %d: make it wider, or give -o FILE.", columns,
                  window.ws_col);
}

static int encode_and_write(qrpng_encoder *encoder, const cli_arguments *arguments, const text_input *text) {
  qrpng_segment whole;
  const qrpng_options options = options_for_text(arguments, text->nbytes, &whole);
  if (is_for_terminal(arguments) && is_text_format(options.format)) {
    int exit_code = check_columns(encoder, &options, text);
    if (exit_code)
      return exit_code;
  }
  const uint8_t *output;
  size_t output_nbytes;
  qrpng_status status = qrpng_encode(encoder, text->bytes, text->nbytes, &options, &output, &output_nbytes);
  if (status != QRPNG_OK)
    return complain_of_call(encoder, status);

  char error[OUTPUT_ERROR_SIZE];
  int written = arguments->output_path ? write_to_path(arguments->output_path, output, output_nbytes, error)
                                       : write_to_stdout(output, output_nbytes, error);
  return written == 0 ? EXIT_OK : complain(EXIT_SYSTEM, "%s", error);
}

/* Returns 0, or the exit code. */
static int find_text(const cli_arguments *arguments, text_input *text) {
  const char *path = arguments->read_path;
  if (arguments->text)
    *text = (text_input){.bytes = (const uint8_t *)arguments->text, .nbytes = strlen(arguments->text)};
  else if (path && strcmp(path, "-") != 0)
    return read_path(path, text) == 0 ? 0 : complain(EXIT_SYSTEM, "%.300s can't be read: %s.", path, strerror(errno));
  else if (read_stdin(text) != 0)
    return complain(EXIT_SYSTEM, "Standard input can't be read.");
  return 0;
}

static int run(qrpng_encoder *encoder, const cli_arguments *arguments) {
  qrpng_status status = qrpng_check_options(encoder, &arguments->options);
  if (status != QRPNG_OK)
    return complain_of_call(encoder, status);
  if (arguments->is_pipe) {
    const char *sentence = serve_pipe(encoder, arguments->options.engine);
    return sentence ? complain(EXIT_SYSTEM, "%s", sentence) : EXIT_OK;
  }
  if (arguments->batch_path)
    return run_batch(arguments);
  if (is_for_terminal(arguments) && arguments->options.format == QRPNG_FORMAT_PNG)
    return complain(EXIT_USAGE, "A PNG is not for a terminal: give -o FILE or redirect standard output.");

  text_input text;
  int exit_code = find_text(arguments, &text);
  return exit_code ? exit_code : encode_and_write(encoder, arguments, &text);
}

/*
 * A standard stream that is closed would become the next file that is opened. In its place comes one that can't be read
 * or written either, so that its use is an error as before. Returns 0, or -1.
 */
static int fill_standard_streams(void) {
  for (int stream = STDIN_FILENO; stream <= STDERR_FILENO; stream++)
    if (fcntl(stream, F_GETFD) < 0 && open("/dev/null", stream == STDIN_FILENO ? O_WRONLY : O_RDONLY) < 0)
      return -1;
  return 0;
}

int main(int argc, char **argv) {
  if (fill_standard_streams() != 0)
    return complain(EXIT_SYSTEM, "A standard stream is closed, and /dev/null can't be opened in its place.");
  /* A reader that is gone and a file that reaches its limit are errors with a sentence. */
  signal(SIGPIPE, SIG_IGN);
  signal(SIGXFSZ, SIG_IGN);

  cli_arguments arguments;
  int exit_code = parse_arguments(argc, argv, &arguments);
  if (exit_code >= 0)
    return exit_code;

  qrpng_encoder *encoder;
  if (qrpng_encoder_create(&encoder) != QRPNG_OK)
    return complain(EXIT_SYSTEM, "There is not enough memory.");
  exit_code = run(encoder, &arguments);
  qrpng_encoder_destroy(encoder);
  return exit_code;
}
