#include "files.h"

#include <errno.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "fail.h"

static const size_t max_file_nbytes = (size_t)1 << 30;
static const double max_due_ms = 1e9; /* eleven days; in ns it fits an int64_t */

static char *read_file(const char *path, size_t *nbytes) {
  struct stat status;
  FILE *file = fopen(path, "rb");
  if (!file || fstat(fileno(file), &status) != 0)
    fail("%s can't be read: %s", path, strerror(errno));
  if (!S_ISREG(status.st_mode) || status.st_size == 0 || (size_t)status.st_size > max_file_nbytes)
    fail("%s must be a file of 1 byte to 1 GiB", path);
  *nbytes = (size_t)status.st_size;
  char *bytes = malloc(*nbytes);
  if (!bytes)
    fail("there is no memory for %s", path);
  if (fread(bytes, 1, *nbytes, file) != *nbytes)
    fail("%s can't be read", path);
  fclose(file);
  return bytes;
}

/* Takes a length and so many bytes off the front; false if they aren't there. */
static bool take_request(const char **at, const char *end, sender_request *taken) {
  uint32_t nbytes;
  if ((size_t)(end - *at) < sizeof nbytes)
    return false;
  memcpy(&nbytes, *at, sizeof nbytes);
  *at += sizeof nbytes;
  if (nbytes == 0 || nbytes > (size_t)(end - *at))
    return false;
  *taken = (sender_request){*at, nbytes};
  *at += nbytes;
  return true;
}

sender_requests read_requests(const char *path) {
  size_t nbytes;
  char *bytes = read_file(path, &nbytes);
  const char *at = bytes;
  const char *end = bytes + nbytes;
  /* None is shorter than its length's own bytes and one more. */
  sender_request *items = calloc(nbytes / (sizeof(uint32_t) + 1) + 1, sizeof *items);
  if (!items)
    fail("there is no memory for %s", path);
  size_t count = 0;
  while (at < end)
    if (!take_request(&at, end, &items[count++]))
      fail("%s doesn't hold whole requests, each behind its length", path);
  return (sender_requests){items, count, bytes};
}

sender_schedule read_schedule(const char *path) {
  size_t nbytes;
  double *due_ms = (double *)(void *)read_file(path, &nbytes);
  const size_t count = nbytes / sizeof *due_ms;
  double earliest = 0;
  for (size_t i = 0; i < count; i++) {
    if (!(due_ms[i] >= earliest && due_ms[i] <= max_due_ms))
      fail("the times in %s must ascend from 0 to at most %.0f ms", path, max_due_ms);
    earliest = due_ms[i];
  }
  if (nbytes % sizeof *due_ms != 0)
    fail("%s must hold whole doubles", path);
  return (sender_schedule){due_ms, count};
}

void write_records(const char *path, const sender_record *records, size_t count) {
  sigset_t ending;
  sigset_t before;
  sigemptyset(&ending);
  sigaddset(&ending, SIGINT);
  sigaddset(&ending, SIGTERM);
  sigprocmask(SIG_BLOCK, &ending, &before);
  FILE *file = fopen(path, "wb");
  const bool is_written = file && fwrite(records, sizeof *records, count, file) == count;
  if ((file && fclose(file) != 0) || !is_written) {
    const int error = errno;
    if (file)
      remove(path);
    fail("%s can't be written: %s", path, strerror(error));
  }
  sigprocmask(SIG_SETMASK, &before, NULL);
}
