#include "output.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "place.h"
#include "replace.h"
#include "write.h"

static int explain(char error[OUTPUT_ERROR_SIZE], const char *path, const char *reason) {
  snprintf(error, OUTPUT_ERROR_SIZE, "%.300s can't be written: %s.", path, reason);
  return -1;
}

static const char *write_and_close(int file, const uint8_t *bytes, size_t nbytes) {
  return close_after(file, write_all(file, bytes, nbytes)) == 0 ? NULL : strerror(errno);
}

int write_to_stdout(const uint8_t *bytes, size_t nbytes, char error[OUTPUT_ERROR_SIZE]) {
  const char *reason = write_and_close(STDOUT_FILENO, bytes, nbytes);
  return reason ? explain(error, "Standard output", reason) : 0;
}

static const char *write_to_place(const cli_place *place, const uint8_t *bytes, size_t nbytes) {
  if (place->descriptor >= 0)
    return write_and_close(place->descriptor, bytes, nbytes);
  if (!place->exists || S_ISREG(place->status.st_mode))
    return replace_file(place, bytes, nbytes);
  int file;
  const char *reason = place_open(place, &file);
  return reason ? reason : write_and_close(file, bytes, nbytes);
}

int write_to_path(const char *path, const uint8_t *bytes, size_t nbytes, char error[OUTPUT_ERROR_SIZE]) {
  cli_place place;
  const char *reason = place_find(path, &place);
  if (!reason) {
    reason = write_to_place(&place, bytes, nbytes);
    place_close(&place);
  }
  return reason ? explain(error, path, reason) : 0;
}
