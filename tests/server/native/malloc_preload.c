/*
 * Preloaded into a program: of its allocations the one with the number in FAIL_AT fails, and all after it if FAIL_ALL
 * is set. Both count from when a file appears at FAIL_WHEN, so that a start can be left alone. At its end the program
 * writes their number to the file FAIL_COUNT.
 */
#include <errno.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

extern void *__libc_malloc(size_t nbytes);
extern void *__libc_calloc(size_t count, size_t nbytes);
extern void *__libc_realloc(void *memory, size_t nbytes);
extern void *__libc_memalign(size_t alignment, size_t nbytes);

static atomic_long allocation_count;
static long fail_at;
static int fails_all;
static const char *when;
static atomic_int has_begun;

__attribute__((constructor)) static void read_environment(void) {
  const char *number = getenv("FAIL_AT");
  fails_all = getenv("FAIL_ALL") != NULL;
  when = getenv("FAIL_WHEN");
  fail_at = number ? atol(number) : 0;
}

__attribute__((destructor)) static void write_count(void) {
  const char *path = getenv("FAIL_COUNT");
  const long count = allocation_count;
  fail_at = 0;
  FILE *file = path ? fopen(path, "w") : NULL;
  if (!file)
    return;
  fprintf(file, "%ld", count);
  fclose(file);
}

static int fails(void) {
  if (fail_at == 0)
    return 0;
  if (when && !has_begun) {
    if (access(when, F_OK) != 0)
      return 0;
    has_begun = 1;
  }
  const long number = ++allocation_count;
  if (number != fail_at && !(fails_all && number > fail_at))
    return 0;
  errno = ENOMEM;
  return 1;
}

void *malloc(size_t nbytes) {
  return fails() ? NULL : __libc_malloc(nbytes);
}

void *calloc(size_t count, size_t nbytes) {
  return fails() ? NULL : __libc_calloc(count, nbytes);
}

void *realloc(void *memory, size_t nbytes) {
  return fails() ? NULL : __libc_realloc(memory, nbytes);
}

void *aligned_alloc(size_t alignment, size_t nbytes) {
  return fails() ? NULL : __libc_memalign(alignment, nbytes);
}
