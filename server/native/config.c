#include "config.h"

#include <ctype.h>
#include <errno.h>
#include <getopt.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "values.h"

enum { DAY_MS = 24 * 60 * 60 * 1000, MAX_THREADS = 1024, MAX_CONNECTIONS = 1000000, UNSET = -1 };

static const char help[] =
    "Usage: qrpng-server [OPTION]...\n"
    "Answer GET and HEAD /qrcode?text=TEXT[&ecl=L|M|Q|H][&width=PX][&margin=MODULES]\n"
    "and POST /qrcode with a QR code as PNG, and POST /qrcodes with many in base64.\n"
    "\n"
    "      --bind ADDRESS           IPv4 or IPv6 address to listen on (default\n"
    "                               127.0.0.1)\n"
    "  -p, --port PORT              0 to 65535 (default 42070); 0 takes a free one\n"
    "      --unix PATH              listen on this Unix socket instead\n"
    "      --unix-mode MODE         its permissions, in octal (default 600)\n"
    "      --metrics-port PORT      serve /metrics for Prometheus on this port; 0\n"
    "                               takes a free one\n"
    "      --metrics-bind ADDRESS   IPv4 or IPv6 address for metrics (default\n"
    "                               127.0.0.1)\n"
    "      --allowed-hosts NAMES    names under which /metrics answers, besides\n"
    "                               localhost and its own address, and whose\n"
    "                               pages may POST; with commas\n"
    "      --user NAME              become this user after listening; for root alone\n"
    "      --sandbox                once it listens, give up what it has no use for:\n"
    "                               files, programs, connections of its own, rights.\n"
    "                               Any other system call ends it with SIGSYS.\n"
    "      --access-log PATH        append a line of JSON for each request, without\n"
    "                               texts; - is standard output (default: no log)\n"
    "      --io KIND                how sockets are read and written: epoll (default)\n"
    "                               or uring, which takes less CPU time, but which\n"
    "                               containers mostly forbid\n"
    "  -t, --threads N              1 to 1024 (default: as many as CPUs may be used)\n"
    "      --max-connections N      1 to 1000000 (default 10000), in equal shares for\n"
    "                               the threads; further ones wait\n"
    "      --max-connections-per-client N\n"
    "                               most of one IPv4 address or IPv6 network of 64\n"
    "                               bits; further ones are closed at once (default 0:\n"
    "                               any number). Not for Unix sockets.\n"
    "      --max-width PX           widest image allowed, 1 to 4096 (default 1024)\n"
    "      --max-batch N            most texts in one batch, 1 to 10000 (default\n"
    "                               1000)\n"
    "      --max-batch-memory-mb N  most memory for all batches, 1 to 100000 (default\n"
    "                               48), in equal shares for the threads; a batch\n"
    "                               waits up to 5 s for its part\n"
    "      --engine NAME            one that --version lists (default: the first)\n"
    "      --raw-text               a text may be any bytes, not UTF-8 alone\n"
    "      --cache-control VALUE    header for images (default \"private,\n"
    "                               max-age=31536000, immutable\")\n"
    "      --request-timeout-ms MS  time for a request to arrive in full (default\n"
    "                               10000)\n"
    "      --idle-timeout-ms MS     time that a connection may be without a request\n"
    "                               (default 60000)\n"
    "      --send-timeout-ms MS     time for a client to take its answer (default\n"
    "                               30000)\n"
    "      --drain-delay-ms MS      time after SIGTERM or SIGINT in which /readyz\n"
    "                               answers 503, and all else goes on, so that\n"
    "                               balancers look elsewhere (default 0)\n"
    "      --drain-timeout-ms MS    time after that to answer the last requests\n"
    "                               (default 10000)\n"
    "      --exit-with-stdin        end when standard input ends, so that the server\n"
    "                               doesn't outlive the process that started it\n"
    "      --check                  make a code, ask the server that runs with the\n"
    "                               same options for one, and exit: 0 if all is well\n"
    "  -h, --help                   show this help and exit\n"
    "  -V, --version                show versions and exit\n"
    "\n"
    "Each option above --check can be given by the environment, too: as QRPNG_FLAG_\n"
    "and its name in capitals, with _ for -, such as QRPNG_FLAG_MAX_WIDTH=512, and 1\n"
    "as the value of one that takes none. The command line wins. A socket that\n"
    "systemd passes goes before --bind, --port and --unix.\n"
    "\n"
    "Prints one line on standard output when it listens. GET /healthz answers \"ok\",\n"
    "and so does /readyz until the server is told to end.\n"
    "\n"
    "Exit status, with one sentence on standard error for all but 0:\n"
    "  0  ended as it was told to: all requests were answered, or the drain timeout\n"
    "     was over\n"
    "  1  the server could not start, --check found something wrong, or this help\n"
    "     can't be written\n"
    "  2  an option is wrong\n";

/* What was printed may still be on its way, and a full disk is only seen at its end. */
static int finish_printing(void) {
  if (fflush(stdout) == 0 && !ferror(stdout))
    return EXIT_OK;
  fprintf(stderr, "qrpng-server: Standard output can't be written: %s.\n", strerror(errno));
  return EXIT_SYSTEM;
}

static int print_versions(void) {
  printf("qrpng-server %s\nllhttp %s\n", qrpng_version(), http_parser_version());
  const char *name;
  for (size_t i = 0; (name = qrpng_engine_name(i)); i++) {
    char libraries[128];
    qrpng_engine_libraries(name, libraries, sizeof libraries);
    printf("engine %s: %s\n", name, libraries);
  }
  return finish_printing();
}

enum {
  OPTION_BIND = 256,
  OPTION_METRICS_PORT,
  OPTION_METRICS_BIND,
  OPTION_ALLOWED_HOSTS,
  OPTION_UNIX,
  OPTION_UNIX_MODE,
  OPTION_USER,
  OPTION_SANDBOX,
  OPTION_ACCESS_LOG,
  OPTION_IO,
  OPTION_MAX_CONNECTIONS,
  OPTION_MAX_CONNECTIONS_PER_CLIENT,
  OPTION_MAX_WIDTH,
  OPTION_MAX_BATCH,
  OPTION_MAX_BATCH_MEMORY,
  OPTION_ENGINE,
  OPTION_RAW_TEXT,
  OPTION_CACHE_CONTROL,
  OPTION_REQUEST_TIMEOUT,
  OPTION_IDLE_TIMEOUT,
  OPTION_SEND_TIMEOUT,
  OPTION_DRAIN_DELAY,
  OPTION_DRAIN_TIMEOUT,
  OPTION_EXIT_WITH_STDIN,
  OPTION_CHECK,
};

/* name is what the value was given by; value is NULL for an option on the command line that takes none. */
static int apply_option(int option, const char *name, const char *value, server_config *config) {
  switch (option) {
  case OPTION_BIND:
    config->http.bind = value;
    return -1;
  case 'p':
    return value_number(name, value, 0, 65535, &config->http.port);
  case OPTION_METRICS_PORT:
    config->has_metrics = true;
    return value_number(name, value, 0, 65535, &config->metrics.port);
  case OPTION_METRICS_BIND:
    config->metrics.bind = value;
    return -1;
  case OPTION_ALLOWED_HOSTS:
    return value_host_names(name, value, &config->allowed_hosts);
  case OPTION_UNIX:
    config->unix_path = value;
    return -1;
  case OPTION_UNIX_MODE:
    return value_mode(name, value, &config->unix_mode);
  case OPTION_USER:
    config->user = value;
    return -1;
  case OPTION_SANDBOX:
    return value_switch(name, value ? value : "1", &config->sandbox);
  case OPTION_ACCESS_LOG:
    config->access_log = value;
    return -1;
  case OPTION_IO:
    return value_io(name, value, &config->io);
  case 't':
    return value_number(name, value, 1, MAX_THREADS, &config->threads);
  case OPTION_MAX_CONNECTIONS:
    return value_number(name, value, 1, MAX_CONNECTIONS, &config->max_connections);
  case OPTION_MAX_CONNECTIONS_PER_CLIENT:
    return value_number(name, value, 0, MAX_CONNECTIONS, &config->max_connections_per_client);
  case OPTION_MAX_WIDTH:
    return value_number(name, value, 1, QRPNG_MAX_SIDE_PX, &config->max_width_px);
  case OPTION_MAX_BATCH:
    return value_number(name, value, 1, 10000, &config->max_batch);
  case OPTION_MAX_BATCH_MEMORY:
    return value_number(name, value, 1, 100000, &config->max_batch_memory_mb);
  case OPTION_ENGINE:
    return value_engine(name, value, &config->defaults.engine);
  case OPTION_RAW_TEXT:
    return value_switch(name, value ? value : "1", &config->raw_text);
  case OPTION_CACHE_CONTROL:
    return value_header(name, value, &config->cache_control);
  case OPTION_REQUEST_TIMEOUT:
    return value_number(name, value, 1, DAY_MS, &config->request_timeout_ms);
  case OPTION_IDLE_TIMEOUT:
    return value_number(name, value, 1, DAY_MS, &config->idle_timeout_ms);
  case OPTION_SEND_TIMEOUT:
    return value_number(name, value, 1, DAY_MS, &config->send_timeout_ms);
  case OPTION_DRAIN_DELAY:
    return value_number(name, value, 0, DAY_MS, &config->drain_delay_ms);
  case OPTION_DRAIN_TIMEOUT:
    return value_number(name, value, 0, DAY_MS, &config->drain_timeout_ms);
  case OPTION_EXIT_WITH_STDIN:
    return value_switch(name, value ? value : "1", &config->exit_with_stdin);
  case OPTION_CHECK:
    config->checks = true;
    return -1;
  case 'h':
    fputs(help, stdout);
    return finish_printing();
  case 'V':
    return print_versions();
  default: /* getopt has said what is wrong */
    return EXIT_USAGE;
  }
}

/* Up to OPTION_CHECK they can be given by the environment, too. */
static const struct option long_options[] = {
    {"bind", required_argument, NULL, OPTION_BIND},
    {"port", required_argument, NULL, 'p'},
    {"metrics-port", required_argument, NULL, OPTION_METRICS_PORT},
    {"metrics-bind", required_argument, NULL, OPTION_METRICS_BIND},
    {"allowed-hosts", required_argument, NULL, OPTION_ALLOWED_HOSTS},
    {"unix", required_argument, NULL, OPTION_UNIX},
    {"unix-mode", required_argument, NULL, OPTION_UNIX_MODE},
    {"user", required_argument, NULL, OPTION_USER},
    {"sandbox", no_argument, NULL, OPTION_SANDBOX},
    {"access-log", required_argument, NULL, OPTION_ACCESS_LOG},
    {"io", required_argument, NULL, OPTION_IO},
    {"threads", required_argument, NULL, 't'},
    {"max-connections", required_argument, NULL, OPTION_MAX_CONNECTIONS},
    {"max-connections-per-client", required_argument, NULL, OPTION_MAX_CONNECTIONS_PER_CLIENT},
    {"max-width", required_argument, NULL, OPTION_MAX_WIDTH},
    {"max-batch", required_argument, NULL, OPTION_MAX_BATCH},
    {"max-batch-memory-mb", required_argument, NULL, OPTION_MAX_BATCH_MEMORY},
    {"engine", required_argument, NULL, OPTION_ENGINE},
    {"raw-text", no_argument, NULL, OPTION_RAW_TEXT},
    {"cache-control", required_argument, NULL, OPTION_CACHE_CONTROL},
    {"request-timeout-ms", required_argument, NULL, OPTION_REQUEST_TIMEOUT},
    {"idle-timeout-ms", required_argument, NULL, OPTION_IDLE_TIMEOUT},
    {"send-timeout-ms", required_argument, NULL, OPTION_SEND_TIMEOUT},
    {"drain-delay-ms", required_argument, NULL, OPTION_DRAIN_DELAY},
    {"drain-timeout-ms", required_argument, NULL, OPTION_DRAIN_TIMEOUT},
    {"exit-with-stdin", no_argument, NULL, OPTION_EXIT_WITH_STDIN},
    {"check", no_argument, NULL, OPTION_CHECK},
    {"help", no_argument, NULL, 'h'},
    {"version", no_argument, NULL, 'V'},
    {NULL, 0, NULL, 0},
};

enum { OPTION_COUNT = sizeof long_options / sizeof long_options[0] - 1, NAME_SIZE = 64 };

static size_t find_option(int option) {
  size_t i = 0;
  while (i < OPTION_COUNT && long_options[i].val != option)
    i++;
  return i;
}

static int parse_command_line(int argc, char **argv, bool is_given[OPTION_COUNT + 1], server_config *config) {
  int option, exit_code = -1;
  while (exit_code < 0 && (option = getopt_long(argc, argv, "p:t:hV", long_options, NULL)) != -1) {
    const size_t index = find_option(option);
    char name[NAME_SIZE];
    snprintf(name, sizeof name, "--%s", index < OPTION_COUNT ? long_options[index].name : "");
    is_given[index] = true;
    exit_code = apply_option(option, name, optarg, config);
  }
  if (exit_code < 0 && optind < argc) {
    fprintf(stderr, "qrpng-server: Only options are allowed, and %s is none: see --help.\n", argv[optind]);
    return EXIT_USAGE;
  }
  return exit_code;
}

/* FLAG, since Kubernetes sets QRPNG_PORT and the like for a service that is called qrpng. */
static void format_variable(const char *option_name, char name[NAME_SIZE]) {
  snprintf(name, NAME_SIZE, "QRPNG_FLAG_%s", option_name);
  for (char *at = name; *at; at++)
    *at = *at == '-' ? '_' : (char)toupper((unsigned char)*at);
}

/* What the command line says of the place goes before what the environment says of another kind of place. */
static bool is_overruled(int option, const bool is_given[OPTION_COUNT + 1]) {
  const bool is_path_given = is_given[find_option(OPTION_UNIX)];
  const bool is_port_given = is_given[find_option(OPTION_BIND)] || is_given[find_option('p')];
  return ((option == OPTION_BIND || option == 'p') && is_path_given) ||
         ((option == OPTION_UNIX || option == OPTION_UNIX_MODE) && is_port_given);
}

/* A variable that is empty counts as none. */
static int parse_environment(const bool is_given[OPTION_COUNT + 1], server_config *config) {
  int exit_code = -1;
  for (size_t i = 0; exit_code < 0 && long_options[i].val != OPTION_CHECK; i++) {
    char name[NAME_SIZE];
    format_variable(long_options[i].name, name);
    const char *value = getenv(name);
    if (value && *value && !is_given[i] && !is_overruled(long_options[i].val, is_given))
      exit_code = apply_option(long_options[i].val, name, value, config);
  }
  return exit_code;
}

static int resolve_ip_address(const char *option, server_endpoint *endpoint) {
  if (!endpoint->bind)
    endpoint->bind = "127.0.0.1";
  if (endpoint_resolve(endpoint) != 0)
    return value_complain(option, "an IPv4 or IPv6 address, such as 127.0.0.1, 0.0.0.0 or ::1");
  return -1;
}

static int resolve_path(server_config *config) {
  if (endpoint_resolve_path(&config->http, config->unix_path) != 0)
    return value_complain("--unix", "a path of 1 to 107 bytes");
  if (config->http.bind || config->http.port != ENDPOINT_PORT_UNSET)
    return value_complain("--unix", "given without --bind and --port");
  if (config->unix_mode == UNSET)
    config->unix_mode = 0600;
  return -1;
}

static int resolve_http(server_config *config) {
  if (config->unix_path)
    return resolve_path(config);
  if (config->unix_mode != UNSET)
    return value_complain("--unix-mode", "given together with --unix");
  if (config->http.port == ENDPOINT_PORT_UNSET)
    config->http.port = 42070;
  if (config->checks && config->http.port == 0)
    return value_complain("--port", "that of a running server for --check");
  return resolve_ip_address("--bind", &config->http);
}

static int count_cpus(void) {
  cpu_set_t cpus;
  return sched_getaffinity(0, sizeof cpus, &cpus) == 0 ? CPU_COUNT(&cpus) : 1;
}

int config_parse(int argc, char **argv, server_config *config) {
  *config = (server_config){
      .unix_mode = UNSET,
      .passed_listener = -1,
      .http.port = ENDPOINT_PORT_UNSET,
      .threads = count_cpus(),
      .max_connections = 10000,
      .max_width_px = 1024,
      .max_batch = 1000,
      .max_batch_memory_mb = 48,
      .defaults = qrpng_default_options(),
      .cache_control = "private, max-age=31536000, immutable",
      .request_timeout_ms = 10000,
      .idle_timeout_ms = 60000,
      .send_timeout_ms = 30000,
      .drain_timeout_ms = 10000,
  };
  config->defaults.engine = qrpng_engine_name(0);
  bool is_given[OPTION_COUNT + 1] = {false}; /* the last stands for what is no option */
  int exit_code = parse_command_line(argc, argv, is_given, config);
  if (exit_code < 0)
    exit_code = parse_environment(is_given, config);
  if (config->defaults.width > config->max_width_px)
    config->defaults.width = config->max_width_px;
  if (exit_code < 0)
    exit_code = resolve_http(config);
  if (exit_code < 0)
    exit_code = resolve_ip_address("--metrics-bind", &config->metrics);
  return exit_code;
}
