/* qrpng: the core as a command. */
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "input.h"
#include "output.h"
#include "pipe.h"
#include "qrpng.h"

enum exit_code { EXIT_OK = 0, EXIT_SYSTEM = 1, EXIT_USAGE = 2, EXIT_TEXT = 3 };

static const char help[] =
    "Usage: qrpng [OPTION]... [TEXT]\n"
    "Write TEXT as a QR-code PNG to standard output. Without TEXT, standard input is\n"
    "the text, byte for byte.\n"
    "\n"
    "  -e, --ecl LEVEL    error correction level: L (default), M, Q or H\n"
    "  -w, --width PX     side of the image, 1 to 4096 (default 200); pixels that the\n"
    "                     modules leave over are quiet zone\n"
    "  -s, --scale PX     side of a module, instead of --width\n"
    "  -m, --margin N     quiet zone in modules, 0 to 32 (default 4)\n"
    "      --engine NAME  an engine that --version lists (default: the first)\n"
    "      --pipe         answer many requests, as framed messages on standard input\n"
    "                     and output: see cli/pipe.h. Only --engine matters then\n"
    "  -o, --output FILE  write FILE atomically. A file that exists must be yours\n"
    "                     and keeps its permissions. Where its folder takes no new\n"
    "                     file, it is written in place\n"
    "  -h, --help         show this help and exit\n"
    "  -V, --version      show versions and exit\n"
    "  --                 what follows is TEXT, even if it starts with a dash\n"
    "\n"
    "Exit status, with one sentence on standard error for all but 0:\n"
    "  0  the image was written\n"
    "  1  reading, writing or memory failed\n"
    "  2  an option is wrong, or the image would go to a terminal\n"
    "  3  the text is empty, too long for a QR code, or too large for the width or\n"
    "     scale\n"
    "\n"
    "Examples:\n"
    "  qrpng https://example.com/ > code.png\n"
    "  printf 'two\\nlines' | qrpng --ecl Q --scale 8 -o code.png\n";

typedef struct cli_arguments {
  qrpng_options options;
  const char *output_path; /* NULL: standard output */
  const char *text;        /* NULL: standard input */
  int is_pipe;
} cli_arguments;

static int complain(const char *sentence, int exit_code) {
  fprintf(stderr, "qrpng: %s\n", sentence);
  return exit_code;
}

/* Returns -1, which the core refuses in its own words, for all that is not 1 to 9 digits or is below the minimum. */
static int parse_number(const char *digits, int minimum) {
  size_t length = strlen(digits);
  if (length < 1 || length > 9 || strspn(digits, "0123456789") != length)
    return -1;
  int number = atoi(digits);
  return number < minimum ? -1 : number;
}

static qrpng_level parse_level(const char *letter) {
  static const char levels[] = "LMQH";
  const char *found = strlen(letter) == 1 ? strchr(levels, letter[0]) : NULL;
  return found ? (qrpng_level)(found - levels) : (qrpng_level)-1;
}

/* What was printed may still be on its way, and a full disk is only seen at its end. */
static int finish_printing(void) {
  if (fflush(stdout) == 0 && !ferror(stdout))
    return EXIT_OK;
  fprintf(stderr, "qrpng: Standard output can't be written: %s.\n", strerror(errno));
  return EXIT_SYSTEM;
}

static int print_versions(void) {
  printf("qrpng %s\n", qrpng_version());
  const char *name;
  for (size_t i = 0; (name = qrpng_engine_name(i)); i++) {
    char libraries[128];
    qrpng_engine_libraries(name, libraries, sizeof libraries);
    printf("engine %s: %s\n", name, libraries);
  }
  return finish_printing();
}

static int refuse_option(int kind, const char *argument) {
  fprintf(stderr, "qrpng: The option %s %s: see qrpng --help.\n", argument,
          kind == ':' ? "needs a value" : "is unknown or has a value too many");
  return EXIT_USAGE;
}

/* Returns -1 to go on, or the exit code. */
static int parse_arguments(int argc, char **argv, cli_arguments *arguments) {
  enum { OPTION_ENGINE = 256, OPTION_PIPE };
  static const struct option long_options[] = {
      {"ecl", required_argument, NULL, 'e'},    {"width", required_argument, NULL, 'w'},
      {"scale", required_argument, NULL, 's'},  {"margin", required_argument, NULL, 'm'},
      {"output", required_argument, NULL, 'o'}, {"engine", required_argument, NULL, OPTION_ENGINE},
      {"pipe", no_argument, NULL, OPTION_PIPE}, {"help", no_argument, NULL, 'h'},
      {"version", no_argument, NULL, 'V'},      {NULL, 0, NULL, 0},
  };
  qrpng_options *options = &arguments->options;
  int width = 0, option;
  while ((option = getopt_long(argc, argv, ":e:w:s:m:o:hV", long_options, NULL)) != -1) {
    switch (option) {
    case 'e':
      options->ecl = parse_level(optarg);
      break;
    case 'w':
      width = parse_number(optarg, 1);
      break;
    case 's':
      options->scale = parse_number(optarg, 1);
      break;
    case 'm':
      options->margin = parse_number(optarg, 0);
      break;
    case 'o':
      arguments->output_path = optarg;
      break;
    case OPTION_ENGINE:
      options->engine = optarg;
      break;
    case OPTION_PIPE:
      arguments->is_pipe = 1;
      break;
    case 'h':
      fputs(help, stdout);
      return finish_printing();
    case 'V':
      return print_versions();
    default:
      return refuse_option(option, argv[optind - 1]);
    }
  }
  if (width || options->scale)
    options->width = width;
  if (argc - optind > 1)
    return complain("Give one TEXT: quote it if it has spaces.", EXIT_USAGE);
  arguments->text = argv[optind];
  return -1;
}

static int exit_code_of(qrpng_status status) {
  switch (status) {
  case QRPNG_OK:
    return EXIT_OK;
  case QRPNG_TEXT_EMPTY:
  case QRPNG_TEXT_TOO_LONG:
  case QRPNG_WIDTH_TOO_SMALL:
  case QRPNG_SCALE_TOO_LARGE:
    return EXIT_TEXT;
  case QRPNG_OUT_OF_MEMORY:
  case QRPNG_INTERNAL:
    return EXIT_SYSTEM;
  default:
    return EXIT_USAGE;
  }
}

/* The options of the command are called as the fields of qrpng_options, with two dashes. */
static int complain_of_call(const qrpng_encoder *encoder, qrpng_status status) {
  const char *dashes = *qrpng_status_field(status) ? "--" : "";
  fprintf(stderr, "qrpng: %s%s\n", dashes, qrpng_error_message(encoder));
  return exit_code_of(status);
}

static int encode_and_write(qrpng_encoder *encoder, const cli_arguments *arguments, const text_input *text) {
  const uint8_t *png;
  size_t png_nbytes;
  qrpng_status status = qrpng_encode(encoder, text->bytes, text->nbytes, &arguments->options, &png, &png_nbytes);
  if (status != QRPNG_OK)
    return complain_of_call(encoder, status);

  char error[OUTPUT_ERROR_SIZE];
  int written = arguments->output_path ? write_to_path(arguments->output_path, png, png_nbytes, error)
                                       : write_to_stdout(png, png_nbytes, error);
  return written == 0 ? EXIT_OK : complain(error, EXIT_SYSTEM);
}

static int run(qrpng_encoder *encoder, const cli_arguments *arguments) {
  qrpng_status status = qrpng_check_options(encoder, &arguments->options);
  if (status != QRPNG_OK)
    return complain_of_call(encoder, status);
  if (arguments->is_pipe) {
    const char *sentence = serve_pipe(encoder, arguments->options.engine);
    return sentence ? complain(sentence, EXIT_SYSTEM) : EXIT_OK;
  }
  if (!arguments->output_path && isatty(STDOUT_FILENO))
    return complain("A PNG is not for a terminal: give -o FILE or redirect standard output.", EXIT_USAGE);

  text_input text = {0};
  if (arguments->text)
    text = (text_input){.bytes = (const uint8_t *)arguments->text, .nbytes = strlen(arguments->text)};
  else if (read_stdin(&text) != 0)
    return complain("Standard input can't be read.", EXIT_SYSTEM);
  return encode_and_write(encoder, arguments, &text);
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
    return complain("A standard stream is closed, and /dev/null can't be opened in its place.", EXIT_SYSTEM);
  /* A reader that is gone and a file that reaches its limit are errors with a sentence. */
  signal(SIGPIPE, SIG_IGN);
  signal(SIGXFSZ, SIG_IGN);

  cli_arguments arguments = {.options = qrpng_default_options()};
  int exit_code = parse_arguments(argc, argv, &arguments);
  if (exit_code >= 0)
    return exit_code;

  qrpng_encoder *encoder;
  if (qrpng_encoder_create(&encoder) != QRPNG_OK)
    return complain("There is not enough memory.", EXIT_SYSTEM);
  exit_code = run(encoder, &arguments);
  qrpng_encoder_destroy(encoder);
  return exit_code;
}
