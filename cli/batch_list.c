#include "batch_list.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "input.h"

int list_open(batch_list *list, const char *path, bool is_nul_separated, int stop_event) {
  int file = strcmp(path, "-") == 0 ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
  struct stat status;
  if (file < 0 || fstat(file, &status) != 0)
    return -1;
  if (S_ISDIR(status.st_mode)) {
    errno = EISDIR;
    return -1;
  }
  *list = (batch_list){.file = file, .stop_event = stop_event, .separator = is_nul_separated ? '\0' : '\n'};
  if (S_ISREG(status.st_mode))
    list->file_nbytes = (uint64_t)status.st_size;
  pthread_mutex_init(&list->lock, NULL);
  return 0;
}

void list_close(batch_list *list) {
  if (list->file != STDIN_FILENO)
    close(list->file);
  pthread_mutex_destroy(&list->lock);
}

/* Returns false at the end, whatever it is that ends the list. */
static bool fill_buffer(batch_list *list) {
  struct pollfd waits[] = {{.fd = list->file, .events = POLLIN}, {.fd = list->stop_event, .events = POLLIN}};
  ssize_t nread = -1;
  while (!list->has_ended && nread < 0) {
    if (poll(waits, 2, -1) > 0 && waits[1].revents)
      nread = 0;
    else if (waits[0].revents)
      nread = read(list->file, list->buffer, sizeof list->buffer);
    if (nread < 0 && errno != EINTR && errno != EAGAIN)
      list->error = errno;
    list->has_ended = nread == 0 || list->error;
  }
  list->begin = 0;
  list->end = nread > 0 ? (size_t)nread : 0;
  return list->end > 0;
}

/* Moves what there is of a text from the buffer to its end in the portion. Returns whether the text is complete. */
static bool move_piece(batch_list *list, batch_text *text, uint8_t *bytes) {
  const uint8_t *from = list->buffer + list->begin;
  const size_t available = list->end - list->begin;
  const uint8_t *separator = memchr(from, list->separator, available);
  const size_t nbytes = separator ? (size_t)(separator - from) : available;
  const size_t room = INPUT_MAX_NBYTES - text->nbytes, kept = nbytes < room ? nbytes : room;
  memcpy(bytes + text->nbytes, from, kept);
  text->nbytes += kept;
  list->begin += nbytes + (separator != NULL);
  list->taken_nbytes += nbytes + (separator != NULL);
  return separator != NULL;
}

static bool take_text(batch_list *list, batch_portion *portion) {
  uint8_t *bytes = portion->bytes + portion->nbytes;
  batch_text text = {.bytes = bytes};
  bool is_begun = false, is_complete = false;
  if (portion->count > 0 && !memchr(list->buffer + list->begin, list->separator, list->end - list->begin))
    return false; /* to read on could mean to wait */
  while (!is_complete) {
    if (list->begin == list->end && !fill_buffer(list))
      break;
    is_begun = true;
    is_complete = move_piece(list, &text, bytes);
  }
  if (!is_begun || list->error)
    return false;
  if (list->separator == '\n' && text.nbytes > 0 && text.nbytes < INPUT_MAX_NBYTES && bytes[text.nbytes - 1] == '\r')
    text.nbytes--;
  text.number = ++list->count;
  portion->texts[portion->count++] = text;
  portion->nbytes += text.nbytes;
  return true;
}

bool list_take(batch_list *list, batch_portion *portion) {
  portion->count = portion->nbytes = 0;
  pthread_mutex_lock(&list->lock);
  while (portion->count < PORTION_TEXTS && PORTION_NBYTES - portion->nbytes >= INPUT_MAX_NBYTES &&
         take_text(list, portion))
    ;
  pthread_mutex_unlock(&list->lock);
  return portion->count > 0;
}
