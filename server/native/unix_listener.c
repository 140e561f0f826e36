#include "unix_listener.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

/*
 * Returns a descriptor that holds the lock until it is closed, or -1 with errno. Some file systems can't lock, and
 * anyone can hold the lock of a folder that all may read: so after a while it goes on without.
 */
static int lock_directory(const server_config *config) {
  enum { MAX_TRIES = 100 };
  const struct timespec pause = {.tv_nsec = 10 * 1000 * 1000};
  char path[sizeof((struct sockaddr_un *)0)->sun_path];
  snprintf(path, sizeof path, "%s", config->unix_path);
  int directory = open(dirname(path), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  for (int i = 0; directory >= 0 && i < MAX_TRIES && flock(directory, LOCK_EX | LOCK_NB) != 0; i++) {
    if (errno != EWOULDBLOCK)
      break;
    nanosleep(&pause, NULL);
  }
  return directory;
}

static int create_socket(void) {
  return socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
}

/* Returns 0 or the error of an attempt to connect. */
static int try_to_connect(const server_config *config) {
  int probe = create_socket();
  if (probe < 0)
    return errno;
  bool connected = connect(probe, (const struct sockaddr *)&config->http.address, config->http.address_nbytes) == 0;
  int error = connected ? 0 : errno;
  close(probe);
  return error;
}

/* Makes room on the path. Returns 0, or an error. */
static int remove_stale(const server_config *config) {
  struct stat file;
  if (lstat(config->unix_path, &file) != 0)
    return errno == ENOENT ? 0 : errno;
  if (!S_ISSOCK(file.st_mode))
    return EEXIST;
  int error = try_to_connect(config);
  if (error == 0 || error == EAGAIN) /* EAGAIN: its queue is full */
    return EADDRINUSE;
  if (error != ECONNREFUSED)
    return error;
  return unlink(config->unix_path) == 0 ? 0 : errno;
}

/* The permissions must hold from the first moment on. There are no other threads yet that umask() could confuse. */
static int bind_with_mode(int listener, const server_config *config) {
  mode_t former_mask = umask(0777 & ~(mode_t)config->unix_mode);
  int result = bind(listener, (const struct sockaddr *)&config->http.address, config->http.address_nbytes);
  umask(former_mask);
  return result;
}

static int remember_file(server_config *config) {
  struct stat file;
  if (lstat(config->unix_path, &file) != 0)
    return -1;
  config->unix_device = file.st_dev;
  config->unix_inode = file.st_ino;
  return 0;
}

static int open_locked(server_config *config) {
  errno = remove_stale(config);
  int listener = errno == 0 ? create_socket() : -1;
  if (listener < 0)
    return -1;
  if (bind_with_mode(listener, config) == 0 && remember_file(config) == 0 && listen(listener, SOMAXCONN) == 0)
    return listener;
  int first_errno = errno;
  close(listener);
  errno = first_errno;
  return -1;
}

/* Of servers that start on one path at the same moment, one at a time looks at it and takes it. */
int unix_listener_open(server_config *config) {
  int directory = lock_directory(config);
  if (directory < 0)
    return -1;
  int listener = open_locked(config);
  int first_errno = errno;
  close(directory);
  errno = first_errno;
  return listener;
}

void unix_listener_remove(const server_config *config) {
  int directory = lock_directory(config);
  struct stat file;
  if (lstat(config->unix_path, &file) == 0 && file.st_dev == config->unix_device && file.st_ino == config->unix_inode)
    unlink(config->unix_path);
  if (directory >= 0)
    close(directory);
}
