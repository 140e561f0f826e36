#include "batch_folder.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "write.h"

enum { TEMPORARY_NAME_SIZE = 32 };

/* Always the same ones, so that the next batch finds what a killed one has left. */
static void name_temporary(int thread, char name[TEMPORARY_NAME_SIZE]) {
  snprintf(name, TEMPORARY_NAME_SIZE, ".qrpng-batch-%d", thread);
}

const char *folder_open(const char *path, int *folder) {
  if (mkdir(path, 0777) != 0 && errno != EEXIST)
    return strerror(errno);
  *folder = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (*folder < 0)
    return strerror(errno);
  if (flock(*folder, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK) {
    close(*folder);
    return "another batch is writing there";
  }
  for (int i = 0; i < MAX_THREADS; i++) {
    char temporary[TEMPORARY_NAME_SIZE];
    name_temporary(i, temporary);
    unlinkat(*folder, temporary, 0);
  }
  return NULL;
}

void folder_close(int folder) {
  close(folder);
}

static bool holds_bytes(int file, const uint8_t *bytes, size_t nbytes) {
  struct stat status;
  if (fstat(file, &status) != 0 || !S_ISREG(status.st_mode) || status.st_size != (off_t)nbytes)
    return false;
  uint8_t buffer[16 * 1024];
  while (nbytes > 0) {
    ssize_t nread = read(file, buffer, nbytes < sizeof buffer ? nbytes : sizeof buffer);
    if (nread <= 0 || memcmp(buffer, bytes, (size_t)nread) != 0)
      return false;
    bytes += nread;
    nbytes -= (size_t)nread;
  }
  return true;
}

static bool is_there(int folder, const char *name, const uint8_t *bytes, size_t nbytes) {
  int file = openat(folder, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
  if (file < 0)
    return false;
  bool result = holds_bytes(file, bytes, nbytes);
  close(file);
  return result;
}

enum folder_result folder_write(int folder, int thread, const char *name, const uint8_t *bytes, size_t nbytes) {
  if (is_there(folder, name, bytes, nbytes))
    return FOLDER_KEPT;
  char temporary[TEMPORARY_NAME_SIZE];
  name_temporary(thread, temporary);
  int file = openat(folder, temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
  if (file < 0)
    return FOLDER_FAILED;
  if (close_after(file, write_all(file, bytes, nbytes)) == 0 && renameat(folder, temporary, folder, name) == 0)
    return FOLDER_WRITTEN;
  int first_errno = errno;
  unlinkat(folder, temporary, 0);
  errno = first_errno;
  return FOLDER_FAILED;
}
