#include "input.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "write.h"

static int read_to_end(int file, text_input *input) {
  input->bytes = input->buffer;
  input->nbytes = 0;
  while (input->nbytes < sizeof input->buffer) {
    ssize_t nread = read(file, input->buffer + input->nbytes, sizeof input->buffer - input->nbytes);
    if (nread == 0)
      return 0;
    if (nread > 0)
      input->nbytes += (size_t)nread;
    else if (errno != EINTR)
      return -1;
  }
  return 0;
}

int read_stdin(text_input *input) {
  if (isatty(STDIN_FILENO))
    fputs("qrpng: type the text, then Ctrl-D (twice if the line is not ended)\n", stderr);
  return read_to_end(STDIN_FILENO, input);
}

int read_path(const char *path, text_input *input) {
  int file = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
  return file < 0 ? -1 : close_after(file, read_to_end(file, input));
}
