#include "input.h"

#include <errno.h>
#include <stdio.h>
#include <unistd.h>

int read_stdin(text_input *input) {
  if (isatty(STDIN_FILENO))
    fputs("qrpng: type the text, then Ctrl-D (twice if the line is not ended)\n", stderr);
  input->bytes = input->buffer;
  input->nbytes = 0;
  while (input->nbytes < sizeof input->buffer) {
    ssize_t nread = read(STDIN_FILENO, input->buffer + input->nbytes, sizeof input->buffer - input->nbytes);
    if (nread == 0)
      return 0;
    if (nread > 0)
      input->nbytes += (size_t)nread;
    else if (errno != EINTR)
      return -1;
  }
  return 0;
}
