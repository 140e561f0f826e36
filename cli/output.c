#include "output.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static int explain(char error[OUTPUT_ERROR_SIZE], const char *path) {
  snprintf(error, OUTPUT_ERROR_SIZE, "%.300s can't be written: %s.", path, strerror(errno));
  return -1;
}

static int write_all(int fd, const uint8_t *bytes, size_t nbytes) {
  while (nbytes > 0) {
    ssize_t written = write(fd, bytes, nbytes);
    if (written < 0 && errno == EINTR)
      continue;
    if (written < 0)
      return -1;
    bytes += written;
    nbytes -= (size_t)written;
  }
  return 0;
}

/* close() is where some file systems report that the disk is full. Keeps the first errno. */
static int write_and_close(int fd, const uint8_t *bytes, size_t nbytes) {
  int result = write_all(fd, bytes, nbytes);
  int write_errno = errno;
  if (close(fd) != 0)
    return -1;
  errno = write_errno;
  return result;
}

int write_to_stdout(const uint8_t *bytes, size_t nbytes, char error[OUTPUT_ERROR_SIZE]) {
  signal(SIGPIPE, SIG_IGN); /* a reader that is gone is an error with a sentence, too */
  return write_and_close(STDOUT_FILENO, bytes, nbytes) == 0 ? 0 : explain(error, "Standard output");
}

static mode_t mode_of_new_files(void) {
  mode_t mask = umask(0);
  umask(mask);
  return 0666 & ~mask;
}

static int replace(const char *path, mode_t mode, const uint8_t *bytes, size_t nbytes) {
  char temporary[PATH_MAX];
  if (snprintf(temporary, sizeof temporary, "%s.XXXXXX", path) >= (int)sizeof temporary) {
    errno = ENAMETOOLONG;
    return -1;
  }
  int fd = mkstemp(temporary);
  if (fd < 0)
    return -1;
  int changed = fchmod(fd, mode);
  if (write_and_close(fd, bytes, nbytes) == 0 && changed == 0 && rename(temporary, path) == 0)
    return 0;
  int first_errno = errno;
  unlink(temporary);
  errno = first_errno;
  return -1;
}

int write_to_path(const char *path, const uint8_t *bytes, size_t nbytes, char error[OUTPUT_ERROR_SIZE]) {
  struct stat existing;
  if (stat(path, &existing) != 0)
    existing = (struct stat){.st_mode = S_IFREG | mode_of_new_files()};
  if (!S_ISREG(existing.st_mode)) {
    int fd = open(path, O_WRONLY | O_CLOEXEC);
    return fd >= 0 && write_and_close(fd, bytes, nbytes) == 0 ? 0 : explain(error, path);
  }

  /* Ctrl-C waits for the few system calls of the replacement, so that it can't leave the temporary file behind. */
  sigset_t all, before;
  sigfillset(&all);
  sigprocmask(SIG_BLOCK, &all, &before);
  char resolved[PATH_MAX]; /* through a symbolic link, its target is replaced, not the link */
  int result = replace(realpath(path, resolved) ? resolved : path, existing.st_mode & 07777, bytes, nbytes);
  int first_errno = errno;
  sigprocmask(SIG_SETMASK, &before, NULL);
  errno = first_errno;
  return result == 0 ? 0 : explain(error, path);
}
