#include "segments.h"

#include <limits.h>

size_t qrpng_character_count(qrpng_segment segment) {
  return segment.mode == QRPNG_MODE_KANJI ? segment.nbytes / 2 : segment.nbytes;
}

static int payload_bits(qrpng_segment segment) {
  static const int sixths_per_character[] = {20, 33, 48, 78};
  return (sixths_per_character[segment.mode] * (int)qrpng_character_count(segment) + 5) / 6;
}

/* The first version of each of the three groups that share the widths of count indicators. */
static const int group_starts[] = {1, 10, 27, QRPNG_MAX_VERSION + 1};

typedef struct version_range {
  int first, last;
  qrpng_level ecl;
} version_range;

static int message_bits(const qrpng_segment *segments, size_t count, int version) {
  int bits = 0;
  for (size_t i = 0; i < count; i++) {
    int count_bits = qrpng_count_bits(segments[i].mode, version);
    if (qrpng_character_count(segments[i]) >> count_bits != 0)
      return INT_MAX;
    bits += 4 + count_bits + payload_bits(segments[i]);
  }
  return bits;
}

/* Returns the smallest version of the range from group on whose capacity is at least bits, or range.last + 1. */
static int first_fit(version_range range, int group, int bits) {
  int version = group_starts[group] > range.first ? group_starts[group] : range.first;
  int end = group_starts[group + 1] <= range.last ? group_starts[group + 1] : range.last + 1;
  while (version < end && qrpng_data_capacity_bits(version, range.ecl) < bits)
    version++;
  return version < end ? version : range.last + 1;
}

static int smallest_version(version_range range, const qrpng_segment *segments, size_t count) {
  for (int group = 0; group < 3; group++) {
    int version = first_fit(range, group, message_bits(segments, count, group_starts[group]));
    if (version <= range.last)
      return version;
  }
  return range.last + 1;
}

/* Fewer bits than any split has, or as many: each character in the mode in which it is cheapest. */
static int bits_at_least(const qrpng_character_map *map) {
  enum { LEAST_HEADER_BITS = 12 };
  size_t sixths = 48 * map->nbytes - 15 * map->alphanumeric_count - 13 * map->digit_count;
  return LEAST_HEADER_BITS + (int)(sixths / 6);
}

/* Takes the smallest version of the range that a split leads to, if there is one, and the fewest segments for it. */
static void plan_smaller(qrpng_segmenter *segmenter, version_range range, qrpng_message *message) {
  int least_bits = bits_at_least(&segmenter->map);
  for (int group = 0; group < 3; group++) {
    if (first_fit(range, group, least_bits) > range.last)
      continue;
    int bits = qrpng_search_splits(&segmenter->search, &segmenter->map, group_starts[group]);
    int version = first_fit(range, group, bits);
    if (version > range.last)
      continue;
    int capacity_bits = qrpng_data_capacity_bits(version, range.ecl);
    message->version = version;
    message->segment_count = qrpng_write_split(&segmenter->search, capacity_bits, segmenter->segments);
    return;
  }
}

static void plan_split(qrpng_segmenter *segmenter, version_range range, qrpng_message *message) {
  qrpng_character_map *map = &segmenter->map;
  qrpng_map_characters(message->text, message->text_nbytes, map);
  qrpng_mode mode = map->digit_count == map->nbytes          ? QRPNG_MODE_NUMERIC
                    : map->alphanumeric_count == map->nbytes ? QRPNG_MODE_ALPHANUMERIC
                                                             : QRPNG_MODE_BYTE;
  segmenter->segments[0] = (qrpng_segment){.mode = mode, .nbytes = message->text_nbytes};
  message->segment_count = 1;
  message->version = smallest_version(range, segmenter->segments, 1);
  if (message->version > range.first && mode != QRPNG_MODE_NUMERIC)
    plan_smaller(segmenter, (version_range){range.first, message->version - 1, range.ecl}, message);
}

static int holds(qrpng_segment segment, const uint8_t *text) {
  if (segment.mode == QRPNG_MODE_KANJI) { /* Shift JIS 0x8140 to 0x9FFC and 0xE040 to 0xEBBF */
    for (size_t i = 0; i + 1 < segment.nbytes; i += 2) {
      unsigned code = (unsigned)text[i] << 8 | text[i + 1];
      if (!((code >= 0x8140 && code <= 0x9FFC) || (code >= 0xE040 && code <= 0xEBBF)) || text[i + 1] < 0x40)
        return 0;
    }
    return segment.nbytes % 2 == 0;
  }
  for (size_t i = 0; i < segment.nbytes; i++)
    if (qrpng_mode_of_character(text[i]) > segment.mode)
      return 0;
  return 1;
}

static qrpng_status plan_given(const qrpng_options *options, version_range range, qrpng_message *message) {
  size_t covered = 0;
  for (size_t i = 0; i < options->segment_count; i++) {
    qrpng_segment segment = options->segments[i];
    if (segment.mode > QRPNG_MODE_KANJI || segment.nbytes == 0 || segment.nbytes > message->text_nbytes - covered ||
        !holds(segment, message->text + covered))
      return QRPNG_BAD_SEGMENTS;
    covered += segment.nbytes;
  }
  if (covered != message->text_nbytes)
    return QRPNG_BAD_SEGMENTS;
  message->segments = options->segments;
  message->segment_count = options->segment_count;
  message->version = smallest_version(range, options->segments, options->segment_count);
  return QRPNG_OK;
}

qrpng_status qrpng_plan_message(qrpng_segmenter *segmenter, const uint8_t *text, size_t text_nbytes,
                                const qrpng_options *options, qrpng_message *message) {
  version_range range = {1, QRPNG_MAX_VERSION, options->ecl};
  if (options->version)
    range.first = range.last = options->version;
  *message = (qrpng_message){
      .text = text,
      .text_nbytes = text_nbytes,
      .segments = segmenter->segments,
      .ecl = options->ecl,
      .mask = options->mask,
      .mask_rule = options->mask_rule,
  };
  if (!options->segments)
    plan_split(segmenter, range, message);
  else if (plan_given(options, range, message) != QRPNG_OK)
    return QRPNG_BAD_SEGMENTS;
  return message->version <= range.last ? QRPNG_OK : QRPNG_TEXT_TOO_LONG;
}
