#include "arguments.h"

#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "batch_name.h"
#include "complain.h"
#include "generated/options.h"
#include "values.h"

/* What the command line says of the output before it is known where it goes. */
typedef struct output_wishes {
  const char *type; /* NULL: none */
  int width;        /* 0: none */
  bool is_small, is_inverted;
} output_wishes;

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

/* Those that this process may use. */
static int count_cpus(void) {
  cpu_set_t cpus;
  const int count = sched_getaffinity(0, sizeof cpus, &cpus) == 0 ? CPU_COUNT(&cpus) : 1;
  return count < MAX_THREADS ? count : MAX_THREADS;
}

#define DASH_ADVICE "A text that begins with a dash goes after --."

static int refuse_letter(char letter) {
  for (size_t i = 0; i < sizeof ambiguous_letters / sizeof ambiguous_letters[0]; i++)
    if (ambiguous_letters[i].letter == letter)
      return complain(EXIT_USAGE, "The option -%c could mean %s or %s: give the long name. " DASH_ADVICE, letter,
                      ambiguous_letters[i].one, ambiguous_letters[i].other);
  return complain(EXIT_USAGE, "The option -%c is unknown: see qrpng --help. " DASH_ADVICE, letter);
}

static bool is_known(int option) {
  for (const struct option *known = long_options; known->name; known++)
    if (known->val == option)
      return true;
  return false;
}

/* kind: what getopt_long() returned; argument: the last one that it is through with. */
static int refuse_option(int kind, const char *argument) {
  const bool is_long = strncmp(argument, "--", 2) == 0;
  const int name_length = (int)strcspn(argument, "=");
  if (kind == ':')
    return is_long ? complain(EXIT_USAGE, "The option %s needs a value: see qrpng --help.", argument)
                   : complain(EXIT_USAGE, "The option -%c needs a value: see qrpng --help.", optopt);
  if (is_known(optopt))
    return complain(EXIT_USAGE, "The option %.*s takes no value: see qrpng --help.", name_length, argument);
  if (optopt) /* a letter: others may follow in its argument */
    return refuse_letter((char)optopt);
  return complain(EXIT_USAGE, "The option %.*s is unknown: see qrpng --help. " DASH_ADVICE, name_length, argument);
}

static int refuse_value(const char *option, const char *allowed) {
  return complain(EXIT_USAGE, "--%s must be %s.", option, allowed);
}

static const char colours[] = "3, 4, 6 or 8 hex digits, such as 1a237e or #fff0";

/* Returns -1 to go on, or the exit code. */
static int take_option(int option, cli_arguments *arguments, output_wishes *wishes) {
  qrpng_options *options = &arguments->options;
  switch (option) {
  case OPTION_ECL:
    options->ecl = parse_level(optarg);
    break;
  case OPTION_SYMVERSION:
    options->version = parse_number(optarg, 1);
    break;
  case OPTION_MASK:
    options->mask = parse_number(optarg, 0);
    if (options->mask < 0)
      options->mask = 8; /* -1 would be the best one */
    break;
  case OPTION_MASK_RULE:
    if (!parse_mask_rule(optarg, &options->mask_rule))
      return refuse_value("mask-rule", "libqrencode or iso");
    break;
  case OPTION_8BIT:
    arguments->is_byte_only = true;
    break;
  case OPTION_OUTPUT:
    arguments->output_path = strcmp(optarg, "-") == 0 ? NULL : optarg;
    break;
  case OPTION_TYPE:
    wishes->type = optarg;
    break;
  case OPTION_WIDTH:
    wishes->width = parse_number(optarg, 1);
    break;
  case OPTION_SCALE:
    options->scale = parse_number(optarg, 1);
    break;
  case OPTION_MARGIN:
    options->margin = parse_decimal(optarg);
    break;
  case OPTION_DARK:
    if (!parse_colour(optarg, &options->dark))
      return refuse_value("dark", colours);
    break;
  case OPTION_LIGHT:
    if (!parse_colour(optarg, &options->light))
      return refuse_value("light", colours);
    break;
  case OPTION_INVERSE:
    wishes->is_inverted = true;
    break;
  case OPTION_SMALL:
    wishes->is_small = true;
    break;
  case OPTION_DPI:
    options->dpi = parse_number(optarg, 1);
    break;
  case OPTION_SMALLEST:
    options->effort = 1;
    break;
  case OPTION_TITLE:
    options->title = optarg;
    options->title_nbytes = strlen(optarg);
    break;
  case OPTION_READ_FROM:
    arguments->read_path = optarg;
    break;
  case OPTION_BATCH:
    arguments->batch_path = optarg;
    break;
  case OPTION_OUT_DIR:
    arguments->folder_path = optarg;
    break;
  case OPTION_NAME:
    arguments->name_pattern = optarg;
    break;
  case OPTION_NULL:
    arguments->is_nul_separated = true;
    break;
  case OPTION_THREADS:
    arguments->threads = parse_number(optarg, 1);
    if (arguments->threads < 1 || arguments->threads > MAX_THREADS)
      return refuse_value("threads", "a whole number from 1 to 256");
    break;
  case OPTION_ENGINE:
    options->engine = optarg;
    break;
  case OPTION_PIPE:
    arguments->is_pipe = true;
    break;
  case OPTION_HELP:
    fputs(help, stdout);
    return finish_printing();
  case OPTION_VERSION:
    return print_versions();
  default:
    break;
  }
  return -1;
}

/* Returns -1 to go on, or the exit code. */
static int guess_format(const char *name, qrpng_format *format) {
  if (guess_type(name, format))
    return -1;
  return complain(EXIT_USAGE,
                  "No such image can be made as %.300s: give a name that ends with .png, .svg or .txt, or --type.",
                  name);
}

/* Returns -1 to go on, or the exit code. */
static int settle_format(cli_arguments *arguments, const output_wishes *wishes) {
  qrpng_format *format = &arguments->options.format;
  const char *name = arguments->batch_path ? arguments->name_pattern : arguments->output_path;
  int exit_code = -1;
  if (wishes->type)
    exit_code = parse_type(wishes->type, format) ? -1 : refuse_value("type", "png, svg, utf8, ascii or terminal");
  else if (name)
    exit_code = guess_format(name, format);
  else if (!arguments->batch_path && (wishes->is_small || isatty(STDOUT_FILENO)))
    *format = QRPNG_FORMAT_TERMINAL_SMALL;
  if (exit_code >= 0 || !wishes->is_small)
    return exit_code;
  if (*format != QRPNG_FORMAT_TERMINAL && *format != QRPNG_FORMAT_TERMINAL_SMALL)
    return complain(EXIT_USAGE, "--small is for --type terminal.");
  *format = QRPNG_FORMAT_TERMINAL_SMALL;
  return -1;
}

/* What the format makes of the rest. */
static void settle_look(qrpng_options *options, const output_wishes *wishes) {
  if (wishes->width || options->scale || options->format == QRPNG_FORMAT_SVG)
    options->width = wishes->width;
  if (!wishes->is_inverted)
    return;
  const uint32_t dark = options->dark;
  options->dark = options->light;
  options->light = dark;
  options->is_inverted = 1;
}

/* Returns -1 to go on, or the exit code. */
static int take_text(int count, char **texts, cli_arguments *arguments) {
  if (count > 1)
    return complain(EXIT_USAGE, "Give one TEXT: quote it if it has spaces.");
  if (count > 0 && arguments->read_path)
    return complain(EXIT_USAGE, "Give TEXT or --read-from, not both.");
  arguments->text = texts[0];
  return -1;
}

/* Returns -1 to go on, or the exit code. */
static int settle_batch(cli_arguments *arguments) {
  if (!arguments->batch_path) {
    const bool has_its_options =
        arguments->folder_path || arguments->name_pattern || arguments->is_nul_separated || arguments->threads;
    return has_its_options ? complain(EXIT_USAGE, "--out-dir, --name, --null and --threads are for --batch.") : -1;
  }
  if (arguments->text || arguments->read_path || arguments->output_path || arguments->is_pipe)
    return complain(EXIT_USAGE, "--batch goes without TEXT, --read-from, --output and --pipe.");
  if (!arguments->folder_path)
    return complain(EXIT_USAGE, "--batch needs --out-dir, the folder for its files.");
  if (!arguments->threads)
    arguments->threads = count_cpus();
  const char *sentence = arguments->name_pattern ? check_name_pattern(arguments->name_pattern) : NULL;
  return sentence ? complain(EXIT_USAGE, "%s", sentence) : -1;
}

/* The format decides on the name if nothing else does. */
static void settle_name(cli_arguments *arguments) {
  const qrpng_format format = arguments->options.format;
  if (!arguments->name_pattern)
    arguments->name_pattern = format == QRPNG_FORMAT_PNG   ? "{line}.png"
                              : format == QRPNG_FORMAT_SVG ? "{line}.svg"
                                                           : "{line}.txt";
}

int parse_arguments(int argc, char **argv, cli_arguments *arguments) {
  output_wishes wishes = {0};
  *arguments = (cli_arguments){.options = qrpng_default_options()};
  int option, exit_code = -1;
  while (exit_code < 0 && (option = getopt_long(argc, argv, short_options, long_options, NULL)) != -1)
    exit_code = option == '?' || option == ':' ? refuse_option(option, argv[optind - 1])
                                               : take_option(option, arguments, &wishes);
  if (exit_code < 0)
    exit_code = take_text(argc - optind, argv + optind, arguments);
  if (exit_code < 0)
    exit_code = settle_batch(arguments);
  if (exit_code < 0)
    exit_code = settle_format(arguments, &wishes);
  if (exit_code >= 0)
    return exit_code;
  settle_look(&arguments->options, &wishes);
  settle_name(arguments);
  return -1;
}

qrpng_options options_for_text(const cli_arguments *arguments, size_t text_nbytes, qrpng_segment *segment) {
  qrpng_options options = arguments->options;
  *segment = (qrpng_segment){.mode = QRPNG_MODE_BYTE, .nbytes = text_nbytes};
  if (arguments->is_byte_only) {
    options.segments = segment;
    options.segment_count = 1;
  }
  return options;
}

bool is_for_terminal(const cli_arguments *arguments) {
  return !arguments->output_path && isatty(STDOUT_FILENO);
}
