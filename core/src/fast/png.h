/*
 * The PNG of a symbol (RFC 2083), written from its rows of modules: pixels exist only in tables.
 *
 * A row of modules is a row of pixels that repeats, unfiltered. Its bytes between the quiet zones are written as
 * literals; one copy from a row above stands for all that follows up to the next new byte: the quiet zone on the right,
 * the repeated rows, the next filter byte and the quiet zone on the left. Bytes at both ends of the literals that are
 * the same in the row of modules above join the copy. Where rows are longer than a match, repeated rows are filtered
 * with Up instead (zero_rows.h).
 */
#ifndef QRPNG_FAST_PNG_H
#define QRPNG_FAST_PNG_H

#include "../geometry.h"
#include "checksums.h"
#include "deflate.h"
#include "fast.h"
#include "png_head.h"
#include "png_matches.h"

/* Up to this scale a group of 8 modules is looked up at once. Above, a row is written run by run. */
enum { MAX_GROUPED_SCALE = 8, GROUP_MODULES = 8, WINDOW_BITS = GROUP_MODULES + 1, WINDOW_COUNT = 1 << WINDOW_BITS };

/* Bytes that repeat those one row above: whole matches of MAX_MATCH bytes, then the rest. */
typedef struct row_copy {
  int full_matches;
  bit_string rest;
} row_copy;

/* How many more bytes the copy between two rows of modules can take. */
enum { MAX_ROOM = 64 };

/* For each window of modules its bytes' literal codes, the first ones lowest, and what they add to the Adler-32 sums.
 */
typedef struct group_table {
  uint64_t codes[WINDOW_COUNT];
  uint64_t ends[WINDOW_COUNT]; /* byte i: where the code of byte i ends */
  uint16_t sums[WINDOW_COUNT], prefix_sums[WINDOW_COUNT];
  uint16_t tail_sums[WINDOW_COUNT],
      tail_prefix_sums[WINDOW_COUNT]; /* of the first bytes, for the last group of a row */
} group_table;

/* Stretches of equal bytes after a different one: the index is the length. */
enum { LONGEST_STRETCH = 64 };
typedef bit_string stretch_table[LONGEST_STRETCH + 1];

/* For rows that are written run by run: dark stretches, and bytes in which colours meet. */
typedef struct run_table {
  stretch_table dark;
  bit_string bytes[256];
} run_table;

/* For wide images, whose repeated rows are filtered with Up. A row of modules has at most 195 rows of pixels. */
enum { MAX_REPEATED_STRINGS = 400 };
typedef struct zero_row_table {
  bit_string first_row[2], within_row, across_rows; /* and whole matches */
  bit_string left;                                  /* filter byte and left quiet zone of a row that is new */
  bit_string repeated[MAX_REPEATED_STRINGS];        /* right quiet zone, and the rows that repeat it */
  int repeated_count;
  bit_string tail_above, tail_below; /* what is left after the whole matches */
} zero_row_table;

/* All that depends on the geometry alone. */
typedef struct png_plan {
  qrpng_geometry geometry;
  int stride;                                   /* bytes of a row, the filter byte included */
  int first_byte, byte_count, right_byte_count; /* of a row: left quiet zone, literals, right quiet zone */
  int rows_above, rows_below;
  bit_string filter_none, end_of_block, full_match;
  row_copy above, last, below;
  int full_matches_between, room;
  bit_string between[MAX_ROOM + 1]; /* rest of the copy between two rows, by the bytes that joined it */
  stretch_table light;
  int is_up; /* repeated rows are filtered with Up; with runs alone */
  union {    /* by scale */
    group_table groups;
    struct {
      run_table runs;
      zero_row_table zeros;
    };
  };
  uint8_t head[320]; /* from the PNG signature to the end of the block's head */
  int head_nbytes;
  bit_string head_end; /* the bits of the head that don't fill a byte */
} png_plan;

/* One scale alone has 40 geometries. */
enum { PNG_PLAN_COUNT = 64 };

/* More than any PNG takes: 177 rows of 512 bytes at 15 bits, 4096 rows of 513 bytes in matches of 258 at 30 bits. */
enum { PNG_CAPACITY = 256 * 1024 };

/* Plans of geometries used before, and the PNG made last. Zeroed before its first use. */
typedef struct png_state {
  crc_tables crc;
  uint64_t keys[PNG_PLAN_COUNT]; /* of the plans' geometries; 0: none yet */
  int latest;                    /* the plan used last */
  png_head styled_head;
  uint32_t random;
  png_plan plans[PNG_PLAN_COUNT];
  uint8_t png[PNG_CAPACITY];
} png_state;

/* Draws the rows of a symbol into state->png. Returns the length of the PNG. matches: for a search for fewer bytes, or
 * NULL. */
size_t fast_write_png(png_state *state, const qrpng_geometry *geometry, const qrpng_png_style *style,
                      const uint64_t *rows, match_state *matches);

#endif
