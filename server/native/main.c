/* qrpng-server: the core behind HTTP. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "config.h"
#include "service.h"

static int complain(const char *sentence) {
  fprintf(stderr, "qrpng-server: %s\n", sentence);
  return EXIT_SYSTEM;
}

/*
 * A standard stream that is closed would become the next file or socket that is opened. In its place comes one that
 * can't be read or written either: as standard input it is at its end for --exit-with-stdin. Returns 0, or -1.
 */
static int fill_standard_streams(void) {
  for (int stream = STDIN_FILENO; stream <= STDERR_FILENO; stream++)
    if (fcntl(stream, F_GETFD) < 0 && open("/dev/null", stream == STDIN_FILENO ? O_WRONLY : O_RDONLY) < 0)
      return -1;
  return 0;
}

/*
 * The signals that end the server are waited for, by the main thread; all threads inherit the mask. Returns a
 * descriptor from which these signals can be read, or -1.
 */
static int prepare_signals(void) {
  sigset_t ending;
  sigemptyset(&ending);
  sigaddset(&ending, SIGTERM);
  sigaddset(&ending, SIGINT);
  pthread_sigmask(SIG_BLOCK, &ending, NULL);
  sigaction(SIGPIPE, &(struct sigaction){.sa_handler = SIG_IGN}, NULL);
  return signalfd(-1, &ending, SFD_CLOEXEC);
}

/* Reads standard input, of which nothing is wanted. */
static bool stdin_has_ended(void) {
  char ignored[4096];
  ssize_t nbytes = read(STDIN_FILENO, ignored, sizeof ignored);
  return nbytes == 0 || (nbytes < 0 && errno != EINTR && errno != EAGAIN);
}

/* Returns when one of the signals has come, or with the end of standard input if that is to be watched. */
static void wait_for_end(int signals, bool exit_with_stdin) {
  struct pollfd sources[] = {
      {.fd = signals, .events = POLLIN},
      {.fd = exit_with_stdin ? STDIN_FILENO : -1, .events = POLLIN},
  };
  do {
    while (poll(sources, 2, -1) < 0)
      continue;
  } while (!sources[0].revents && !stdin_has_ended());
}

/* Allows as many open files as the connections need, or as many connections as there may be open files. */
static int fit_open_files(server_config *config) {
  const rlim_t others =
      64 + 3 * (rlim_t)config->threads; /* libraries; a listener, an epoll and an eventfd for each thread */
  const rlim_t wanted = (rlim_t)config->max_connections + others;
  struct rlimit limit;
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur >= wanted)
    return EXIT_OK;
  limit.rlim_cur = limit.rlim_max < wanted ? limit.rlim_max : wanted;
  if (setrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur <= others)
    return complain("The limit of open files is too low: raise it with ulimit -n.");
  if (limit.rlim_cur < wanted) {
    config->max_connections = (int)(limit.rlim_cur - others);
    fprintf(stderr, "qrpng-server: Only %d connections are possible with the limit of %llu open files.\n",
            config->max_connections, (unsigned long long)limit.rlim_cur);
  }
  return EXIT_OK;
}

static void format_place(const server_endpoint *endpoint, const char *before, const char *after, char *text,
                         size_t size) {
  const bool is_ipv6 = endpoint->address.ss_family == AF_INET6;
  snprintf(text, size, "%s%s%s%s:%d%s", before, is_ipv6 ? "[" : "", endpoint->bind, is_ipv6 ? "]" : "", endpoint->port,
           after);
}

static void announce(const server_config *config) {
  char libraries[128], metrics_place[128] = "";
  qrpng_engine_libraries(config->defaults.engine, libraries, sizeof libraries);
  char place[256];
  if (config->unix_path)
    snprintf(place, sizeof place, "unix:%s", config->unix_path);
  else
    format_place(&config->http, "http://", "/", place, sizeof place);
  if (config->has_metrics)
    format_place(&config->metrics, ", metrics on ", "", metrics_place, sizeof metrics_place);
  printf("listening on %s (%d thread%s, engine %s: %s" BUILD_NOTE "%s)\n", place, config->threads,
         config->threads == 1 ? "" : "s", config->defaults.engine, libraries, metrics_place);
  fflush(stdout);
}

static int run(server_config *config, int signals) {
  server_service *service = service_start(config);
  if (!service)
    return EXIT_SYSTEM;
  announce(config);
  wait_for_end(signals, config->exit_with_stdin);
  service_drain(service);
  return EXIT_OK;
}

int main(int argc, char **argv) {
  if (fill_standard_streams() != 0)
    return complain("A standard stream is closed, and /dev/null can't be opened in its place.");
  server_config config;
  int exit_code = config_parse(argc, argv, &config);
  if (exit_code >= 0)
    return exit_code;
  int signals = prepare_signals();
  if (signals < 0)
    return complain("Signals can't be waited for: there are too many open files.");
  exit_code = fit_open_files(&config);
  return exit_code == EXIT_OK ? run(&config, signals) : exit_code;
}
