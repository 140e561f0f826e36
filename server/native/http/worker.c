#include "worker.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "drain_listener.h"
#include "server.h"

enum {
  STACK_NBYTES = 512 * 1024,
  LINGER_MS = 1000,
  MAX_ACCEPTS = 64, /* in a row */
  ACCEPT_CHECK_MS = 20,
  ACCEPT_PAUSE_MS = 100,
  MAX_LATE_MS = 1000,
  ALL_TURNS_NS = 1000 * 1000,
  EVICTED_AGE_MS = 100, /* a request may be on its way on a connection that has just been made, or answered on */
  DRAIN_TICK_MS = 10,
  DRAIN_ACCEPT_QUIET_MS = 100,
  DRAIN_ACCEPT_MAX_MS = 1000,
  DRAIN_HANDSHAKE_MS = 20,
  DRAIN_IDLE_MS = 100,
};

void worker_update_clock(http_worker *worker) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC_COARSE, &now);
  worker->now_ms = (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
  clock_gettime(CLOCK_REALTIME_COARSE, &now);
  date_line_update(&worker->date, now.tv_sec);
}

bool worker_is_draining(const http_worker *worker) {
  return atomic_load_explicit(&worker->server->draining, memory_order_relaxed);
}

const http_answer *worker_refusal(const http_worker *worker, http_refusal refusal) {
  return &worker->server->refusals[refusal];
}

void worker_forget_client(http_worker *worker, http_client *client) {
  if (client)
    client_leave(worker->server->clients, client);
}

void worker_forget(http_worker *worker, http_connection *connection) {
  connection->next_closed = worker->closed;
  worker->closed = connection;
  worker_forget_client(worker, connection->client);
  worker->connection_count--;
  atomic_fetch_sub(&worker->server->connection_count, 1);
}

static void free_closed(http_worker *worker) {
  http_connection **link = &worker->closed;
  while (*link) {
    http_connection *connection = *link;
    if (!worker->loop_kind->is_unused(connection)) {
      link = &connection->next_closed;
      continue;
    }
    *link = connection->next_closed;
    buffer_release(&worker->buffers, &connection->input);
    buffer_release(&worker->buffers, &connection->output);
    free(connection);
  }
}

static bool nothing_is_unread(int socket) {
  int unread_nbytes = 0;
  return ioctl(socket, FIONREAD, &unread_nbytes) == 0 && unread_nbytes == 0;
}

/* The connection that has been idle for longest, if it can give way to a new one, or NULL. */
static http_connection *find_evictable(const http_worker *worker) {
  http_connection *oldest =
      (http_connection *)deadlines_find_oldest(&worker->deadlines, DEADLINE_IDLE, EVICTED_AGE_MS, worker->now_ms);
  return oldest && nothing_is_unread(oldest->socket) ? oldest : NULL;
}

static bool has_place(const http_worker *worker) {
  return worker->connection_count < worker->max_connections || find_evictable(worker);
}

static void make_room(http_worker *worker) {
  http_connection *evictable = worker->connection_count < worker->max_connections ? NULL : find_evictable(worker);
  if (evictable) /* or a request has just come on it: then there is one too many for a moment */
    connection_close(evictable);
}

/* Returns 0, or why no connection was accepted: EAGAIN if none is waiting. Of a client that has too many it is closed.
 */
static int accept_one(http_worker *worker) {
  http_server *server = worker->server;
  struct sockaddr_storage address = {0};
  socklen_t nbytes = sizeof address;
  http_client *client = NULL;
  int socket = accept4(worker->listener, server->clients ? (struct sockaddr *)&address : NULL,
                       server->clients ? &nbytes : NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
  if (socket < 0)
    return errno;
  if (server->clients && client_enter(server->clients, &address, &client) != CLIENT_WELCOME) {
    close(socket);
    return 0;
  }
  make_room(worker);
  atomic_store(&server->last_connect_ms, worker->now_ms);
  if (!connection_open(worker, socket, client))
    return ENOMEM;
  worker->connection_count++;
  atomic_fetch_add(&worker->server->connection_count, 1);
  return 0;
}

/* Returns whether the queue is empty; it stays filled while there are too many connections or open files. */
static bool accept_queued(http_worker *worker, int max_accepts) {
  while (max_accepts-- > 0 && has_place(worker)) {
    int error = accept_one(worker);
    if (error == EAGAIN)
      return true;
    if (error != 0 && error != ECONNABORTED) {
      worker->accept_again_ms = worker->now_ms + ACCEPT_PAUSE_MS;
      break;
    }
  }
  return false;
}

/* Of a listener that all share one is taken: another thread may be about to take the next. */
void worker_accept(http_worker *worker) {
  if (worker->listener >= 0)
    accept_queued(worker, worker->server->options.shares_listener ? 1 : MAX_ACCEPTS);
}

/*
 * Whether the thread may take a connection from the listener that all share: not while it has more than its share.
 * Whichever has the fewest always may. Left to the kernel, the first to wake up would take most of them, and keep them
 * for as long as they last; a reverse proxy has few connections, which last long.
 */
static bool has_fair_share(const http_worker *worker) {
  const http_server *server = worker->server;
  return !server->options.shares_listener || worker->connection_count * (size_t)server->options.threads <=
                                                 atomic_load_explicit(&server->connection_count, memory_order_relaxed);
}

static bool may_accept(const http_worker *worker) {
  return worker->stage <= STAGE_ACCEPTING && worker->now_ms >= worker->accept_again_ms && has_fair_share(worker) &&
         has_place(worker);
}

static void enter_stage(http_worker *worker, worker_stage stage) {
  worker->stage = stage;
  worker->stage_start_ms = worker->now_ms;
}

/* While clients keep coming, to whichever thread. */
static bool are_clients_coming(const http_worker *worker) {
  uint64_t last_connect_ms = atomic_load(&worker->server->last_connect_ms);
  uint64_t quiet_since_ms = last_connect_ms > worker->stage_start_ms ? last_connect_ms : worker->stage_start_ms;
  return worker->now_ms < quiet_since_ms + DRAIN_ACCEPT_QUIET_MS &&
         worker->now_ms < worker->stage_start_ms + DRAIN_ACCEPT_MAX_MS;
}

static void close_idle(http_worker *worker) {
  http_deadline *idle;
  while ((idle = deadlines_find_oldest(&worker->deadlines, DEADLINE_IDLE, DRAIN_IDLE_MS, worker->now_ms)))
    connection_close((http_connection *)idle);
}

static void close_listener(http_worker *worker) {
  if (worker->is_watching_listener) /* where it stays open elsewhere, closing it does not end that */
    worker->loop_kind->watch_listener(worker->loop, false);
  worker->is_watching_listener = false;
  close(worker->listener);
  worker->listener = -1;
  enter_stage(worker, STAGE_FINISHING);
}

static void drain(http_worker *worker) {
  switch (worker->stage) {
  case STAGE_SERVING:
    worker->drain_start_ms = worker->now_ms;
    enter_stage(worker, STAGE_ACCEPTING);
    break;
  case STAGE_ACCEPTING:
    if (worker->server->options.keeps_listener) {
      close_listener(worker);
      break;
    }
    if (are_clients_coming(worker))
      break;
    listener_refuse_new(worker->listener);
    enter_stage(worker, STAGE_CLOSING);
    break;
  case STAGE_CLOSING:
    if (worker->now_ms - worker->stage_start_ms < DRAIN_HANDSHAKE_MS || !accept_queued(worker, MAX_ACCEPTS))
      break;
    close_listener(worker);
    break;
  case STAGE_FINISHING:
    close_idle(worker);
    if (worker->connection_count == 0)
      enter_stage(worker, STAGE_DONE);
    break;
  case STAGE_DONE:
    break;
  }
}

static bool is_drained(const http_worker *worker) {
  if (worker->stage == STAGE_SERVING)
    return false;
  return worker->stage == STAGE_DONE ||
         worker->now_ms - worker->drain_start_ms >= (uint64_t)worker->server->options.drain_timeout_ms;
}

static int earlier(int wait_ms, int other_ms) {
  return wait_ms < 0 || other_ms < wait_ms ? other_ms : wait_ms;
}

/* Returns whether all that had come was read. */
static bool run_once(http_worker *worker) {
  const bool accepts = may_accept(worker);
  int wait_ms = deadlines_wait_ms(&worker->deadlines, worker->now_ms);
  if (worker->is_watching_listener != accepts) {
    worker->loop_kind->watch_listener(worker->loop, accepts);
    worker->is_watching_listener = accepts;
  }
  if (!accepts) /* places become free, and others may get more connections meanwhile */
    wait_ms = earlier(wait_ms, ACCEPT_CHECK_MS);
  if (worker->stage != STAGE_SERVING)
    wait_ms = earlier(wait_ms, DRAIN_TICK_MS);
  if (worker->work_wait_ms >= 0)
    wait_ms = earlier(wait_ms, worker->work_wait_ms);
  return worker->loop_kind->run(worker->loop, wait_ms);
}

/* To those that wait for one by now, for a while: what has come meanwhile, on other connections, goes first. */
static void give_turns(http_worker *worker) {
  const deadline_list *waiting = &worker->deadlines.lists[DEADLINE_TURN];
  const http_deadline *last = waiting->last;
  if (!last)
    return;
  const uint64_t end_ns = http_clock_ns() + ALL_TURNS_NS;
  const http_deadline *given;
  do {
    given = waiting->first;
    connection_on_turn((http_connection *)waiting->first);
  } while (given != last && http_clock_ns() < end_ns);
}

static void end_overdue(http_worker *worker) {
  http_deadline *overdue;
  while ((overdue = deadlines_find_overdue(&worker->deadlines, worker->now_ms)))
    connection_on_overdue((http_connection *)overdue);
}

static void work(http_worker *worker) {
  const http_handler *handler = worker->handler;
  worker->work_wait_ms = handler->work ? handler->work(handler->context, worker->now_ms) : -1;
}

static void close_all(http_worker *worker) {
  for (deadline_kind kind = 0; kind < DEADLINE_KINDS; kind++)
    while (worker->deadlines.lists[kind].first) {
      worker->unfinished_count += kind != DEADLINE_IDLE && kind != DEADLINE_LINGER;
      connection_close((http_connection *)worker->deadlines.lists[kind].first);
    }
  for (free_closed(worker); worker->closed; free_closed(worker))
    worker->loop_kind->run(worker->loop, DRAIN_TICK_MS);
}

static void *run(void *argument) {
  http_worker *worker = argument;
  worker_update_clock(worker);
  worker->work_wait_ms = -1;
  while (!is_drained(worker)) {
    if (run_once(worker) || worker->now_ms - worker->caught_up_ms >= MAX_LATE_MS) {
      worker->caught_up_ms = worker->now_ms;
      end_overdue(worker); /* it is not the client's fault if this thread is late, but it may always be */
    }
    give_turns(worker);
    work(worker);
    if (worker_is_draining(worker))
      drain(worker);
    free_closed(worker);
  }
  close_all(worker);
  return NULL;
}

static int start_thread(http_worker *worker) {
  pthread_attr_t attributes;
  if (pthread_attr_init(&attributes) != 0)
    return -1;
  pthread_attr_setstacksize(&attributes, STACK_NBYTES);
  int result = pthread_create(&worker->thread, &attributes, run, worker);
  pthread_attr_destroy(&attributes);
  worker->is_running = result == 0;
  return worker->is_running ? 0 : -1;
}

int worker_start(http_worker *worker, http_server *server, int index, const loop_kind *kind) {
  const http_options *options = &server->options;
  worker->server = server;
  worker->handler = &options->handlers[index];
  worker->listener = options->listeners[index];
  worker->max_connections = (size_t)((options->max_connections + options->threads - 1) / options->threads);
  worker->deadlines.durations_ms[DEADLINE_IDLE] = (uint32_t)options->idle_timeout_ms;
  worker->deadlines.durations_ms[DEADLINE_REQUEST] = (uint32_t)options->request_timeout_ms;
  worker->deadlines.durations_ms[DEADLINE_ANSWER] = UINT32_MAX;
  worker->deadlines.durations_ms[DEADLINE_SEND] = (uint32_t)options->send_timeout_ms;
  worker->deadlines.durations_ms[DEADLINE_LINGER] = LINGER_MS;
  worker->loop_kind = kind;
  worker->wakeup = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
  worker->parser = request_parser_create();
  if (worker->wakeup < 0 || !worker->parser || !(worker->loop = worker->loop_kind->create(worker)))
    return -1;
  return start_thread(worker);
}

void worker_wake(const http_worker *worker) {
  const uint64_t one = 1;
  while (write(worker->wakeup, &one, sizeof one) < 0 && errno == EINTR)
    continue;
}

void worker_join(http_worker *worker) {
  if (worker->is_running)
    pthread_join(worker->thread, NULL);
}

void worker_destroy(http_worker *worker) {
  if (worker->loop)
    worker->loop_kind->destroy(worker->loop);
  if (worker->listener >= 0)
    close(worker->listener);
  if (worker->wakeup >= 0)
    close(worker->wakeup);
  buffer_pool_destroy(&worker->buffers);
  free(worker->parser);
}
