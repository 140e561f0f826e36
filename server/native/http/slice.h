/* Bytes of somebody else, with a length: any byte may be among them, and no NUL follows. */
#ifndef HTTP_SLICE_H
#define HTTP_SLICE_H

#include <stdbool.h>
#include <stddef.h>

typedef struct slice {
  const char *bytes;
  size_t nbytes;
} slice;

bool slice_equals(slice a, const char *b);

/* ASCII letters count as equal in both cases. */
bool slice_equals_ignoring_case(slice a, const char *b);

#endif
