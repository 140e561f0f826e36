#include "listener.h"

#include <errno.h>
#include <linux/filter.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static int enable(int listener, int option) {
  const int on = 1;
  return setsockopt(listener, SOL_SOCKET, option, &on, sizeof on);
}

static int close_and_fail(int listener) {
  int first_errno = errno;
  close(listener);
  errno = first_errno;
  return -1;
}

/* Returns the listener or -1 with errno. */
static int open_listener(const config *config, bool exclusive) {
  int listener = socket(config->address.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (listener < 0)
    return -1;
  if (enable(listener, SO_REUSEADDR) != 0 || (!exclusive && enable(listener, SO_REUSEPORT) != 0) ||
      bind(listener, (const struct sockaddr *)&config->address, config->address_nbytes) != 0 ||
      listen(listener, SOMAXCONN) != 0)
    return close_and_fail(listener);
  return listener;
}

/* Stores the port that the kernel chose, so that the other listeners bind the same one. */
static int learn_port(int listener, config *config) {
  if (getsockname(listener, (struct sockaddr *)&config->address, &config->address_nbytes) != 0)
    return -1;
  /* the port is at the same place in both families */
  config->port = ntohs(((const struct sockaddr_in *)&config->address)->sin_port);
  return 0;
}

/*
 * The first listener does without SO_REUSEPORT until it listens: so of two servers started on one port, even at the
 * same moment, the kernel refuses one, instead of sharing out the connections between them.
 */
static int open_all(config *config, int *listeners) {
  listeners[0] = open_listener(config, true);
  if (listeners[0] < 0)
    return -1;
  if (learn_port(listeners[0], config) != 0 || enable(listeners[0], SO_REUSEPORT) != 0)
    return close_and_fail(listeners[0]);
  for (int i = 1; i < config->threads; i++) {
    listeners[i] = open_listener(config, false);
    if (listeners[i] < 0) {
      while (--i > 0)
        close_and_fail(listeners[i]);
      return close_and_fail(listeners[0]);
    }
  }
  return 0;
}

int listeners_open(config *config, int *listeners) {
  if (open_all(config, listeners) == 0)
    return 0;
  if (errno == EADDRINUSE)
    fprintf(stderr, "qrpng-server: Port %d on %s is in use: end what listens there, or choose another with --port.\n",
            config->port, config->bind);
  else
    fprintf(stderr, "qrpng-server: Port %d on %s can't be listened on: %s.\n", config->port, config->bind,
            strerror(errno));
  return -1;
}

void listener_refuse_new(int listener) {
  enum { TCP_FLAGS_OFFSET = 13, SYN = 0x02 };
  struct sock_filter drop_syn[] = {
      BPF_STMT(BPF_LD | BPF_B | BPF_ABS, TCP_FLAGS_OFFSET),
      BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, SYN, 0, 1),
      BPF_STMT(BPF_RET | BPF_K, 0),
      BPF_STMT(BPF_RET | BPF_K, 0xFFFFFFFF),
  };
  const struct sock_fprog program = {.len = sizeof drop_syn / sizeof drop_syn[0], .filter = drop_syn};
  /* without it a connection can be lost that is established between the last accept and the close */
  (void)setsockopt(listener, SOL_SOCKET, SO_ATTACH_FILTER, &program, sizeof program);
}
