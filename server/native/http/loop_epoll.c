/* By readiness: epoll says which sockets can be read or written, and each of that is a system call. */
#include <errno.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "loop.h"
#include "worker.h"

enum { MAX_EVENTS = 256, RECEIVE_NBYTES = 32 * 1024 };

struct http_loop {
  http_worker *worker;
  int epoll;
  char received[RECEIVE_NBYTES]; /* requests mostly come whole, and are answered from here */
};

static int control(const http_loop *loop, int operation, int file, uint32_t events, void *subject) {
  struct epoll_event event = {.events = events, .data.ptr = subject};
  return epoll_ctl(loop->epoll, operation, file, &event);
}

static void destroy(http_loop *loop) {
  close(loop->epoll);
  free(loop);
}

static http_loop *create(http_worker *worker) {
  http_loop *loop = malloc(sizeof *loop);
  if (!loop)
    return NULL;
  loop->worker = worker;
  loop->epoll = epoll_create1(EPOLL_CLOEXEC);
  if (loop->epoll >= 0 && control(loop, EPOLL_CTL_ADD, worker->wakeup, EPOLLIN, &worker->wakeup) == 0)
    return loop;
  if (loop->epoll >= 0)
    close(loop->epoll);
  free(loop);
  return NULL;
}

static void watch_listener(http_loop *loop, bool is_watched) {
  http_worker *worker = loop->worker;
  control(loop, is_watched ? EPOLL_CTL_ADD : EPOLL_CTL_DEL, worker->listener, EPOLLIN, &worker->listener);
}

/* The connection's loop_state is what is waited for. */
static void await(http_loop *loop, http_connection *connection, uint32_t events) {
  if (connection->loop_state == events)
    return;
  connection->loop_state = events;
  if (control(loop, EPOLL_CTL_MOD, connection->socket, events, connection) != 0)
    connection_close(connection);
}

static int add(http_loop *loop, http_connection *connection) {
  connection->loop_state = EPOLLIN;
  return control(loop, EPOLL_CTL_ADD, connection->socket, EPOLLIN, connection);
}

static void watch_input(http_loop *loop, http_connection *connection) {
  if (connection->loop_state != EPOLLOUT)
    await(loop, connection, connection->is_paused ? 0 : EPOLLIN);
}

static bool send_output(http_loop *loop, http_connection *connection) {
  const http_buffer *output = &connection->output;
  while (connection->sent_nbytes < output->nbytes) {
    ssize_t nbytes = send(connection->socket, output->bytes + connection->sent_nbytes,
                          output->nbytes - connection->sent_nbytes, MSG_NOSIGNAL);
    if (nbytes >= 0) {
      connection->sent_nbytes += (uint32_t)nbytes;
    } else if (errno == EAGAIN) {
      await(loop, connection, EPOLLOUT);
      return false;
    } else if (errno != EINTR) {
      connection_close(connection);
      return false;
    }
  }
  return true;
}

static void receive(http_loop *loop, http_connection *connection) {
  ssize_t nbytes = recv(connection->socket, loop->received, sizeof loop->received, 0);
  if (nbytes > 0)
    connection_receive(connection, loop->received, (size_t)nbytes);
  else if (nbytes == 0)
    connection_receive_end(connection);
  else if (errno != EAGAIN && errno != EINTR)
    connection_close(connection);
}

static void on_event(http_loop *loop, http_connection *connection) {
  if (connection->phase == PHASE_CLOSED)
    return;
  if (connection->loop_state == EPOLLIN) {
    if (!connection->awaits_turn)
      receive(loop, connection);
  } else if (connection->loop_state == 0) { /* what comes unasked for is a reset */
    connection_close(connection);
  } else if (send_output(loop, connection)) {
    await(loop, connection, connection->is_paused ? 0 : EPOLLIN);
    if (connection->phase != PHASE_CLOSED)
      connection_on_sent(connection);
  }
}

static void empty_wakeup(const http_worker *worker) {
  uint64_t ignored;
  while (read(worker->wakeup, &ignored, sizeof ignored) < 0 && errno == EINTR)
    continue;
}

static bool run(http_loop *loop, int timeout_ms) {
  struct epoll_event events[MAX_EVENTS];
  http_worker *worker = loop->worker;
  int count = epoll_wait(loop->epoll, events, MAX_EVENTS, timeout_ms);
  worker_update_clock(worker);
  for (int i = 0; i < count; i++) {
    void *subject = events[i].data.ptr;
    if (subject == &worker->listener)
      worker_accept(worker);
    else if (subject == &worker->wakeup)
      empty_wakeup(worker);
    else
      on_event(loop, subject);
  }
  return count < MAX_EVENTS;
}

static void remove_connection(http_loop *loop, http_connection *connection) {
  /* close() would do, but not while a process that was just forked still has the socket. */
  control(loop, EPOLL_CTL_DEL, connection->socket, 0, NULL);
  close(connection->socket);
}

static bool is_unused(const http_connection *connection) {
  (void)connection;
  return true;
}

const loop_kind loop_epoll = {
    .name = "epoll",
    .create = create,
    .destroy = destroy,
    .run = run,
    .watch_listener = watch_listener,
    .add = add,
    .watch_input = watch_input,
    .send = send_output,
    .remove = remove_connection,
    .is_unused = is_unused,
};
