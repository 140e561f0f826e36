#include "fail.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

void fail(const char *format, ...) {
  va_list values;
  va_start(values, format);
  fputs("open-loop-sender: ", stderr);
  /* NOLINTNEXTLINE(clang-analyzer-valist.Uninitialized): it doesn't see va_start() in every build */
  vfprintf(stderr, format, values);
  fputs(".\n", stderr);
  va_end(values);
  exit(1);
}
