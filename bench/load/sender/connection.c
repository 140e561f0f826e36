#include "connection.h"

#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <unistd.h>

#include "clock.h"

enum { RECEIVE_NBYTES = 64 * 1024, CALLBACK_FAILS = -1, FIRST_FINAL_STATUS = 200 };

/* An answer that nobody asked for. */
static int on_begin(llhttp_t *parser) {
  const sender_connection *self = parser->data;
  return self->request && !self->is_answered ? 0 : CALLBACK_FAILS;
}

static int on_head(llhttp_t *parser) {
  sender_connection *self = parser->data;
  self->lacks_length = llhttp_message_needs_eof(parser);
  return self->lacks_length ? CALLBACK_FAILS : 0;
}

static int on_complete(llhttp_t *parser) {
  sender_connection *self = parser->data;
  if (llhttp_get_status_code(parser) < FIRST_FINAL_STATUS)
    return 0;
  self->is_answered = true;
  self->status = llhttp_get_status_code(parser);
  self->keeps_alive = llhttp_should_keep_alive(parser) && self->sent_nbytes == self->request->nbytes;
  return 0;
}

static const llhttp_settings_t *parser_settings(void) {
  static const llhttp_settings_t settings = {
      .on_message_begin = on_begin,
      .on_headers_complete = on_head,
      .on_message_complete = on_complete,
  };
  return &settings;
}

bool connection_open(sender_connection *self, const sender_target *target, int epoll, uint64_t tag) {
  const int on = 1;
  struct epoll_event wanted = {.events = EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET, .data.u64 = tag};
  *self = (sender_connection){.generation = self->generation, .keeps_alive = true};
  self->descriptor = socket(target->address.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (self->descriptor < 0)
    return false;
  setsockopt(self->descriptor, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  llhttp_init(&self->parser, HTTP_RESPONSE, parser_settings());
  self->parser.data = self;
  if ((connect(self->descriptor, (const struct sockaddr *)&target->address, target->address_nbytes) == 0 ||
       errno == EINPROGRESS) &&
      epoll_ctl(epoll, EPOLL_CTL_ADD, self->descriptor, &wanted) == 0)
    return true;
  const int error = errno;
  connection_close(self);
  errno = error;
  return false;
}

void connection_close(sender_connection *self) {
  close(self->descriptor);
  self->descriptor = -1;
}

/* What comes after an answer takes nothing from it. */
static bool lose(sender_connection *self, int status) {
  if (!self->is_answered)
    self->status = status;
  return false;
}

/* Sends what the socket takes. */
static bool flush(sender_connection *self, sender_traffic *traffic) {
  while (self->sent_nbytes < self->request->nbytes) {
    const ssize_t nbytes = send(self->descriptor, self->request->bytes + self->sent_nbytes,
                                self->request->nbytes - self->sent_nbytes, MSG_NOSIGNAL);
    if (nbytes < 0)
      return errno == EAGAIN || lose(self, WRITE_FAILED);
    self->sent_nbytes += (size_t)nbytes;
    traffic->sent_nbytes += (uint64_t)nbytes;
  }
  return true;
}

bool connection_send(sender_connection *self, const sender_request *request, sender_traffic *traffic) {
  self->request = request;
  self->sent_nbytes = 0;
  self->is_answered = false;
  return !self->is_connected || flush(self, traffic);
}

/* Whether it is connected by now, or still connecting. */
static bool finish_connecting(sender_connection *self, uint32_t events) {
  int error = 0;
  socklen_t error_nbytes = sizeof error;
  if (self->is_connected || !(events & (EPOLLOUT | EPOLLERR | EPOLLHUP)))
    return true;
  if (getsockopt(self->descriptor, SOL_SOCKET, SO_ERROR, &error, &error_nbytes) != 0 || error != 0)
    return lose(self, CONNECT_FAILED);
  self->is_connected = true;
  return true;
}

/* Reads all there is; false at the end, or if it is no answer. */
static bool receive(sender_connection *self, uint32_t events, sender_traffic *traffic) {
  static const uint32_t endings = EPOLLRDHUP | EPOLLHUP | EPOLLERR;
  char bytes[RECEIVE_NBYTES];
  for (;;) {
    const ssize_t nbytes = recv(self->descriptor, bytes, sizeof bytes, 0);
    if (nbytes < 0)
      return errno == EAGAIN || lose(self, READ_FAILED);
    if (nbytes == 0)
      return lose(self, READ_FAILED);
    self->answered_ns = now_ns();
    traffic->received_nbytes += (uint64_t)nbytes;
    if (llhttp_execute(&self->parser, bytes, (size_t)nbytes) != HPE_OK)
      return lose(self, READ_FAILED);
    /* Less than asked for is all there is, and more would be an event of its own; the end comes with what is before it.
     */
    if ((size_t)nbytes < sizeof bytes && !(events & endings))
      return true;
  }
}

sender_news connection_continue(sender_connection *self, uint32_t events, sender_traffic *traffic) {
  if (!finish_connecting(self, events))
    return CONNECTION_LOST;
  if (!self->is_connected)
    return CONNECTION_WAITS;
  if (self->request && !flush(self, traffic))
    return CONNECTION_LOST;
  const bool goes_on = !(events & ~(uint32_t)EPOLLOUT) || receive(self, events, traffic);
  if (!self->request || !self->is_answered)
    return goes_on ? CONNECTION_WAITS : CONNECTION_LOST;
  self->keeps_alive = self->keeps_alive && goes_on;
  return CONNECTION_ANSWERED;
}
