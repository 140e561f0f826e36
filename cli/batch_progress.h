/* What a batch says on standard error: complaints, and on a terminal how far it is. */
#ifndef QRPNG_CLI_BATCH_PROGRESS_H
#define QRPNG_CLI_BATCH_PROGRESS_H

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>
#include <time.h>

typedef struct batch_counts {
  uint64_t written, kept, refused;
} batch_counts;

typedef struct batch_progress {
  pthread_mutex_t lock;
  bool is_terminal, is_drawn;
  struct timespec begin;
} batch_progress;

void progress_begin(batch_progress *progress);

/* done: from 0 to 1, or below 0 if that is not known. On a terminal alone. */
void progress_draw(batch_progress *progress, const batch_counts *counts, double done);

/* A sentence about a text, such as line 7, from any thread. */
void progress_complain(batch_progress *progress, const char *what, uint64_t number, const char *sentence);

/* Takes the bar away. On a terminal it says what was done. */
void progress_end(batch_progress *progress, const batch_counts *counts);

#endif
