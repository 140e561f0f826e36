/*
 * By completion: requests are read and answers sent by an io_uring, so that one system call does for all of them what
 * epoll needs two each for. The ring may do nothing but that: a filter of system calls can't see what is done through
 * it.
 */
#include <errno.h>
#include <liburing.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "loop.h"
#include "worker.h"

enum {
  SUBMISSIONS = 1024,
  COMPLETIONS = 4096,
  BUFFER_COUNT = 128, /* a power of two */
  BUFFER_NBYTES = 4 * 1024,
  BUFFER_GROUP = 0,
};

/* What a connection has under way, in its loop_state, and which of both a completion is of, in the lowest bit. */
enum { RECEIVING = 1, SENDING = 2, TAG_SEND = 1 };

struct http_loop {
  http_worker *worker;
  struct io_uring ring;
  struct io_uring_buf_ring *buffers;
  char *buffer_bytes;
  bool is_enabled;
  bool is_listener_watched, is_listener_polled;
};

static struct io_uring_sqe *next_submission(http_loop *loop) {
  struct io_uring_sqe *sqe = io_uring_get_sqe(&loop->ring);
  while (!sqe) { /* the queue is full */
    io_uring_submit(&loop->ring);
    sqe = io_uring_get_sqe(&loop->ring);
  }
  return sqe;
}

static uint64_t data_of(const void *subject, unsigned tag) {
  return (uint64_t)(uintptr_t)subject | tag;
}

static void poll_for_input(http_loop *loop, int file, const void *subject) {
  struct io_uring_sqe *sqe = next_submission(loop);
  io_uring_prep_poll_add(sqe, file, POLLIN);
  sqe->user_data = data_of(subject, 0);
}

static void cancel(http_loop *loop, const void *subject) {
  struct io_uring_sqe *sqe = next_submission(loop);
  io_uring_prep_cancel64(sqe, data_of(subject, 0), 0);
  sqe->user_data = 0;
}

static void give_buffer(http_loop *loop, unsigned id) {
  const int mask = io_uring_buf_ring_mask(BUFFER_COUNT);
  io_uring_buf_ring_add(loop->buffers, loop->buffer_bytes + (size_t)id * BUFFER_NBYTES, BUFFER_NBYTES,
                        (unsigned short)id, mask, 0);
  io_uring_buf_ring_advance(loop->buffers, 1);
}

/* The shared library of liburing 2.3 lacks these two calls. */
static int register_restrictions(struct io_uring *ring, struct io_uring_restriction *restrictions, unsigned count) {
  return (int)syscall(__NR_io_uring_register, ring->ring_fd, IORING_REGISTER_RESTRICTIONS, restrictions, count);
}

static int enable_ring(struct io_uring *ring) {
  return (int)syscall(__NR_io_uring_register, ring->ring_fd, IORING_REGISTER_ENABLE_RINGS, NULL, 0);
}

static int restrict_ring(struct io_uring *ring) {
  struct io_uring_restriction allowed[] = {
      {.opcode = IORING_RESTRICTION_SQE_OP, .sqe_op = IORING_OP_RECV},
      {.opcode = IORING_RESTRICTION_SQE_OP, .sqe_op = IORING_OP_SEND},
      {.opcode = IORING_RESTRICTION_SQE_OP, .sqe_op = IORING_OP_POLL_ADD},
      {.opcode = IORING_RESTRICTION_SQE_OP, .sqe_op = IORING_OP_ASYNC_CANCEL},
      {.opcode = IORING_RESTRICTION_SQE_FLAGS_ALLOWED, .sqe_flags = IOSQE_BUFFER_SELECT},
  };
  return register_restrictions(ring, allowed, sizeof allowed / sizeof allowed[0]);
}

/* The thread that enables the ring is the only one that may use it. */
static int create_ring(http_loop *loop) {
  struct io_uring_params params = {
      .flags = IORING_SETUP_SINGLE_ISSUER | IORING_SETUP_DEFER_TASKRUN | IORING_SETUP_R_DISABLED | IORING_SETUP_CQSIZE |
               IORING_SETUP_CLAMP,
      .cq_entries = COMPLETIONS,
  };
  struct io_uring_buf_reg registration = {
      .ring_addr = (uintptr_t)loop->buffers, .ring_entries = BUFFER_COUNT, .bgid = BUFFER_GROUP};
  if (io_uring_queue_init_params(SUBMISSIONS, &loop->ring, &params) != 0)
    return -1;
  if (io_uring_register_buf_ring(&loop->ring, &registration, 0) == 0 && restrict_ring(&loop->ring) == 0)
    return 0;
  io_uring_queue_exit(&loop->ring);
  return -1;
}

static void *map(size_t nbytes) {
  void *bytes = mmap(NULL, nbytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  return bytes == MAP_FAILED ? NULL : bytes;
}

enum {
  BUFFER_RING_NBYTES = BUFFER_COUNT * sizeof(struct io_uring_buf),
  ALL_BUFFERS_NBYTES = BUFFER_COUNT * BUFFER_NBYTES,
};

static void free_buffers(http_loop *loop) {
  if (loop->buffers)
    munmap(loop->buffers, BUFFER_RING_NBYTES);
  if (loop->buffer_bytes)
    munmap(loop->buffer_bytes, ALL_BUFFERS_NBYTES);
}

static void destroy(http_loop *loop) {
  io_uring_queue_exit(&loop->ring);
  free_buffers(loop);
  free(loop);
}

static http_loop *create(http_worker *worker) {
  http_loop *loop = calloc(1, sizeof *loop);
  if (!loop)
    return NULL;
  loop->worker = worker;
  loop->buffers = map(BUFFER_RING_NBYTES);
  loop->buffer_bytes = map(ALL_BUFFERS_NBYTES);
  if (loop->buffers && loop->buffer_bytes && create_ring(loop) == 0) {
    io_uring_buf_ring_init(loop->buffers);
    for (unsigned id = 0; id < BUFFER_COUNT; id++)
      give_buffer(loop, id);
    poll_for_input(loop, worker->wakeup, &worker->wakeup);
    return loop;
  }
  free_buffers(loop);
  free(loop);
  return NULL;
}

static void poll_listener(http_loop *loop) {
  if (!loop->is_listener_watched || loop->is_listener_polled)
    return;
  loop->is_listener_polled = true;
  poll_for_input(loop, loop->worker->listener, &loop->worker->listener);
}

static void watch_listener(http_loop *loop, bool is_watched) {
  loop->is_listener_watched = is_watched;
  if (!is_watched && loop->is_listener_polled)
    cancel(loop, &loop->worker->listener);
  poll_listener(loop);
}

static void receive(http_loop *loop, http_connection *connection) {
  struct io_uring_sqe *sqe = next_submission(loop);
  io_uring_prep_recv_multishot(sqe, connection->socket, NULL, 0, 0);
  sqe->flags |= IOSQE_BUFFER_SELECT;
  sqe->buf_group = BUFFER_GROUP;
  sqe->user_data = data_of(connection, 0);
  connection->loop_state |= RECEIVING;
}

static int add(http_loop *loop, http_connection *connection) {
  receive(loop, connection);
  return 0;
}

/* As far as it is allowed, and if it isn't done already. */
static void receive_if_wanted(http_loop *loop, http_connection *connection) {
  if (!connection->is_paused && !connection->peer_has_ended && !(connection->loop_state & RECEIVING))
    receive(loop, connection);
}

static void watch_input(http_loop *loop, http_connection *connection) {
  if (connection->is_paused && connection->loop_state & RECEIVING)
    cancel(loop, connection);
  else
    receive_if_wanted(loop, connection);
}

static bool send_output(http_loop *loop, http_connection *connection) {
  struct io_uring_sqe *sqe = next_submission(loop);
  io_uring_prep_send(sqe, connection->socket, connection->output.bytes + connection->sent_nbytes,
                     connection->output.nbytes - connection->sent_nbytes, MSG_NOSIGNAL);
  sqe->user_data = data_of(connection, TAG_SEND);
  connection->loop_state |= SENDING;
  return false;
}

/* What is under way ends with an error, since the socket is shut down. */
static void remove_connection(http_loop *loop, http_connection *connection) {
  (void)loop;
  if (connection->loop_state != 0)
    shutdown(connection->socket, SHUT_RDWR);
  close(connection->socket);
}

static bool is_unused(const http_connection *connection) {
  return connection->loop_state == 0;
}

static void on_sent(http_loop *loop, http_connection *connection, int result) {
  connection->loop_state &= ~(uint32_t)SENDING;
  if (connection->phase == PHASE_CLOSED)
    return;
  if (result < 0 && result != -EINTR) {
    connection_close(connection);
    return;
  }
  connection->sent_nbytes += result > 0 ? (uint32_t)result : 0;
  if (connection->sent_nbytes < connection->output.nbytes) {
    send_output(loop, connection);
    return;
  }
  connection_on_sent(connection);
  if (connection->phase != PHASE_CLOSED)
    receive_if_wanted(loop, connection);
}

/* Others have taken all buffers, and may do so again: this one must get on, too. */
static void receive_at_once(http_connection *connection) {
  char bytes[BUFFER_NBYTES];
  ssize_t nbytes = recv(connection->socket, bytes, sizeof bytes, MSG_DONTWAIT);
  if (nbytes > 0)
    connection_receive(connection, bytes, (size_t)nbytes);
  else if (nbytes == 0)
    connection_receive_end(connection);
  else if (errno != EAGAIN && errno != EINTR)
    connection_close(connection);
}

static void on_received(http_loop *loop, http_connection *connection, const struct io_uring_cqe *cqe) {
  const unsigned id = cqe->flags >> IORING_CQE_BUFFER_SHIFT;
  if (!(cqe->flags & IORING_CQE_F_MORE))
    connection->loop_state &= ~(uint32_t)RECEIVING;
  if (connection->phase != PHASE_CLOSED) {
    if (cqe->res > 0)
      connection_receive(connection, loop->buffer_bytes + (size_t)id * BUFFER_NBYTES, (size_t)cqe->res);
    else if (cqe->res == 0)
      connection_receive_end(connection);
    else if (cqe->res == -ENOBUFS && !connection->is_paused)
      receive_at_once(connection);
    else if (cqe->res != -ENOBUFS && cqe->res != -ECANCELED && cqe->res != -EINTR)
      connection_close(connection);
  }
  if (cqe->flags & IORING_CQE_F_BUFFER)
    give_buffer(loop, id);
  if (connection->phase != PHASE_CLOSED)
    receive_if_wanted(loop, connection);
}

static void on_listener(http_loop *loop) {
  loop->is_listener_polled = false;
  if (loop->is_listener_watched)
    worker_accept(loop->worker);
  poll_listener(loop);
}

static void on_wakeup(http_loop *loop) {
  uint64_t ignored;
  while (read(loop->worker->wakeup, &ignored, sizeof ignored) < 0 && errno == EINTR)
    continue;
  poll_for_input(loop, loop->worker->wakeup, &loop->worker->wakeup);
}

static void on_completion(http_loop *loop, const struct io_uring_cqe *cqe) {
  http_worker *worker = loop->worker;
  void *subject = (void *)(uintptr_t)(cqe->user_data & ~(uint64_t)TAG_SEND);
  if (!subject) /* a cancellation */
    return;
  if (subject == &worker->listener)
    on_listener(loop);
  else if (subject == &worker->wakeup)
    on_wakeup(loop);
  else if (cqe->user_data & TAG_SEND)
    on_sent(loop, subject, cqe->res);
  else
    on_received(loop, subject, cqe);
}

static bool run(http_loop *loop, int timeout_ms) {
  struct __kernel_timespec timeout = {.tv_sec = timeout_ms / 1000, .tv_nsec = timeout_ms % 1000 * 1000000LL};
  struct io_uring_cqe *cqe;
  unsigned head, count = 0;
  if (!loop->is_enabled)
    loop->is_enabled = enable_ring(&loop->ring) == 0;
  io_uring_submit_and_wait_timeout(&loop->ring, &cqe, 1, timeout_ms < 0 ? NULL : &timeout, NULL);
  worker_update_clock(loop->worker);
  io_uring_for_each_cqe(&loop->ring, head, cqe) {
    on_completion(loop, cqe);
    count++;
  }
  io_uring_cq_advance(&loop->ring, count);
  return !io_uring_cq_has_overflow(&loop->ring);
}

const loop_kind loop_uring = {
    .name = "uring",
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
