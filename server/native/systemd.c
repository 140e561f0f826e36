#include "systemd.h"

#include <fcntl.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

enum { FIRST_PASSED = 3 };

int systemd_take_socket(void) {
  const char *pid = getenv("LISTEN_PID"), *count = getenv("LISTEN_FDS");
  const bool is_ours = pid && count && strtol(pid, NULL, 10) == getpid();
  const long socket_count = is_ours ? strtol(count, NULL, 10) : 0;
  unsetenv("LISTEN_PID");
  unsetenv("LISTEN_FDS");
  unsetenv("LISTEN_FDNAMES");
  if (socket_count <= 0)
    return SYSTEMD_NONE;
  if (socket_count > 1) {
    fprintf(stderr, "qrpng-server: systemd has passed %ld sockets: one is allowed.\n", socket_count);
    return SYSTEMD_REFUSED;
  }
  return fcntl(FIRST_PASSED, F_SETFD, FD_CLOEXEC) == 0 ? FIRST_PASSED : SYSTEMD_NONE;
}

/* If it can't be told, it notices that by itself. */
void systemd_notify(const char *state) {
  const char *path = getenv("NOTIFY_SOCKET");
  struct sockaddr_un address = {.sun_family = AF_UNIX};
  const size_t nbytes = path ? strlen(path) : 0;
  if (nbytes < 2 || nbytes >= sizeof address.sun_path || (path[0] != '/' && path[0] != '@'))
    return;
  memcpy(address.sun_path, path, nbytes);
  if (path[0] == '@') /* of the abstract namespace */
    address.sun_path[0] = '\0';
  int sender = socket(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (sender < 0)
    return;
  (void)sendto(sender, state, strlen(state), MSG_NOSIGNAL, (const struct sockaddr *)&address,
               (socklen_t)(offsetof(struct sockaddr_un, sun_path) + nbytes));
  close(sender);
}
