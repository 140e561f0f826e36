/* How a text is split into segments of different modes (ISO/IEC 18004, 7.3 and 7.4; annex J only gives a heuristic). */
#ifndef QRPNG_SEGMENTS_H
#define QRPNG_SEGMENTS_H

#include "qrpng.h"
#include "symbol_limits.h"

/* More segments than this are not counted one by one: then the shortest split is taken. */
#define QRPNG_COUNTED_SEGMENTS 16

/* What an engine encodes. */
typedef struct qrpng_message {
  const uint8_t *text;
  size_t text_nbytes;
  const qrpng_segment *segments; /* in order; together they cover the text */
  size_t segment_count;
  int version;
  qrpng_level ecl;
  int mask; /* 0 to 7, or QRPNG_BEST_MASK */
} qrpng_message;

typedef struct qrpng_segmenter {
  qrpng_segment segments[QRPNG_MAX_TEXT_NBYTES];
  uint8_t choices[QRPNG_COUNTED_SEGMENTS][QRPNG_MAX_TEXT_NBYTES]; /* where each mode came from: 2 bits a mode */
} qrpng_segmenter;

/*
 * Finds the smallest version (or checks the one that the options fix), and for it the fewest segments of the modes
 * numeric, alphanumeric and byte; or takes the segments that the options give. Returns QRPNG_TEXT_TOO_LONG if no
 * version holds the text, QRPNG_BAD_SEGMENTS if the given ones don't cover it or a mode lacks a character.
 */
qrpng_status qrpng_plan_message(qrpng_segmenter *segmenter, const uint8_t *text, size_t text_nbytes,
                                const qrpng_options *options, qrpng_message *message);

/* Width of the character count indicator (table 3). */
int qrpng_count_bits(qrpng_mode mode, int version);

/* The value of a character in alphanumeric mode (table 5), or -1. */
int qrpng_alphanumeric_value(uint8_t character);

/* Characters, as the count indicator counts them: a kanji is two bytes. */
size_t qrpng_character_count(qrpng_segment segment);

#endif
