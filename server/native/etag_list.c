#include "etag_list.h"

#include <string.h>

bool etag_list_contains(slice list, slice etag) {
  const char *next = list.bytes, *end = list.bytes + list.nbytes;
  while (next < end) {
    if (*next == ' ' || *next == '\t' || *next == ',') {
      next++;
      continue;
    }
    if (*next == '*')
      return true;
    if (end - next > 2 && memcmp(next, "W/", 2) == 0)
      next += 2;
    const char *close = *next == '"' ? memchr(next + 1, '"', (size_t)(end - next - 1)) : NULL;
    if (!close)
      return false;
    size_t nbytes = (size_t)(close + 1 - next);
    if (nbytes == etag.nbytes && memcmp(next, etag.bytes, nbytes) == 0)
      return true;
    next = close + 1;
  }
  return false;
}
