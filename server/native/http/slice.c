#include "slice.h"

#include <string.h>
#include <strings.h>

bool slice_equals(slice a, const char *b) {
  return a.nbytes == strlen(b) && memcmp(a.bytes, b, a.nbytes) == 0;
}

bool slice_equals_ignoring_case(slice a, const char *b) {
  return a.nbytes == strlen(b) && strncasecmp(a.bytes, b, a.nbytes) == 0;
}
