#ifndef QRPNG_CLI_ARGUMENTS_H
#define QRPNG_CLI_ARGUMENTS_H

#include <stdbool.h>

#include "qrpng.h"

enum { MAX_THREADS = 256 };

typedef struct cli_arguments {
  qrpng_options options;
  const char *output_path; /* NULL: standard output */
  const char *read_path;   /* NULL: the text is an argument or standard input */
  const char *text;        /* NULL: it comes from read_path or standard input */
  bool is_byte_only, is_pipe;

  const char *batch_path; /* NULL: one text; "-": standard input */
  const char *folder_path;
  const char *name_pattern; /* see batch_name.h */
  bool is_nul_separated;    /* else texts are lines */
  int threads;
} cli_arguments;

/*
 * Reads the command line. Returns -1 to go on, or the exit code when all is done: help or versions were printed, or a
 * complaint. Values that the core judges, such as numbers, are left to it.
 */
int parse_arguments(int argc, char **argv, cli_arguments *arguments);

/* The options for one text: with it as one segment in byte mode if that is asked for. The segment must live as long as
 * they are used. */
qrpng_options options_for_text(const cli_arguments *arguments, size_t text_nbytes, qrpng_segment *segment);

/* Whether what is drawn goes to a terminal. */
bool is_for_terminal(const cli_arguments *arguments);

#endif
