/* The command line of qrpng-server, and its environment: an argument that begins with QRPNG_FLAG_ goes there. */
#include <stdlib.h>
#include <string.h>

#include "../../server/native/config.h"
#include "argv.h"
#include "require.h"

static int parse(int argc, char **argv, void *config) {
  return config_parse(argc, argv, config);
}

static void check_config(const server_config *config) {
  fuzz_require(config->threads >= 1 && config->threads <= 1024, "%d threads", config->threads);
  fuzz_require(config->max_width_px >= 1 && config->max_width_px <= QRPNG_MAX_SIDE_PX, "%d px", config->max_width_px);
  fuzz_require(config->defaults.width <= config->max_width_px, "a default of %d px", config->defaults.width);
  fuzz_require(config->max_batch >= 1 && config->max_batch_memory_mb >= 1 && config->max_connections >= 1, "no room");
  fuzz_require(config->request_timeout_ms >= 1 && config->idle_timeout_ms >= 1 && config->send_timeout_ms >= 1,
               "no time");
  fuzz_require(config->unix_path || (config->http.port >= 0 && config->http.port <= 65535), "no place");
  fuzz_require(config->http.address_nbytes > 0 && qrpng_engine_libraries(config->defaults.engine, NULL, 0) >= 0,
               "no place or no engine");
}

static int is_variable(const char *argument) {
  return strncmp(argument, "QRPNG_FLAG_", 11) == 0 && strchr(argument, '=');
}

/* What is left are the arguments; those that are taken are in variables, and still to be freed. */
static int take_variables(fuzz_argv *line, char *variables[MAX_ARGV_COUNT]) {
  int count = 0, argc = 1;
  clearenv();
  for (int i = 1; i < line->argc; i++) {
    if (is_variable(line->argv[i]))
      putenv(variables[count++] = line->argv[i]);
    else
      line->argv[argc++] = line->argv[i];
  }
  line->argv[line->argc = argc] = NULL;
  return count;
}

int LLVMFuzzerTestOneInput(const uint8_t *input, size_t input_nbytes);
int LLVMFuzzerTestOneInput(const uint8_t *input, size_t input_nbytes) {
  fuzz_argv line;
  char *variables[MAX_ARGV_COUNT];
  server_config config;
  fuzz_create_argv(&line, "qrpng-server", input, input_nbytes);
  const int variable_count = take_variables(&line, variables);
  fuzz_printed printed = fuzz_parse(parse, &line, &config);
  fuzz_check_printed(&printed);
  if (printed.exit_code == -1)
    check_config(&config);
  clearenv();
  fuzz_free_printed(&printed);
  fuzz_free_argv(&line);
  for (int i = 0; i < variable_count; i++)
    free(variables[i]);
  return 0;
}
