#include "drain_listener.h"

#include <linux/filter.h>
#include <stdbool.h>
#include <sys/socket.h>

static bool is_unix(int listener) {
  int domain = 0;
  socklen_t nbytes = sizeof domain;
  return getsockopt(listener, SOL_SOCKET, SO_DOMAIN, &domain, &nbytes) == 0 && domain == AF_UNIX;
}

static void drop_handshakes(int listener) {
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

void listener_refuse_new(int listener) {
  if (is_unix(listener))
    shutdown(listener, SHUT_RD); /* it would reset the queue of a TCP listener; that of a Unix one it leaves as it is */
  else
    drop_handshakes(listener);
}
