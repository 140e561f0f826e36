#include "require.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void fuzz_require(int condition, const char *format, ...) {
  if (condition)
    return;
  va_list arguments;
  va_start(arguments, format);
  fputs("Not as it should be: ", stderr);
  vfprintf(stderr, format, arguments);
  fputc('\n', stderr);
  va_end(arguments);
  abort();
}

void *fuzz_allocate(size_t nbytes) {
  void *memory = malloc(nbytes);
  fuzz_require(memory || nbytes == 0, "%zu bytes can't be allocated", nbytes);
  return memory;
}

void *fuzz_copy(const void *bytes, size_t nbytes) {
  void *copy = fuzz_allocate(nbytes);
  if (nbytes > 0)
    memcpy(copy, bytes, nbytes);
  return copy;
}

char *fuzz_copy_string(const void *bytes, size_t nbytes) {
  char *copy = fuzz_allocate(nbytes + 1);
  if (nbytes > 0)
    memcpy(copy, bytes, nbytes);
  copy[nbytes] = '\0';
  return copy;
}

void fuzz_require_sentence(const char *sentence) {
  size_t length = strlen(sentence);
  fuzz_require(length > 1 && sentence[length - 1] == '.' && !strchr(sentence, '\n'), "no sentence: %s", sentence);
}
