/* The texts of a corpus, as bench/core/main.js writes them: each ended by a NUL. */
#ifndef BENCH_TEXTS_H
#define BENCH_TEXTS_H

#include <stddef.h>

enum { MAX_TEXTS = 10000 };

typedef struct text_list {
  size_t count;
  char *text[MAX_TEXTS];
  size_t nbytes[MAX_TEXTS];
} text_list;

/* Returns 0 if the file can't be read or holds none. */
int read_texts(const char *path, text_list *texts);

#endif
