#include "config.h"

#include <arpa/inet.h>
#include <errno.h>
#include <getopt.h>
#include <netinet/in.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/un.h>

#include "allowed_host.h"

enum { DAY_MS = 24 * 60 * 60 * 1000, MAX_THREADS = 1024, MAX_CONNECTIONS = 1000000, UNSET = -1 };

static const char help[] =
    "Usage: qrpng-server [OPTION]...\n"
    "Answer GET and HEAD /qrcode?text=TEXT[&ecl=L|M|Q|H][&width=PX][&margin=MODULES]\n"
    "with a QR code as PNG.\n"
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
    "                               localhost and its own address; with commas\n"
    "      --io KIND                how sockets are read and written: epoll (default)\n"
    "                               or uring, which takes less CPU time, but which\n"
    "                               containers mostly forbid\n"
    "  -t, --threads N              1 to 1024 (default: as many as CPUs may be used)\n"
    "      --max-connections N      1 to 1000000 (default 10000), in equal shares for\n"
    "                               the threads; further ones wait\n"
    "      --max-width PX           widest image allowed, 1 to 4096 (default 1024)\n"
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
    "      --drain-timeout-ms MS    time to answer the last requests after SIGTERM or\n"
    "                               SIGINT (default 10000)\n"
    "      --exit-with-stdin        end when standard input ends, so that the server\n"
    "                               doesn't outlive the process that started it\n"
    "  -h, --help                   show this help and exit\n"
    "  -V, --version                show versions and exit\n"
    "\n"
    "Prints one line on standard output when it listens. GET /healthz answers \"ok\".\n"
    "\n"
    "Exit status, with one sentence on standard error for all but 0:\n"
    "  0  ended as it was told to: all requests were answered, or the drain timeout\n"
    "     was over\n"
    "  1  the server could not start, or this help can't be written\n"
    "  2  an option is wrong\n";

static int complain(const char *option, const char *expectation) {
  fprintf(stderr, "qrpng-server: %s must be %s.\n", option, expectation);
  return EXIT_USAGE;
}

static int parse_number(const char *option, const char *digits, int minimum, int maximum, int *number) {
  size_t length = strlen(digits);
  int value = length >= 1 && length <= 9 && strspn(digits, "0123456789") == length ? atoi(digits) : -1;
  if (value < minimum || value > maximum) {
    char expectation[64];
    snprintf(expectation, sizeof expectation, "a whole number from %d to %d", minimum, maximum);
    return complain(option, expectation);
  }
  *number = value;
  return -1;
}

static int parse_engine(const char *wanted, const char **engine) {
  char names[128] = "one of:";
  const char *name;
  for (size_t i = 0; (name = qrpng_engine_name(i)); i++) {
    if (strcmp(name, wanted) == 0) {
      *engine = name;
      return -1;
    }
    size_t used = strlen(names);
    snprintf(names + used, sizeof names - used, "%s %s", i ? "," : "", name);
  }
  return complain("--engine", names);
}

/* RFC 9110, 5.5: visible characters, spaces within. */
static int parse_header_value(const char *value, const char **parsed) {
  size_t length = strlen(value);
  size_t printable = 0;
  while (printable < length && value[printable] >= ' ' && value[printable] <= '~')
    printable++;
  if (length == 0 || printable < length || value[0] == ' ' || value[length - 1] == ' ')
    return complain("--cache-control", "a header value, as in --cache-control 'public, max-age=3600'");
  *parsed = value;
  return -1;
}

static int parse_host_names(const char *list, const char **parsed) {
  if (!host_list_is_valid(list))
    return complain("--allowed-hosts", "names or addresses without ports, separated by commas");
  *parsed = list;
  return -1;
}

static int parse_io(const char *name, http_io *io) {
  const bool is_uring = strcmp(name, "uring") == 0;
  if (!is_uring && strcmp(name, "epoll") != 0)
    return complain("--io", "epoll or uring");
  *io = is_uring ? HTTP_IO_URING : HTTP_IO_EPOLL;
  return -1;
}

static int parse_mode(const char *digits, int *mode) {
  if (strlen(digits) != 3 || strspn(digits, "01234567") != 3)
    return complain("--unix-mode", "three octal digits, such as 600 or 660");
  *mode = (int)strtol(digits, NULL, 8);
  return -1;
}

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
  OPTION_IO,
  OPTION_MAX_CONNECTIONS,
  OPTION_MAX_WIDTH,
  OPTION_ENGINE,
  OPTION_RAW_TEXT,
  OPTION_CACHE_CONTROL,
  OPTION_REQUEST_TIMEOUT,
  OPTION_IDLE_TIMEOUT,
  OPTION_SEND_TIMEOUT,
  OPTION_DRAIN_TIMEOUT,
  OPTION_EXIT_WITH_STDIN,
};

static int apply_option(int option, const char *value, server_config *config) {
  switch (option) {
  case OPTION_BIND:
    config->http.bind = value;
    return -1;
  case 'p':
    return parse_number("--port", value, 0, 65535, &config->http.port);
  case OPTION_METRICS_PORT:
    config->has_metrics = true;
    return parse_number("--metrics-port", value, 0, 65535, &config->metrics.port);
  case OPTION_METRICS_BIND:
    config->metrics.bind = value;
    return -1;
  case OPTION_ALLOWED_HOSTS:
    return parse_host_names(value, &config->allowed_hosts);
  case OPTION_UNIX:
    config->unix_path = value;
    return -1;
  case OPTION_UNIX_MODE:
    return parse_mode(value, &config->unix_mode);
  case OPTION_IO:
    return parse_io(value, &config->io);
  case 't':
    return parse_number("--threads", value, 1, MAX_THREADS, &config->threads);
  case OPTION_MAX_CONNECTIONS:
    return parse_number("--max-connections", value, 1, MAX_CONNECTIONS, &config->max_connections);
  case OPTION_MAX_WIDTH:
    return parse_number("--max-width", value, 1, QRPNG_MAX_SIDE_PX, &config->max_width_px);
  case OPTION_ENGINE:
    return parse_engine(value, &config->defaults.engine);
  case OPTION_RAW_TEXT:
    config->raw_text = true;
    return -1;
  case OPTION_CACHE_CONTROL:
    return parse_header_value(value, &config->cache_control);
  case OPTION_REQUEST_TIMEOUT:
    return parse_number("--request-timeout-ms", value, 1, DAY_MS, &config->request_timeout_ms);
  case OPTION_IDLE_TIMEOUT:
    return parse_number("--idle-timeout-ms", value, 1, DAY_MS, &config->idle_timeout_ms);
  case OPTION_SEND_TIMEOUT:
    return parse_number("--send-timeout-ms", value, 1, DAY_MS, &config->send_timeout_ms);
  case OPTION_DRAIN_TIMEOUT:
    return parse_number("--drain-timeout-ms", value, 0, DAY_MS, &config->drain_timeout_ms);
  case OPTION_EXIT_WITH_STDIN:
    config->exit_with_stdin = true;
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

static int parse_options(int argc, char **argv, server_config *config) {
  static const struct option long_options[] = {
      {"bind", required_argument, NULL, OPTION_BIND},
      {"port", required_argument, NULL, 'p'},
      {"metrics-port", required_argument, NULL, OPTION_METRICS_PORT},
      {"metrics-bind", required_argument, NULL, OPTION_METRICS_BIND},
      {"allowed-hosts", required_argument, NULL, OPTION_ALLOWED_HOSTS},
      {"unix", required_argument, NULL, OPTION_UNIX},
      {"unix-mode", required_argument, NULL, OPTION_UNIX_MODE},
      {"io", required_argument, NULL, OPTION_IO},
      {"threads", required_argument, NULL, 't'},
      {"max-connections", required_argument, NULL, OPTION_MAX_CONNECTIONS},
      {"max-width", required_argument, NULL, OPTION_MAX_WIDTH},
      {"engine", required_argument, NULL, OPTION_ENGINE},
      {"raw-text", no_argument, NULL, OPTION_RAW_TEXT},
      {"cache-control", required_argument, NULL, OPTION_CACHE_CONTROL},
      {"request-timeout-ms", required_argument, NULL, OPTION_REQUEST_TIMEOUT},
      {"idle-timeout-ms", required_argument, NULL, OPTION_IDLE_TIMEOUT},
      {"send-timeout-ms", required_argument, NULL, OPTION_SEND_TIMEOUT},
      {"drain-timeout-ms", required_argument, NULL, OPTION_DRAIN_TIMEOUT},
      {"exit-with-stdin", no_argument, NULL, OPTION_EXIT_WITH_STDIN},
      {"help", no_argument, NULL, 'h'},
      {"version", no_argument, NULL, 'V'},
      {NULL, 0, NULL, 0},
  };
  int option, exit_code = -1;
  while (exit_code < 0 && (option = getopt_long(argc, argv, "p:t:hV", long_options, NULL)) != -1)
    exit_code = apply_option(option, optarg, config);
  if (exit_code < 0 && optind < argc) {
    fprintf(stderr, "qrpng-server: Only options are allowed, and %s is none: see --help.\n", argv[optind]);
    return EXIT_USAGE;
  }
  return exit_code;
}

static int resolve_unix_path(server_config *config) {
  struct sockaddr_un *address = (struct sockaddr_un *)&config->http.address;
  size_t length = strlen(config->unix_path);
  if (length == 0 || length >= sizeof address->sun_path)
    return complain("--unix", "a path of 1 to 107 bytes");
  if (config->http.bind || config->http.port != UNSET)
    return complain("--unix", "given without --bind and --port");
  if (config->unix_mode == UNSET)
    config->unix_mode = 0600;
  address->sun_family = AF_UNIX;
  memcpy(address->sun_path, config->unix_path, length + 1);
  config->http.address_nbytes = sizeof *address;
  return -1;
}

static int resolve_ip_address(const char *option, server_endpoint *endpoint) {
  struct sockaddr_in *ipv4 = (struct sockaddr_in *)&endpoint->address;
  struct sockaddr_in6 *ipv6 = (struct sockaddr_in6 *)&endpoint->address;
  if (!endpoint->bind)
    endpoint->bind = "127.0.0.1";
  if (inet_pton(AF_INET, endpoint->bind, &ipv4->sin_addr) == 1) {
    ipv4->sin_family = AF_INET;
    ipv4->sin_port = htons((uint16_t)endpoint->port);
    endpoint->address_nbytes = sizeof *ipv4;
    return -1;
  }
  if (inet_pton(AF_INET6, endpoint->bind, &ipv6->sin6_addr) == 1) {
    ipv6->sin6_family = AF_INET6;
    ipv6->sin6_port = htons((uint16_t)endpoint->port);
    endpoint->address_nbytes = sizeof *ipv6;
    return -1;
  }
  return complain(option, "an IPv4 or IPv6 address, such as 127.0.0.1, 0.0.0.0 or ::1");
}

static int resolve_http(server_config *config) {
  if (config->unix_path)
    return resolve_unix_path(config);
  if (config->unix_mode != UNSET)
    return complain("--unix-mode", "given together with --unix");
  if (config->http.port == UNSET)
    config->http.port = 42070;
  return resolve_ip_address("--bind", &config->http);
}

static int count_cpus(void) {
  cpu_set_t cpus;
  return sched_getaffinity(0, sizeof cpus, &cpus) == 0 ? CPU_COUNT(&cpus) : 1;
}

int config_parse(int argc, char **argv, server_config *config) {
  *config = (server_config){
      .unix_mode = UNSET,
      .http.port = UNSET,
      .threads = count_cpus(),
      .max_connections = 10000,
      .max_width_px = 1024,
      .defaults = qrpng_default_options(),
      .cache_control = "private, max-age=31536000, immutable",
      .request_timeout_ms = 10000,
      .idle_timeout_ms = 60000,
      .send_timeout_ms = 30000,
      .drain_timeout_ms = 10000,
  };
  config->defaults.engine = qrpng_engine_name(0);
  int exit_code = parse_options(argc, argv, config);
  if (config->defaults.width > config->max_width_px)
    config->defaults.width = config->max_width_px;
  if (exit_code < 0)
    exit_code = resolve_http(config);
  if (exit_code < 0)
    exit_code = resolve_ip_address("--metrics-bind", &config->metrics);
  return exit_code;
}
