/* The texts of a batch, handed out in portions to several threads. */
#ifndef QRPNG_CLI_BATCH_LIST_H
#define QRPNG_CLI_BATCH_LIST_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { PORTION_TEXTS = 64, PORTION_NBYTES = 64 * 1024, LIST_BUFFER_NBYTES = 64 * 1024 };

typedef struct batch_text {
  uint64_t number; /* from 1 */
  const uint8_t *bytes;
  size_t nbytes; /* of a text that is longer than any code holds, one byte more than that */
} batch_text;

typedef struct batch_portion {
  batch_text texts[PORTION_TEXTS];
  size_t count, nbytes;
  uint8_t bytes[PORTION_NBYTES];
} batch_portion;

typedef struct batch_list {
  pthread_mutex_t lock;
  int file, stop_event;
  char separator;
  int error; /* errno of what ended it too early, or 0 */
  bool has_ended;
  uint64_t count;
  uint64_t file_nbytes;          /* 0: not known beforehand */
  _Atomic uint64_t taken_nbytes; /* of these */
  size_t begin, end;
  uint8_t buffer[LIST_BUFFER_NBYTES];
} batch_list;

/* "-" is standard input. Texts end with a newline, with or without a carriage return before it, or with NUL; the last
 * may end with the file. stop_event: a descriptor; the list ends when it can be read. Returns 0, or -1 with errno. */
int list_open(batch_list *list, const char *path, bool is_nul_separated, int stop_event);

/* Waits for texts, but not for as many as fit. Returns whether there are any; at the end see list->error. */
bool list_take(batch_list *list, batch_portion *portion);

void list_close(batch_list *list);

#endif
