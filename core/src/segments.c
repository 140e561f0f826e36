#include "segments.h"

#include <limits.h>
#include <string.h>

#include "version.h"

enum { MODE_COUNT = 3 }; /* those that a split chooses from: numeric, alphanumeric, byte; each holds all before it */

/* Sixths of a bit, so that a digit (10/3 bits) and an alphanumeric character (11/2 bits) are whole numbers. */
enum { SIXTHS = 6, UNREACHABLE = INT_MAX / 2 };
static const int sixths_per_character[MODE_COUNT] = {20, 33, 48};

int qrpng_count_bits(qrpng_mode mode, int version) {
  static const uint8_t bits[4][3] = {{10, 12, 14}, {9, 11, 13}, {8, 16, 16}, {8, 10, 12}};
  return bits[mode][version < 10 ? 0 : version < 27 ? 1 : 2];
}

int qrpng_alphanumeric_value(uint8_t character) {
  static const char characters[] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:";
  const char *found = character ? strchr(characters, character) : NULL;
  return found ? (int)(found - characters) : -1;
}

size_t qrpng_character_count(qrpng_segment segment) {
  return segment.mode == QRPNG_MODE_KANJI ? segment.nbytes / 2 : segment.nbytes;
}

static int is_digit(uint8_t character) {
  return (uint8_t)(character - '0') < 10;
}

/* Table 5, as one bit for each of the characters 32 to 95. */
static int is_alphanumeric(uint8_t character) {
  static const uint64_t set = 0x07FFFFFE07FFEC31;
  unsigned index = (unsigned)character - 32;
  return index < 64 && set >> index & 1;
}

/* The first mode that holds the character. */
static qrpng_mode mode_of(uint8_t character) {
  return is_digit(character)          ? QRPNG_MODE_NUMERIC
         : is_alphanumeric(character) ? QRPNG_MODE_ALPHANUMERIC
                                      : QRPNG_MODE_BYTE;
}

static int whole_bits(int sixths) {
  return (sixths + SIXTHS - 1) / SIXTHS;
}

static int payload_bits(qrpng_segment segment) {
  int count = (int)qrpng_character_count(segment);
  return segment.mode == QRPNG_MODE_KANJI ? 13 * count : whole_bits(sixths_per_character[segment.mode] * count);
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
      return UNREACHABLE;
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

/*
 * Fewer bits than any split can have. A run of digits or alphanumeric characters this short saves less than the header
 * of its segment costs, so its characters count as bytes.
 */
static int bits_at_least(const uint8_t *text, size_t text_nbytes) {
  enum { SHORTEST_NUMERIC = 4, SHORTEST_ALPHANUMERIC = 6, HEADER_BITS = 12, SLACK_BITS = 16 };
  size_t digits = 0, alphanumerics = 0, saved_digits = 0, saved_alphanumerics = 0;
  for (size_t i = 0; i < text_nbytes; i++) { /* without branches: text is hard to foresee */
    digits = is_digit(text[i]) ? digits + 1 : 0;
    alphanumerics = is_alphanumeric(text[i]) ? alphanumerics + 1 : 0;
    saved_digits += (size_t)((digits >= SHORTEST_NUMERIC) + (SHORTEST_NUMERIC - 1) * (digits == SHORTEST_NUMERIC));
    saved_alphanumerics += (size_t)((alphanumerics >= SHORTEST_ALPHANUMERIC) +
                                    (SHORTEST_ALPHANUMERIC - 1) * (alphanumerics == SHORTEST_ALPHANUMERIC));
  }
  /* a digit in both counts is saved once too often, which only lowers the bound */
  size_t sixths = 48 * text_nbytes, saved = 28 * saved_digits + 15 * saved_alphanumerics;
  return HEADER_BITS - SLACK_BITS + (int)((sixths > saved ? sixths - saved : 0) / SIXTHS);
}

/* For each number of segments (less 1) and each mode of the last of them, the fewest sixths of a bit. */
typedef int costs[QRPNG_COUNTED_SEGMENTS][MODE_COUNT];

/* Where a new segment is best started from: the mode before it, at whole bits. Returns the cost. */
static int best_end(const int cost[MODE_COUNT], int *mode) {
  int best = UNREACHABLE;
  for (int m = 0; m < MODE_COUNT; m++) {
    int whole = cost[m] < UNREACHABLE ? SIXTHS * whole_bits(cost[m]) : UNREACHABLE;
    if (whole < best) {
      best = whole;
      *mode = m;
    }
  }
  return best;
}

/*
 * Dynamic programming over the characters. With one layer the number of segments is not limited; with more of them
 * layer k holds splits into k + 1 segments. A choice is 0 to go on with a segment, or 1 + the mode of the one before
 * it.
 */
static void split(qrpng_segmenter *segmenter, const uint8_t *text, size_t text_nbytes, int version, int layers,
                  costs cost) {
  int header[MODE_COUNT];
  for (int m = 0; m < MODE_COUNT; m++)
    header[m] = SIXTHS * (4 + qrpng_count_bits((qrpng_mode)m, version));
  for (int k = 0; k < layers; k++)
    for (int m = 0; m < MODE_COUNT; m++)
      cost[k][m] = k == 0 && m >= (int)mode_of(text[0]) ? header[m] + sixths_per_character[m] : UNREACHABLE;

  for (size_t i = 1; i < text_nbytes; i++) {
    int first_mode = (int)mode_of(text[i]);
    for (int k = layers - 1; k >= 0; k--) {
      int from_layer = layers == 1 ? 0 : k - 1, from_mode = 0, choices = 0;
      int start = from_layer >= 0 ? best_end(cost[from_layer], &from_mode) : UNREACHABLE;
      for (int m = 0; m < MODE_COUNT; m++) {
        int starts_here = start + header[m] < cost[k][m];
        int before = starts_here ? start + header[m] : cost[k][m];
        choices |= (starts_here ? 1 + from_mode : 0) << 2 * m;
        cost[k][m] = m >= first_mode && before < UNREACHABLE ? before + sixths_per_character[m] : UNREACHABLE;
      }
      segmenter->choices[k][i] = (uint8_t)choices;
    }
  }
}

/* Follows the choices back from the end. Returns the number of segments. */
static size_t trace_back(qrpng_segmenter *segmenter, size_t text_nbytes, int layer, int layers, int mode) {
  qrpng_segment *segments = segmenter->segments;
  size_t count = 0, end = text_nbytes;
  for (size_t i = text_nbytes; i-- > 0;) {
    int choice = i == 0 ? 1 : segmenter->choices[layer][i] >> 2 * mode & 3;
    if (choice == 0)
      continue;
    segments[count++] = (qrpng_segment){.mode = (qrpng_mode)mode, .nbytes = end - i};
    end = i;
    mode = choice - 1;
    layer = layers == 1 ? 0 : layer - 1;
  }
  for (size_t i = 0; i < count / 2; i++) {
    qrpng_segment swapped = segments[i];
    segments[i] = segments[count - 1 - i];
    segments[count - 1 - i] = swapped;
  }
  return count;
}

/* The smallest version below range.last + 1 for any split. */
static int smallest_version_of_splits(qrpng_segmenter *segmenter, const uint8_t *text, size_t text_nbytes,
                                      version_range range) {
  costs cost;
  int mode;
  for (int group = 0; group < 3; group++) {
    if (group_starts[group + 1] <= range.first || group_starts[group] > range.last)
      continue;
    split(segmenter, text, text_nbytes, group_starts[group], 1, cost);
    int version = first_fit(range, group, best_end(cost[0], &mode) / SIXTHS);
    if (version <= range.last)
      return version;
  }
  return range.last + 1;
}

/* Writes the split with the fewest segments that fits the version, which one of them does. */
static size_t split_for_version(qrpng_segmenter *segmenter, const uint8_t *text, size_t text_nbytes, int version,
                                qrpng_level ecl) {
  costs cost;
  int mode = 0, capacity = SIXTHS * qrpng_data_capacity_bits(version, ecl);
  split(segmenter, text, text_nbytes, version, QRPNG_COUNTED_SEGMENTS, cost);
  for (int k = 0; k < QRPNG_COUNTED_SEGMENTS; k++)
    if (best_end(cost[k], &mode) <= capacity)
      return trace_back(segmenter, text_nbytes, k, QRPNG_COUNTED_SEGMENTS, mode);
  split(segmenter, text, text_nbytes, version, 1, cost);
  best_end(cost[0], &mode);
  return trace_back(segmenter, text_nbytes, 0, 1, mode);
}

static qrpng_status plan_split(qrpng_segmenter *segmenter, version_range range, qrpng_message *message) {
  const uint8_t *text = message->text;
  size_t text_nbytes = message->text_nbytes;
  qrpng_mode mode = QRPNG_MODE_NUMERIC;
  for (size_t i = 0; i < text_nbytes && mode != QRPNG_MODE_BYTE; i++)
    if (mode_of(text[i]) > mode)
      mode = mode_of(text[i]);

  segmenter->segments[0] = (qrpng_segment){.mode = mode, .nbytes = text_nbytes};
  message->segment_count = 1;
  message->version = smallest_version(range, segmenter->segments, 1);
  if (message->version == range.first || mode == QRPNG_MODE_NUMERIC)
    return QRPNG_OK;

  version_range smaller = {range.first, message->version - 1, range.ecl};
  if (qrpng_data_capacity_bits(smaller.last, range.ecl) < bits_at_least(text, text_nbytes))
    return QRPNG_OK;
  int version = smallest_version_of_splits(segmenter, text, text_nbytes, smaller);
  if (version <= smaller.last) {
    message->version = version;
    message->segment_count = split_for_version(segmenter, text, text_nbytes, version, range.ecl);
  }
  return QRPNG_OK;
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
    if (mode_of(text[i]) > segment.mode)
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
  };
  qrpng_status status = options->segments ? plan_given(options, range, message) : plan_split(segmenter, range, message);
  if (status == QRPNG_OK && message->version > range.last)
    return QRPNG_TEXT_TOO_LONG;
  return status;
}
