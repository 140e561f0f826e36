/* How a text is split into segments of different modes (ISO/IEC 18004, 7.3 and 7.4; annex J only gives a heuristic). */
#ifndef QRPNG_SEGMENTS_H
#define QRPNG_SEGMENTS_H

#include "split.h"

/* What an engine encodes. */
typedef struct qrpng_message {
  const uint8_t *text;
  size_t text_nbytes;
  const qrpng_segment *segments; /* in order; together they cover the text */
  size_t segment_count;
  int version;
  qrpng_level ecl;
  int mask; /* 0 to 7, or QRPNG_BEST_MASK: the best by mask_rule */
  qrpng_mask_rule mask_rule;
} qrpng_message;

typedef struct qrpng_segmenter {
  qrpng_character_map map;
  qrpng_split_search search;
  qrpng_segment segments[QRPNG_MAX_PIECES];
} qrpng_segmenter;

/*
 * Finds the smallest version (or checks the one that the options fix), and for it the fewest segments of the modes
 * numeric, alphanumeric and byte; or takes the segments that the options give. Returns QRPNG_TEXT_TOO_LONG if no
 * version holds the text, QRPNG_BAD_SEGMENTS if the given ones don't cover it or a mode lacks a character.
 */
qrpng_status qrpng_plan_message(qrpng_segmenter *segmenter, const uint8_t *text, size_t text_nbytes,
                                const qrpng_options *options, qrpng_message *message);

/* Characters, as the count indicator counts them: a kanji is two bytes. */
size_t qrpng_character_count(qrpng_segment segment);

#endif
