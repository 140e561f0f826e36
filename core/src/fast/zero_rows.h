/*
 * Rows of pixels that repeat the one above, filtered with Up (RFC 2083, 6.4): a filter byte and zeros. Where a row is
 * longer than a match, most of them need one match that fetches the filter byte from the row above, and one within the
 * row, at a distance of 1, which is cheap. Both are of MAX_MATCH bytes: they need not keep step with the rows.
 */
#ifndef QRPNG_ZERO_ROWS_H
#define QRPNG_ZERO_ROWS_H

#include "deflate.h"

enum { FILTER_UP = 2 };

/* The first row: the filter byte, a zero, and two matches. The walk is over the others. */
enum { FIRST_ZEROS = 2 };

typedef struct zero_walk {
  int stride, column, left_nbytes;
} zero_walk;

typedef struct zero_match {
  int length, distance;
} zero_match;

static inline zero_walk walk_zero_rows(int stride, int rows) {
  return (zero_walk){stride, 0, rows > 1 ? (rows - 1) * stride : 0};
}

/* The next match while there are bytes left. None is shorter than MIN_MATCH. */
static inline zero_match take_zero_match(zero_walk *walk) {
  int left = walk->left_nbytes, most = left < MAX_MATCH + MIN_MATCH ? MAX_MATCH - MIN_MATCH : MAX_MATCH;
  int length = left <= MAX_MATCH ? left : most;
  int is_within_row = walk->column >= FIRST_ZEROS && walk->column + length <= walk->stride;
  walk->left_nbytes -= length;
  walk->column += length;
  if (walk->column >= walk->stride)
    walk->column -= walk->stride;
  return (zero_match){length, is_within_row ? 1 : walk->stride};
}

#endif
