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
#include "handler.h"
#include "listener.h"
#include "metrics_server.h"
#include "responses.h"
#include "unix_listener.h"
#include "worker.h"

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

static void wake_up(int signal_number) {
  (void)signal_number;
}

/*
 * The signals that end the server are waited for, by the main thread; all threads inherit the mask. Returns a
 * descriptor from which these signals can be read, or -1.
 */
static int prepare_signals(void) {
  sigset_t ending, blocked;
  sigemptyset(&ending);
  sigaddset(&ending, SIGTERM);
  sigaddset(&ending, SIGINT);
  blocked = ending;
  sigaddset(&blocked, SIGUSR1);
  pthread_sigmask(SIG_BLOCK, &blocked, NULL);
  sigaction(SIGUSR1, &(struct sigaction){.sa_handler = wake_up}, NULL);
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
  const rlim_t others = 64 + 2 * (rlim_t)config->threads; /* libraries, and a listener and an epoll for each thread */
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

static void drain(server_state *server, server_worker **workers) {
  const int count = server->config->threads;
  size_t unfinished_count = 0;
  atomic_store(&server->draining, true);
  for (int i = 0; i < count; i++)
    worker_notice_drain(workers[i]);
  for (int i = 0; i < count; i++)
    unfinished_count += worker_join(workers[i]);
  if (unfinished_count > 0)
    fprintf(stderr, "qrpng-server: The drain timeout was over, requests still under way: %zu.\n", unfinished_count);
}

/* metrics: NULL for none */
static int serve(server_state *server, server_metrics *metrics, const int *listeners, server_worker **workers,
                 int signals) {
  for (int i = 0; i < server->config->threads; i++) {
    workers[i] = worker_start(server, listeners[i], metrics ? metrics_counters(metrics, i) : NULL);
    if (!workers[i])
      return EXIT_SYSTEM; /* the threads that run end with the process */
  }
  announce(server->config);
  wait_for_end(signals, server->config->exit_with_stdin);
  drain(server, workers);
  return EXIT_OK;
}

static int serve_with_metrics(server_state *server, server_config *config, const int *listeners,
                              server_worker **workers, int signals) {
  int listener = metrics_listener_open(config);
  if (listener < 0)
    return EXIT_SYSTEM;
  server_metrics *metrics = metrics_create(config, &server->client_count);
  if (!metrics)
    return complain("There is not enough memory.");
  struct MHD_Daemon *metrics_server = metrics_server_start(metrics, listener);
  if (!metrics_server)
    return EXIT_SYSTEM;
  int exit_code = serve(server, metrics, listeners, workers, signals);
  if (exit_code == EXIT_OK) {
    MHD_stop_daemon(metrics_server);
    metrics_destroy(metrics);
  }
  return exit_code;
}

static int run(server_config *config, int signals) {
  int *listeners = calloc((size_t)config->threads, sizeof *listeners);
  server_worker **workers = calloc((size_t)config->threads, sizeof *workers);
  server_responses *responses = responses_create(config);
  int exit_code = EXIT_SYSTEM;
  if (!listeners || !workers || !responses) {
    complain("There is not enough memory.");
  } else if (listeners_open(config, listeners) == 0) {
    server_state server = {.config = config, .responses = responses};
    exit_code = config->has_metrics ? serve_with_metrics(&server, config, listeners, workers, signals)
                                    : serve(&server, NULL, listeners, workers, signals);
    if (config->unix_path)
      unix_listener_remove(config);
  }
  if (exit_code != EXIT_OK)
    exit(exit_code);
  responses_destroy(responses);
  free(workers);
  free(listeners);
  return exit_code;
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
