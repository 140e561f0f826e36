#include "load.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <unistd.h>

#include "clock.h"
#include "fail.h"

enum { MAX_EVENTS = 64, WARM_UP_MS = 200, WARM_UP_TIMEOUT_MS = 10 * 1000 };

typedef struct {
  const sender_options *options;
  sender_record *records;
  int epoll;
  int64_t start_ns;
  int64_t warm_up_end_ns; /* 0 once it is over */
  size_t called, sent;    /* what is between waits for a connection, in the order in which it was due */
  size_t settled;
  sender_connection *connections;
  size_t *idle; /* places of connections; the last one that became idle is the first to be used */
  size_t *closed;
  size_t idle_count, closed_count;
  sender_traffic traffic;
} sender_load;

static double since_start_ms(const sender_load *self, int64_t at_ns) {
  return (double)(at_ns - self->start_ns) / NS_PER_MS;
}

static size_t place_of(const sender_load *self, const sender_connection *connection) {
  return (size_t)(connection - self->connections);
}

static uint64_t tag_of(const sender_load *self, const sender_connection *connection) {
  return (uint64_t)connection->generation << 32 | place_of(self, connection);
}

static bool has_place(const sender_load *self) {
  return self->idle_count + self->closed_count > 0;
}

/* One that is idle, else one to be opened. */
static sender_connection *take_place(sender_load *self, bool *is_open) {
  *is_open = self->idle_count > 0;
  return &self->connections[*is_open ? self->idle[--self->idle_count] : self->closed[--self->closed_count]];
}

static void take_off_idle(sender_load *self, const sender_connection *connection) {
  const size_t last = self->idle[--self->idle_count];
  self->idle[connection->idle_position] = last;
  self->connections[last].idle_position = connection->idle_position;
}

static void give_idle(sender_load *self, sender_connection *connection) {
  connection->request = NULL;
  connection->idle_position = self->idle_count;
  self->idle[self->idle_count++] = place_of(self, connection);
}

static void close_connection(sender_load *self, sender_connection *connection) {
  connection_close(connection);
  connection->request = NULL;
  connection->generation++;
  self->closed[self->closed_count++] = place_of(self, connection);
}

static void settle(sender_load *self, const sender_connection *connection) {
  if (self->warm_up_end_ns)
    return;
  sender_record *record = &self->records[connection->index];
  record->status = connection->status;
  if (connection->is_answered)
    record->done_ms = since_start_ms(self, connection->answered_ns);
  self->settled++;
}

static void lose_connection(sender_load *self, sender_connection *connection) {
  if (connection->lacks_length)
    fail("its answers have no length, without which an open loop can't tell where they end");
  if (connection->request)
    settle(self, connection);
  else
    take_off_idle(self, connection);
  close_connection(self, connection);
}

/* That there are too few descriptors says nothing of the server. */
static void lose_unopened(sender_load *self, sender_connection *connection) {
  if (errno == EMFILE || errno == ENFILE || errno == ENOMEM || errno == ENOBUFS)
    fail("a connection can't be opened: %s", strerror(errno));
  connection->status = CONNECT_FAILED;
  settle(self, connection);
  self->closed[self->closed_count++] = place_of(self, connection);
}

static void send_by(sender_load *self, sender_connection *connection, bool is_open, size_t index) {
  const sender_requests *requests = &self->options->requests;
  const bool can_send =
      is_open || connection_open(connection, &self->options->target, self->epoll, tag_of(self, connection));
  connection->index = index;
  if (!can_send)
    lose_unopened(self, connection);
  else if (!connection_send(connection, &requests->items[index % requests->count], &self->traffic))
    lose_connection(self, connection);
}

static void send_waiting(sender_load *self) {
  while (self->sent < self->called && has_place(self)) {
    bool is_open;
    sender_connection *connection = take_place(self, &is_open);
    const size_t index = self->sent++;
    self->records[index].sent_ms = since_start_ms(self, now_ns());
    send_by(self, connection, is_open, index);
  }
}

static void send_due(sender_load *self) {
  const sender_schedule *schedule = &self->options->schedule;
  while (self->called < schedule->count) {
    const double now_ms = since_start_ms(self, now_ns());
    if (schedule->due_ms[self->called] > now_ms)
      return;
    self->records[self->called++].called_ms = now_ms;
    send_waiting(self);
  }
}

static void release(sender_load *self, sender_connection *connection) {
  if (!connection->keeps_alive)
    close_connection(self, connection);
  else if (now_ns() < self->warm_up_end_ns)
    send_by(self, connection, true, connection->index + 1);
  else
    give_idle(self, connection);
}

static void take_event(sender_load *self, const struct epoll_event *event) {
  sender_connection *connection = &self->connections[(uint32_t)event->data.u64];
  if (tag_of(self, connection) != event->data.u64)
    return;
  switch (connection_continue(connection, event->events, &self->traffic)) {
  case CONNECTION_WAITS:
    return;
  case CONNECTION_ANSWERED:
    settle(self, connection);
    release(self, connection);
    break;
  case CONNECTION_LOST:
    lose_connection(self, connection);
  }
}

/* What became due meanwhile goes before the next event. */
static void wait_until(sender_load *self, int64_t end_ns) {
  struct epoll_event events[MAX_EVENTS];
  const int64_t wait_ns = end_ns - now_ns();
  const struct timespec wait = {wait_ns / NS_PER_SECOND, wait_ns % NS_PER_SECOND};
  const int count = epoll_pwait2(self->epoll, events, MAX_EVENTS, wait_ns > 0 ? &wait : &(struct timespec){0}, NULL);
  if (count < 0 && errno != EINTR)
    fail("events can't be waited for: %s", strerror(errno));
  for (int i = 0; i < count; i++) {
    take_event(self, &events[i]);
    send_waiting(self);
    if (!self->warm_up_end_ns)
      send_due(self);
  }
}

static size_t count_busy(const sender_load *self) {
  return self->options->max_connections - self->idle_count - self->closed_count;
}

/* So that neither connections nor this code is cold when it counts. Those that hang are closed. */
static void warm_up(sender_load *self) {
  self->warm_up_end_ns = now_ns() + (int64_t)WARM_UP_MS * NS_PER_MS;
  for (size_t i = 0; i < self->options->connections; i++) {
    bool is_open;
    sender_connection *connection = take_place(self, &is_open);
    send_by(self, connection, is_open, i);
  }
  const int64_t end_ns = self->warm_up_end_ns + (int64_t)WARM_UP_TIMEOUT_MS * NS_PER_MS;
  while (count_busy(self) > 0 && now_ns() < end_ns)
    wait_until(self, end_ns);
  for (size_t i = 0; i < self->options->max_connections; i++)
    if (self->connections[i].request)
      close_connection(self, &self->connections[i]);
  self->warm_up_end_ns = 0;
  self->traffic = (sender_traffic){0};
}

static int64_t due_ns(const sender_load *self) {
  return self->start_ns + (int64_t)(self->options->schedule.due_ms[self->called] * NS_PER_MS);
}

static void put_load(sender_load *self, void (*on_end)(void)) {
  const size_t count = self->options->schedule.count;
  self->start_ns = now_ns();
  send_due(self);
  while (self->called < count) {
    wait_until(self, due_ns(self));
    send_due(self);
  }
  on_end();
  const int64_t end_ns = now_ns() + self->options->timeout_ms * NS_PER_MS;
  while (self->settled < count && now_ns() < end_ns)
    wait_until(self, end_ns);
}

static void *allocate(size_t count, size_t nbytes) {
  void *items = calloc(count, nbytes);
  if (!items)
    fail("there is no memory for %zu connections", count);
  return items;
}

static void create_places(sender_load *self) {
  const size_t count = self->options->max_connections;
  self->connections = allocate(count, sizeof *self->connections);
  self->idle = allocate(count, sizeof *self->idle);
  self->closed = allocate(count, sizeof *self->closed);
  for (size_t i = 0; i < count; i++) {
    self->connections[i].descriptor = -1;
    self->closed[i] = count - 1 - i;
  }
  self->closed_count = count;
}

sender_traffic load_run(const sender_options *options, sender_record *records, void (*on_end)(void)) {
  sender_load self = {.options = options, .records = records, .epoll = epoll_create1(EPOLL_CLOEXEC)};
  if (self.epoll < 0)
    fail("epoll can't be had: %s", strerror(errno));
  create_places(&self);
  warm_up(&self);
  put_load(&self, on_end);
  for (size_t i = 0; i < options->max_connections; i++)
    if (self.connections[i].descriptor >= 0)
      close(self.connections[i].descriptor);
  free(self.connections);
  free(self.idle);
  free(self.closed);
  close(self.epoll);
  return self.traffic;
}
