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

#include "check.h"
#include "config.h"
#include "service.h"
#include "systemd.h"

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
  /* A reader that is gone and an access log that reaches a limit are errors of the write. */
  sigaction(SIGPIPE, &(struct sigaction){.sa_handler = SIG_IGN}, NULL);
  sigaction(SIGXFSZ, &(struct sigaction){.sa_handler = SIG_IGN}, NULL);
  return signalfd(-1, &ending, SFD_CLOEXEC);
}

/* Reads standard input, of which nothing is wanted. */
static bool stdin_has_ended(void) {
  char ignored[4096];
  ssize_t nbytes = read(STDIN_FILENO, ignored, sizeof ignored);
  return nbytes == 0 || (nbytes < 0 && errno != EINTR && errno != EAGAIN);
}

static void take_signal(int signals) {
  struct signalfd_siginfo ignored;
  while (read(signals, &ignored, sizeof ignored) < 0 && errno == EINTR)
    continue;
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
  if (sources[0].revents)
    take_signal(signals);
}

/* A second signal is for those who don't want to wait. */
static void wait_for_balancers(int signals, int delay_ms) {
  struct pollfd source = {.fd = signals, .events = POLLIN};
  if (delay_ms > 0)
    poll(&source, 1, delay_ms);
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

static void announce(const server_config *config) {
  char libraries[128], place[ENDPOINT_TEXT_SIZE], metrics_place[ENDPOINT_TEXT_SIZE];
  qrpng_engine_libraries(config->defaults.engine, libraries, sizeof libraries);
  endpoint_format(&config->http, place);
  endpoint_format(&config->metrics, metrics_place);
  const bool is_url = !config->unix_path;
  printf("listening on %s%s%s (%d thread%s, engine %s: %s" BUILD_NOTE "%s%s)\n", is_url ? "http://" : "", place,
         is_url ? "/" : "", config->threads, config->threads == 1 ? "" : "s", config->defaults.engine, libraries,
         config->has_metrics ? ", metrics on " : "", config->has_metrics ? metrics_place : "");
  fflush(stdout);
  systemd_notify("READY=1");
}

static int run(server_config *config, int signals) {
  server_service *service = service_start(config);
  if (!service)
    return EXIT_SYSTEM;
  announce(config);
  wait_for_end(signals, config->exit_with_stdin);
  systemd_notify("STOPPING=1");
  service_announce_end(service);
  wait_for_balancers(signals, config->drain_delay_ms);
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
  if (config.checks)
    return check_run(&config);
  config.passed_listener = systemd_take_socket();
  if (config.passed_listener == SYSTEMD_REFUSED)
    return EXIT_SYSTEM;
  int signals = prepare_signals();
  if (signals < 0)
    return complain("Signals can't be waited for: there are too many open files.");
  exit_code = fit_open_files(&config);
  return exit_code == EXIT_OK ? run(&config, signals) : exit_code;
}
