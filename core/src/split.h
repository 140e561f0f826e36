/* The split of a text into segments that leads to the fewest bits, or to the fewest segments that fit. */
#ifndef QRPNG_SPLIT_H
#define QRPNG_SPLIT_H

#include "characters.h"
#include "version.h"

/* More segments than this are not counted one by one: then the shortest split is taken. */
#define QRPNG_COUNTED_SEGMENTS 16

/*
 * A stretch of the text within which no segment of a best split begins, and the first mode that holds it. No two
 * stretches in a row are shorter than 7 bytes together, but for those at both ends of the text.
 */
typedef struct qrpng_piece {
  uint16_t nbytes, mode;
} qrpng_piece;

enum { QRPNG_MAX_PIECES = QRPNG_MAX_TEXT_NBYTES * 2 / 7 + 8 };

typedef struct qrpng_pieces {
  qrpng_piece list[QRPNG_MAX_PIECES];
  int count;
} qrpng_pieces;

/* For the splits of what lies before each piece: the fewest bits times 4, and the last segment's mode. */
typedef int qrpng_ends[QRPNG_MAX_PIECES + 1];

/* For each piece: bit m says that a segment of mode m begins with it; bits 3 and 4 are the mode before it. */
typedef uint8_t qrpng_choices[QRPNG_MAX_PIECES];

typedef struct qrpng_split_search {
  int header_bits[3];
  qrpng_pieces all, few; /* few: those that a split into few segments can gain from */
  qrpng_ends ends, counted_ends[2];
  qrpng_choices choices, counted_choices[QRPNG_COUNTED_SEGMENTS];
} qrpng_split_search;

/* Returns the fewest bits that any split has at that version (and those that have the same headers). */
int qrpng_search_splits(qrpng_split_search *search, const qrpng_character_map *map, int version);

/* After a search: writes the split with the fewest segments that has at most so many bits, which one has. */
size_t qrpng_write_split(qrpng_split_search *search, int capacity_bits, qrpng_segment segments[QRPNG_MAX_PIECES]);

#endif
