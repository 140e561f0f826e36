#include "worker.h"

#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "head.h"
#include "listener.h"

enum {
  STACK_NBYTES = 512 * 1024,
  CONNECTION_MEMORY_NBYTES = 16 * 1024, /* holds a fully percent-encoded text of 2953 bytes, and bounds heads */
  MAX_SCAN_INTERVAL_MS = 500,
  DRAIN_TICK_MS = 10,
  ACCEPT_QUIET_MS = 100,
  ACCEPT_MAX_MS = 1000,
  HANDSHAKE_MS = 20,
  SHARE_CHECK_MS = 20,
};

typedef enum worker_stage {
  STAGE_SERVING,
  STAGE_ACCEPTING, /* draining from here on; connections are still accepted */
  STAGE_CLOSING,   /* those that are queued on the listener are accepted */
  STAGE_FINISHING, /* the listener is closed */
  STAGE_DONE,
} worker_stage;

struct server_worker {
  server_handler handler;
  struct MHD_Daemon *daemon;
  int listener;         /* -1: closed */
  bool shares_listener; /* with all other threads; otherwise libmicrohttpd accepts from it */
  unsigned max_clients;
  pthread_t thread;
  atomic_bool has_noticed_drain;
  worker_stage stage;
  uint64_t drain_start_ms, stage_start_ms, next_scan_ms;
  size_t unfinished_count;
};

static void enter_stage(server_worker *worker, worker_stage stage) {
  worker->stage = stage;
  worker->stage_start_ms = clock_ms();
}

/* Returns 0, or why no client was accepted: EAGAIN if none is waiting. */
static int accept_one(server_worker *worker) {
  struct sockaddr_storage address;
  socklen_t address_nbytes = sizeof address;
  int socket = accept4(worker->listener, (struct sockaddr *)&address, &address_nbytes, SOCK_NONBLOCK | SOCK_CLOEXEC);
  if (socket < 0)
    return errno;
  MHD_add_connection(worker->daemon, socket, (struct sockaddr *)&address, address_nbytes);
  return 0;
}

/* Returns whether the queue is empty; it stays filled while there are too many clients or open files. */
static bool accept_queued(server_worker *worker) {
  while (worker->handler.clients.count < worker->max_clients) {
    int error = accept_one(worker);
    if (error != 0 && error != ECONNABORTED)
      return error == EAGAIN;
    MHD_run_wait(worker->daemon, 0); /* only then do some versions of libmicrohttpd count the client */
  }
  return false;
}

/* With as many clients as there may be, those without a request give way to connections that wait. */
static void make_room(server_worker *worker) {
  struct pollfd queue = {.fd = worker->listener, .events = POLLIN};
  if (worker->handler.clients.count >= worker->max_clients && poll(&queue, 1, 0) == 1)
    clients_end_idle(&worker->handler.clients);
}

/* While clients keep coming, to whichever thread. */
static bool is_accepting(const server_worker *worker, uint64_t now_ms) {
  uint64_t last_connect_ms = atomic_load(&worker->handler.server->last_connect_ms);
  uint64_t quiet_since_ms = last_connect_ms > worker->stage_start_ms ? last_connect_ms : worker->stage_start_ms;
  return now_ms < quiet_since_ms + ACCEPT_QUIET_MS && now_ms < worker->stage_start_ms + ACCEPT_MAX_MS;
}

static void drain(server_worker *worker) {
  uint64_t now_ms = clock_ms();
  switch (worker->stage) {
  case STAGE_SERVING:
    atomic_store(&worker->has_noticed_drain, true);
    worker->drain_start_ms = now_ms;
    enter_stage(worker, STAGE_ACCEPTING);
    break;
  case STAGE_ACCEPTING:
    if (is_accepting(worker, now_ms))
      break;
    listener_refuse_new(worker->listener);
    MHD_quiesce_daemon(worker->daemon);
    enter_stage(worker, STAGE_CLOSING);
    break;
  case STAGE_CLOSING:
    make_room(worker);
    if (now_ms - worker->stage_start_ms < HANDSHAKE_MS || !accept_queued(worker))
      break;
    close(worker->listener);
    worker->listener = -1;
    enter_stage(worker, STAGE_FINISHING);
    break;
  case STAGE_FINISHING:
    clients_end_idle(&worker->handler.clients);
    if (worker->handler.clients.count == 0)
      enter_stage(worker, STAGE_DONE);
    break;
  case STAGE_DONE:
    break;
  }
}

static void scan_clients(server_worker *worker, int interval_ms) {
  uint64_t now_ms = clock_ms();
  if (now_ms < worker->next_scan_ms)
    return;
  worker->next_scan_ms = now_ms + (uint64_t)interval_ms;
  clients_end_overdue(&worker->handler.clients, worker->handler.server->config->request_timeout_ms);
  if (worker->stage == STAGE_SERVING)
    make_room(worker);
}

static bool is_drained(const server_worker *worker) {
  if (worker->stage == STAGE_SERVING)
    return false;
  uint64_t timeout_ms = (uint64_t)worker->handler.server->config->drain_timeout_ms;
  return worker->stage == STAGE_DONE || clock_ms() - worker->drain_start_ms >= timeout_ms;
}

static int scan_interval_ms(const server_worker *worker) {
  int interval_ms = worker->handler.server->config->request_timeout_ms / 10;
  return interval_ms < 1 ? 1 : interval_ms > MAX_SCAN_INTERVAL_MS ? MAX_SCAN_INTERVAL_MS : interval_ms;
}

/*
 * Whether the thread may take a client from the listener that all share: not while it has more than its share.
 * Whichever has the fewest always may. Left to the kernel, the first to wake up would take most of them, and keep them
 * for as long as they last; a reverse proxy has few connections, which last long.
 */
static bool may_accept(const server_worker *worker) {
  const server_state *server = worker->handler.server;
  size_t count = worker->handler.clients.count;
  return worker->stage <= STAGE_ACCEPTING && count < worker->max_clients &&
         count * (size_t)server->config->threads <= atomic_load_explicit(&server->client_count, memory_order_relaxed);
}

static int earlier(int wait_ms, int other_ms) {
  return wait_ms < 0 || other_ms < wait_ms ? other_ms : wait_ms;
}

/* Waits until there is something to do, and takes one client: another thread may be about to take the next. */
static void wait_and_accept(server_worker *worker, int wait_ms) {
  const bool accepting = may_accept(worker);
  MHD_UNSIGNED_LONG_LONG pending_ms;
  if (!accepting)
    wait_ms = earlier(wait_ms, SHARE_CHECK_MS); /* the others may get more clients meanwhile */
  if (MHD_get_timeout(worker->daemon, &pending_ms) == MHD_YES && pending_ms < SHARE_CHECK_MS)
    wait_ms = earlier(wait_ms, (int)pending_ms);
  struct pollfd sources[] = {
      {.fd = MHD_get_daemon_info(worker->daemon, MHD_DAEMON_INFO_EPOLL_FD)->epoll_fd, .events = POLLIN},
      {.fd = accepting ? worker->listener : -1, .events = POLLIN},
  };
  if (poll(sources, 2, wait_ms) > 0 && sources[1].revents)
    accept_one(worker);
}

static void run_once(server_worker *worker, int wait_ms) {
  if (worker->shares_listener) {
    wait_and_accept(worker, wait_ms);
    wait_ms = 0;
  }
  MHD_run_wait(worker->daemon, wait_ms);
}

/* Without clients the thread sleeps until one comes or worker_notice_drain() interrupts it. */
static void run_loop(server_worker *worker) {
  const server_state *server = worker->handler.server;
  const int scan_ms = scan_interval_ms(worker);
  while (!is_drained(worker)) {
    bool draining = worker->stage != STAGE_SERVING;
    int wait_ms = draining ? DRAIN_TICK_MS : worker->handler.clients.count > 0 ? scan_ms : -1;
    run_once(worker, wait_ms);
    scan_clients(worker, scan_ms);
    if (atomic_load_explicit(&server->draining, memory_order_relaxed))
      drain(worker);
  }
}

static size_t count_unfinished(const client_list *clients) {
  size_t count = 0;
  for (const server_client *client = clients->first; client; client = client->next)
    count += client->phase != CLIENT_WAITING;
  return count;
}

static void *run(void *argument) {
  server_worker *worker = argument;
  sigset_t wake_up;
  sigemptyset(&wake_up);
  sigaddset(&wake_up, SIGUSR1);
  pthread_sigmask(SIG_UNBLOCK, &wake_up, NULL);
  run_loop(worker);
  worker->unfinished_count = count_unfinished(&worker->handler.clients);
  return NULL;
}

/* Keeps libmicrohttpd from decoding what has been decoded already. */
static size_t leave_escaped(void *cls, struct MHD_Connection *connection, char *text) {
  (void)cls, (void)connection;
  return strlen(text);
}

static unsigned max_clients(const server_config *config) {
  return (unsigned)((config->max_connections + config->threads - 1) / config->threads);
}

static struct MHD_Daemon *start_daemon(server_worker *worker) {
  server_handler *handler = &worker->handler;
  const struct MHD_OptionItem listening[] = {
      {MHD_OPTION_LISTEN_SOCKET, worker->listener, NULL},
      {MHD_OPTION_END, 0, NULL},
  };
  const struct MHD_OptionItem options[] = {
      {MHD_OPTION_CONNECTION_LIMIT, worker->max_clients, NULL},
      {MHD_OPTION_CONNECTION_MEMORY_LIMIT, CONNECTION_MEMORY_NBYTES, NULL},
      {MHD_OPTION_STRICT_FOR_CLIENT, !head_is_fully_inspected(), NULL},
      {MHD_OPTION_UNESCAPE_CALLBACK, (intptr_t)leave_escaped, NULL},
      {MHD_OPTION_NOTIFY_CONNECTION, (intptr_t)on_connection, handler},
      {MHD_OPTION_URI_LOG_CALLBACK, (intptr_t)on_request_line, handler},
      {MHD_OPTION_NOTIFY_COMPLETED, (intptr_t)on_completed, handler},
      {MHD_OPTION_END, 0, NULL},
  };
  if (worker->shares_listener)
    return MHD_start_daemon(MHD_USE_EPOLL | MHD_USE_NO_LISTEN_SOCKET, 0, NULL, NULL, on_request, handler,
                            MHD_OPTION_ARRAY, options, MHD_OPTION_END);
  return MHD_start_daemon(MHD_USE_EPOLL, 0, NULL, NULL, on_request, handler, MHD_OPTION_ARRAY, listening,
                          MHD_OPTION_ARRAY, options, MHD_OPTION_END);
}

static int start_thread(server_worker *worker) {
  pthread_attr_t attributes;
  if (pthread_attr_init(&attributes) != 0)
    return -1;
  pthread_attr_setstacksize(&attributes, STACK_NBYTES);
  int result = pthread_create(&worker->thread, &attributes, run, worker);
  pthread_attr_destroy(&attributes);
  return result;
}

static void destroy(server_worker *worker) {
  if (worker->daemon)
    MHD_stop_daemon(worker->daemon); /* closes its listener unless it was quiesced */
  if ((!worker->daemon || worker->shares_listener) && worker->listener >= 0)
    close(worker->listener);
  qrpng_encoder_destroy(worker->handler.encoder);
  free(worker);
}

server_worker *worker_start(server_state *server, int listener, thread_counters *counters) {
  server_worker *worker = calloc(1, sizeof *worker);
  if (!worker) {
    close(listener);
  } else {
    worker->handler.server = server;
    worker->handler.counters = counters;
    worker->listener = listener;
    worker->shares_listener = server->config->unix_path != NULL;
    worker->max_clients = max_clients(server->config);
    if (qrpng_encoder_create(&worker->handler.encoder) == QRPNG_OK && (worker->daemon = start_daemon(worker)) &&
        start_thread(worker) == 0)
      return worker;
    destroy(worker);
  }
  fputs(
      "qrpng-server: A thread can't be started: there is not enough memory, or there are too many threads or files.\n",
      stderr);
  return NULL;
}

/* The signal has no effect but to end a wait; it is sent again in case it came just before one. */
void worker_notice_drain(server_worker *worker) {
  const struct timespec pause = {.tv_nsec = 5 * 1000 * 1000};
  while (!atomic_load(&worker->has_noticed_drain)) {
    pthread_kill(worker->thread, SIGUSR1);
    nanosleep(&pause, NULL);
  }
}

size_t worker_join(server_worker *worker) {
  pthread_join(worker->thread, NULL);
  size_t unfinished_count = worker->unfinished_count;
  destroy(worker);
  return unfinished_count;
}
