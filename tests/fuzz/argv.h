/* Command lines for fuzzers, and what is printed about them. */
#ifndef FUZZ_ARGV_H
#define FUZZ_ARGV_H

#include <stddef.h>
#include <stdint.h>

enum { MAX_ARGV_COUNT = 64 };

typedef struct fuzz_argv {
  int argc;
  char *argv[MAX_ARGV_COUNT + 2]; /* each is memory of its own size; the last is NULL */
} fuzz_argv;

/* The arguments end with NUL, the last with the input; those beyond the limit are left out. */
void fuzz_create_argv(fuzz_argv *arguments, const char *program, const uint8_t *input, size_t input_nbytes);
void fuzz_free_argv(fuzz_argv *arguments);

/* What a parser returned, and printed to standard output and standard error: strings to be freed by free(). */
typedef struct fuzz_printed {
  int exit_code;
  char *output, *error;
} fuzz_printed;

fuzz_printed fuzz_parse(int (*parse)(int argc, char **argv, void *result), fuzz_argv *arguments, void *result);

/* -1 and nothing; 0 and output alone; or 1 or 2 and one sentence, or what getopt() says of an option. */
void fuzz_check_printed(const fuzz_printed *printed);
void fuzz_free_printed(fuzz_printed *printed);

#endif
