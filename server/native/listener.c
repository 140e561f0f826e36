#include "listener.h"

#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "unix_listener.h"

static int enable_at(int listener, int level, int option) {
  const int on = 1;
  return setsockopt(listener, level, option, &on, sizeof on);
}

static int enable(int listener, int option) {
  return enable_at(listener, SOL_SOCKET, option);
}

static int close_and_fail(int listener) {
  int first_errno = errno;
  close(listener);
  errno = first_errno;
  return -1;
}

/*
 * Returns the listener or -1 with errno. Its connections have TCP_NODELAY from it: what is sent is whole, and the
 * kernel must not wait for more.
 */
static int open_listener(const server_endpoint *endpoint, bool exclusive) {
  int listener = socket(endpoint->address.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (listener < 0)
    return -1;
  if (enable(listener, SO_REUSEADDR) != 0 || enable_at(listener, IPPROTO_TCP, TCP_NODELAY) != 0 ||
      (!exclusive && enable(listener, SO_REUSEPORT) != 0) ||
      bind(listener, (const struct sockaddr *)&endpoint->address, endpoint->address_nbytes) != 0 ||
      listen(listener, SOMAXCONN) != 0)
    return close_and_fail(listener);
  return listener;
}

/* Stores the port that the kernel chose, so that the other listeners bind the same one. */
static int learn_port(int listener, server_endpoint *endpoint) {
  if (getsockname(listener, (struct sockaddr *)&endpoint->address, &endpoint->address_nbytes) != 0)
    return -1;
  /* the port is at the same place in both families */
  endpoint->port = ntohs(((const struct sockaddr_in *)&endpoint->address)->sin_port);
  return 0;
}

/* Closes all of them, the last first. */
static int close_all(const int *listeners, int count) {
  while (--count >= 0)
    close_and_fail(listeners[count]);
  return -1;
}

/*
 * The first listener does without SO_REUSEPORT until it listens: so of two servers started on one port, even at the
 * same moment, the kernel refuses one, instead of sharing out the connections between them.
 */
static int open_ports(server_config *config, int *listeners) {
  listeners[0] = open_listener(&config->http, true);
  if (listeners[0] < 0)
    return -1;
  if (learn_port(listeners[0], &config->http) != 0 || enable(listeners[0], SO_REUSEPORT) != 0)
    return close_and_fail(listeners[0]);
  for (int i = 1; i < config->threads; i++) {
    listeners[i] = open_listener(&config->http, false);
    if (listeners[i] < 0)
      return close_all(listeners, i);
  }
  return 0;
}

/* All threads listen on the same socket, each by a descriptor of its own. */
static int share(int *listeners, int count) {
  for (int i = 1; i < count; i++) {
    listeners[i] = fcntl(listeners[0], F_DUPFD_CLOEXEC, 0);
    if (listeners[i] < 0)
      return close_all(listeners, i);
  }
  return 0;
}

static int open_path(server_config *config, int *listeners) {
  listeners[0] = unix_listener_open(config);
  if (listeners[0] < 0)
    return -1;
  if (share(listeners, config->threads) == 0)
    return 0;
  unix_listener_remove(config);
  return -1;
}

static int complain_of_passed(int listener, const char *reason) {
  fprintf(stderr, "qrpng-server: The socket that systemd has passed can't be used: %s.\n", reason);
  close(listener);
  return -1;
}

/* What systemd passes is a listener of whatever kind its unit says. */
static int take_passed(server_config *config, int listener, int *listeners) {
  int listens = 0;
  socklen_t nbytes = sizeof listens;
  if (getsockopt(listener, SOL_SOCKET, SO_ACCEPTCONN, &listens, &nbytes) != 0 || !listens)
    return complain_of_passed(listener, "it doesn't listen, as one of ListenStream does");
  if (endpoint_learn(&config->http, listener, &config->unix_path) != 0)
    return complain_of_passed(listener, "it is neither a TCP nor a Unix socket");
  if (fcntl(listener, F_SETFL, O_NONBLOCK) != 0 ||
      (!config->unix_path && enable_at(listener, IPPROTO_TCP, TCP_NODELAY) != 0))
    return complain_of_passed(listener, strerror(errno));
  listeners[0] = listener;
  if (share(listeners, config->threads) == 0)
    return 0;
  fprintf(stderr, "qrpng-server: There are too many open files: %s.\n", strerror(errno));
  return -1;
}

static void complain(const char *place, const char *other_place) {
  if (errno == EADDRINUSE)
    fprintf(stderr, "qrpng-server: %s is in use: end what listens there, or choose another with %s.\n", place,
            other_place);
  else
    fprintf(stderr, "qrpng-server: %s can't be listened on: %s.\n", place, strerror(errno));
}

static void complain_of_port(const server_endpoint *endpoint, const char *option) {
  char place[256];
  snprintf(place, sizeof place, "Port %d on %s", endpoint->port, endpoint->bind);
  complain(place, option);
}

int listeners_open(server_config *config, int *listeners) {
  if (config->passed_listener >= 0)
    return take_passed(config, config->passed_listener, listeners);
  if (config->unix_path) {
    if (open_path(config, listeners) == 0)
      return 0;
    complain(config->unix_path, "--unix");
    return -1;
  }
  if (open_ports(config, listeners) == 0)
    return 0;
  complain_of_port(&config->http, "--port");
  return -1;
}

int metrics_listener_open(server_config *config) {
  int listener = open_listener(&config->metrics, true);
  if (listener < 0)
    complain_of_port(&config->metrics, "--metrics-port");
  else
    learn_port(listener, &config->metrics);
  return listener;
}
