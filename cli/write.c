#include "write.h"

#include <errno.h>
#include <unistd.h>

int write_all(int file, const uint8_t *bytes, size_t nbytes) {
  while (nbytes > 0) {
    ssize_t written = write(file, bytes, nbytes);
    if (written < 0 && errno == EINTR)
      continue;
    if (written < 0)
      return -1;
    bytes += written;
    nbytes -= (size_t)written;
  }
  return 0;
}

int close_after(int file, int result) {
  int first_errno = errno;
  if (close(file) != 0 && result == 0)
    return -1;
  errno = first_errno;
  return result;
}
