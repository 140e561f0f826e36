#include "argv.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "require.h"

void fuzz_create_argv(fuzz_argv *arguments, const char *program, const uint8_t *input, size_t input_nbytes) {
  *arguments = (fuzz_argv){.argc = 1, .argv = {fuzz_copy_string(program, strlen(program))}};
  const uint8_t *end = input + input_nbytes;
  while (input < end && arguments->argc <= MAX_ARGV_COUNT) {
    const uint8_t *found = memchr(input, '\0', (size_t)(end - input)), *argument_end = found ? found : end;
    arguments->argv[arguments->argc++] = fuzz_copy_string(input, (size_t)(argument_end - input));
    input = found ? found + 1 : end;
  }
}

void fuzz_free_argv(fuzz_argv *arguments) {
  for (int i = 0; i < arguments->argc; i++)
    free(arguments->argv[i]);
}

fuzz_printed fuzz_parse(int (*parse)(int argc, char **argv, void *result), fuzz_argv *arguments, void *result) {
  FILE *const real_stdout = stdout, *const real_stderr = stderr;
  fuzz_printed printed;
  size_t output_nbytes, error_nbytes;
  FILE *output = open_memstream(&printed.output, &output_nbytes),
       *error = open_memstream(&printed.error, &error_nbytes);
  fuzz_require(output && error, "no memory");
  stdout = output;
  stderr = error;
  optind = 0; /* glibc's getopt() begins anew */
  printed.exit_code = parse(arguments->argc, arguments->argv, result);
  stdout = real_stdout;
  stderr = real_stderr;
  fclose(output);
  fclose(error);
  return printed;
}

void fuzz_check_printed(const fuzz_printed *printed) {
  const int exit_code = printed->exit_code;
  const size_t error_nbytes = strlen(printed->error);
  fuzz_require(exit_code >= -1 && exit_code <= 2, "exit code %d", exit_code);
  fuzz_require((exit_code == 0) == (printed->output[0] != '\0'), "exit code %d after: %s", exit_code, printed->output);
  fuzz_require((exit_code > 0) == (error_nbytes > 0), "exit code %d after: %s", exit_code, printed->error);
  fuzz_require(error_nbytes == 0 || printed->error[error_nbytes - 1] == '\n', "no line: %s", printed->error);
}

void fuzz_free_printed(fuzz_printed *printed) {
  free(printed->output);
  free(printed->error);
}
