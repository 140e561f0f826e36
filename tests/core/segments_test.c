/* How texts are split: against all splits there are, against libqrencode's splitter, and what is refused. */
#include "core_test.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "iso18004.h"
#include "libqrencode.h"
#include "segments.h"
#include "version.h"

enum { MODES = 3, TOO_MANY = 1 << 28 /* bits */ };

/* How many texts are tried. */
enum { SHORT_TEXTS = 3000 / WORK_DIVISOR, LONG_TEXTS = 1500 / WORK_DIVISOR, COMPARED_TEXTS = 3000 / WORK_DIVISOR };

static qrpng_segmenter segmenter;

static int holds(int mode, uint8_t character) {
  switch (mode) {
  case QRPNG_MODE_NUMERIC:
    return character >= '0' && character <= '9';
  case QRPNG_MODE_ALPHANUMERIC:
    return character && strchr("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:", character);
  default:
    return 1;
  }
}

/* The fewest bits of all splits: into any number of segments, and into each number of them up to the limit. */
typedef struct fewest_bits {
  int of_all;
  int of_count[QRPNG_COUNTED_SEGMENTS + 1];
} fewest_bits;

static void forget(fewest_bits *fewest) {
  fewest->of_all = TOO_MANY;
  for (int count = 0; count <= QRPNG_COUNTED_SEGMENTS; count++)
    fewest->of_count[count] = TOO_MANY;
}

/* Tries each mode and length for the next segment, then all splits of the rest. */
static void try_all_splits(const uint8_t *text, int text_nbytes, int version, int count, int bits,
                           fewest_bits *fewest) {
  if (text_nbytes == 0) {
    if (bits < fewest->of_count[count])
      fewest->of_count[count] = bits;
    if (bits < fewest->of_all)
      fewest->of_all = bits;
    return;
  }
  for (int mode = 0; mode < MODES; mode++)
    for (int n = 1; n <= text_nbytes && holds(mode, text[n - 1]); n++)
      try_all_splits(text + n, text_nbytes - n, version, count + 1, bits + segment_bits((qrpng_mode)mode, version, n),
                     fewest);
}

/* The same for long texts: for each end the best of all places where its last segment can begin. */
static void find_best_splits(const uint8_t *text, int text_nbytes, int version, int max_count, fewest_bits *fewest) {
  static fewest_bits upto[MAX_TEXT_NBYTES + 1];
  forget(&upto[0]);
  upto[0].of_all = upto[0].of_count[0] = 0;
  for (int end = 1; end <= text_nbytes; end++) {
    forget(&upto[end]);
    for (int mode = 0; mode < MODES; mode++) {
      for (int begin = end - 1; begin >= 0 && holds(mode, text[begin]); begin--) {
        int bits = segment_bits((qrpng_mode)mode, version, end - begin);
        if (upto[begin].of_all + bits < upto[end].of_all)
          upto[end].of_all = upto[begin].of_all + bits;
        for (int count = 1; count <= max_count; count++)
          if (upto[begin].of_count[count - 1] + bits < upto[end].of_count[count])
            upto[end].of_count[count] = upto[begin].of_count[count - 1] + bits;
      }
    }
  }
  *fewest = upto[text_nbytes];
}

typedef struct segments_case {
  uint8_t text[MAX_TEXT_NBYTES];
  int text_nbytes;
  qrpng_level ecl;
  int version; /* 0: the smallest */
} segments_case;

static void print_case(const segments_case *text_case) {
  print_message("level %c, version %d, %d bytes: ", "LMQH"[text_case->ecl], text_case->version, text_case->text_nbytes);
  for (int i = 0; i < text_case->text_nbytes; i++)
    print_message("%02x", text_case->text[i]);
  print_message("\n");
}

static qrpng_status plan(const segments_case *text_case, qrpng_message *message) {
  qrpng_options options = qrpng_default_options();
  options.ecl = text_case->ecl;
  options.version = text_case->version;
  return qrpng_plan_message(&segmenter, text_case->text, (size_t)text_case->text_nbytes, &options, message);
}

/* Returns the bits of the message, having checked that its segments cover the text in modes that hold it. */
static int check_message(const qrpng_message *message) {
  const uint8_t *text = message->text;
  int bits = 0;
  for (size_t i = 0; i < message->segment_count; i++) {
    qrpng_segment segment = message->segments[i];
    assert_true(segment.nbytes > 0 && segment.nbytes <= (size_t)(message->text + message->text_nbytes - text));
    for (size_t k = 0; k < segment.nbytes; k++)
      assert_true(holds((int)segment.mode, text[k]));
    text += segment.nbytes;
    bits += segment_bits(segment.mode, message->version, (int)segment.nbytes);
  }
  assert_ptr_equal(text, message->text + message->text_nbytes);
  assert_in_range(bits, 1, qrpng_data_capacity_bits(message->version, message->ecl));
  return bits;
}

/* The smallest version from first to last with room for so many bits; 41 if none. */
static int smallest_version(int first, int last, qrpng_level ecl, int bits) {
  for (int version = first; version <= last; version++)
    if (qrpng_data_capacity_bits(version, ecl) >= bits)
      return version;
  return 41;
}

typedef void find_fewest_bits(const segments_case *text_case, int version, fewest_bits *fewest);

static void by_brute_force(const segments_case *text_case, int version, fewest_bits *fewest) {
  forget(fewest);
  try_all_splits(text_case->text, text_case->text_nbytes, version, 0, 0, fewest);
}

static void by_best_beginnings(const segments_case *text_case, int version, fewest_bits *fewest) {
  find_best_splits(text_case->text, text_case->text_nbytes, version, QRPNG_COUNTED_SEGMENTS, fewest);
}

/* Returns the smallest version that holds the text (41: none), and how short its splits are there. */
static int find_version(const segments_case *text_case, find_fewest_bits *find, fewest_bits *fewest) {
  static const int last_of_group[] = {9, 26, 40};
  int version = 41, asked_for = text_case->version;
  forget(fewest);
  for (int group = 0, first = 1; group < 3 && version > 40; first = last_of_group[group++] + 1) {
    int last = last_of_group[group];
    if (asked_for && (asked_for < first || asked_for > last))
      continue;
    find(text_case, last, fewest);
    version =
        smallest_version(asked_for ? asked_for : first, asked_for ? asked_for : last, text_case->ecl, fewest->of_all);
  }
  return version;
}

enum { SIXTHS = 6, UNREACHABLE = INT_MAX / 2 };

/* Splits into each number of segments (less 1) that end with a character in each mode, in sixths of a bit. */
typedef int split_costs[QRPNG_COUNTED_SEGMENTS][MODES];

/* Where such a segment comes from: 0 if it goes on, or 1 + the mode of the one before it. */
typedef uint8_t split_origins[QRPNG_COUNTED_SEGMENTS][MODES];

static int cheapest_end(const int cost[MODES], int *mode) {
  int best = UNREACHABLE;
  for (int m = 0; m < MODES; m++) {
    int whole = cost[m] < UNREACHABLE ? (cost[m] + SIXTHS - 1) / SIXTHS * SIXTHS : UNREACHABLE;
    if (whole < best) {
      best = whole;
      *mode = m;
    }
  }
  return best;
}

/*
 * The same search, but over all characters: of equally short splits into as many segments it is this one that counts. A
 * single layer is for any number of segments. Leaves the costs behind the last character.
 */
static void split_by_characters(const segments_case *text_case, int version, int layers, split_costs cost,
                                split_origins *origins) {
  static const int sixths_per_character[MODES] = {20, 33, 48};
  for (int k = 0; k < layers; k++)
    for (int m = 0; m < MODES; m++)
      cost[k][m] = UNREACHABLE;
  for (int i = 0; i < text_case->text_nbytes; i++) {
    for (int k = layers - 1; k >= 0; k--) {
      int before = layers == 1 ? 0 : k - 1, mode = 0;
      int start = i == 0 ? (k == 0 ? 0 : UNREACHABLE) : before < 0 ? UNREACHABLE : cheapest_end(cost[before], &mode);
      for (int m = 0; m < MODES; m++) {
        int begun = start + SIXTHS * segment_bits((qrpng_mode)m, version, 0), begins = begun < cost[k][m];
        int continued = begins ? begun : cost[k][m];
        origins[i][k][m] = (uint8_t)(begins ? 1 + mode : 0);
        int is_possible = holds(m, text_case->text[i]) && continued < UNREACHABLE;
        cost[k][m] = is_possible ? continued + sixths_per_character[m] : UNREACHABLE;
      }
    }
  }
}

static void check_same_split(const segments_case *text_case, const qrpng_message *message) {
  static split_origins origins[MAX_TEXT_NBYTES];
  split_costs cost;
  int capacity = SIXTHS * qrpng_data_capacity_bits(message->version, message->ecl), mode = 0, k = 0;
  int layers = QRPNG_COUNTED_SEGMENTS;
  split_by_characters(text_case, message->version, layers, cost, origins);
  while (k < layers && cheapest_end(cost[k], &mode) > capacity)
    k++;
  if (k == layers) {
    k = 0;
    layers = 1;
    split_by_characters(text_case, message->version, layers, cost, origins);
    cheapest_end(cost[0], &mode);
  }
  size_t segment = message->segment_count, nbytes = 0;
  for (int i = text_case->text_nbytes - 1; i >= 0; i--) {
    nbytes++;
    int origin = origins[i][k][mode];
    if (origin == 0)
      continue;
    assert_true(segment-- > 0);
    if (message->segments[segment].mode != (qrpng_mode)mode || message->segments[segment].nbytes != nbytes) {
      print_case(text_case);
      fail_msg("segment %zu is another one than the search over characters finds", segment);
    }
    nbytes = 0;
    mode = origin - 1;
    k -= layers > 1;
  }
  assert_int_equal(segment, 0);
}

/* Returns how many segments the text was split into; 0 if it was refused. */
static size_t check_split(const segments_case *text_case, find_fewest_bits *find) {
  fewest_bits fewest;
  int version = find_version(text_case, find, &fewest);
  qrpng_message message;
  qrpng_status status = plan(text_case, &message);
  int should_fit = version <= 40;
  if ((status == QRPNG_OK) != should_fit || (should_fit && message.version != version)) {
    print_case(text_case);
    fail_msg("planned as version %d, but the smallest for any split is %d", message.version, version);
  }
  if (!should_fit) {
    assert_int_equal(status, QRPNG_TEXT_TOO_LONG);
    return 0;
  }
  int bits = check_message(&message), capacity = qrpng_data_capacity_bits(version, text_case->ecl);
  int count = 1;
  while (count <= QRPNG_COUNTED_SEGMENTS && fewest.of_count[count] > capacity)
    count++;
  int is_best = count <= QRPNG_COUNTED_SEGMENTS ? (int)message.segment_count == count : bits == fewest.of_all;
  if (!is_best) {
    print_case(text_case);
    fail_msg("%zu segments of %d bits, but %d are enough, and the shortest split has %d bits", message.segment_count,
             bits, count, fewest.of_all);
  }
  if (message.segment_count > 1)
    check_same_split(text_case, &message);
  return message.segment_count;
}

/* Runs of digits, of alphanumeric characters and of others, up to max_run long; no NUL. */
static void write_runs(uint8_t *text, int text_nbytes, int max_run, random_source *source) {
  static const char alphanumerics[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:0123456789", others[] = "abcxyz,;#&@\x80\xFF";
  int bytes_between = random_below(source, 3) > 0;
  for (int i = 0; i < text_nbytes;) {
    int mode = random_below(source, bytes_between ? 3 : 2);
    for (int run = 1 + random_below(source, max_run); run > 0 && i < text_nbytes; run--) {
      if (mode == QRPNG_MODE_NUMERIC)
        text[i++] = (uint8_t)('0' + random_below(source, 10));
      else if (mode == QRPNG_MODE_ALPHANUMERIC)
        text[i++] = (uint8_t)alphanumerics[random_below(source, (int)sizeof alphanumerics - 1)];
      else
        text[i++] = (uint8_t)others[random_below(source, (int)sizeof others - 1)];
    }
  }
}

static void splits_short_texts_best(void **state) {
  (void)state;
  int split = 0, refused = 0;
  for (uint64_t seed = 0; seed < SHORT_TEXTS; seed++) {
    random_source source = {seed};
    int max_nbytes = seed % 100 == 0 ? 12 : seed % 10 == 0 ? 11 : 9;
    segments_case text_case = {.text_nbytes = max_nbytes - random_below(&source, seed % 7 == 0 ? 9 : 3)};
    text_case.ecl = random_below(&source, 4) > 0 ? QRPNG_LEVEL_H : (qrpng_level)random_below(&source, 4);
    text_case.version = random_below(&source, 2);
    write_runs(text_case.text, text_case.text_nbytes, seed % 2 ? 10 : 5, &source);
    size_t count = check_split(&text_case, by_brute_force);
    split += count > 1;
    refused += count == 0;
  }
  print_message("%d of %d texts are split, %d are too long\n", split, SHORT_TEXTS, refused);
  assert_true(split >= SHORT_TEXTS / 50 && refused >= SHORT_TEXTS / 20);
}

/* More bytes than one segment of bytes could hold at some version, so that splits matter. */
static void make_tight(segments_case *text_case, int max_version, random_source *source) {
  static const struct {
    int longest_run, more_percent;
  } kinds[] = {{4, 5}, {8, 10}, {16, 35}, {40, 70}};
  int version = 1 + random_below(source, max_version), kind = random_below(source, 4);
  text_case->ecl = (qrpng_level)random_below(source, 4);
  int capacity = characters_in(QRPNG_MODE_BYTE, version, qrpng_data_capacity_bits(version, text_case->ecl));
  int text_nbytes = capacity + 1 + random_below(source, 1 + capacity * kinds[kind].more_percent / 100);
  text_case->text_nbytes = text_nbytes < MAX_TEXT_NBYTES ? text_nbytes : MAX_TEXT_NBYTES;
  text_case->version = random_below(source, 4) == 0 ? version : 0;
  write_runs(text_case->text, text_case->text_nbytes, kinds[kind].longest_run, source);
}

/* Runs that gain a little or nothing among letters that none but bytes hold, just beyond the capacity of bytes. */
static void make_many_runs(segments_case *text_case, int max_version, random_source *source) {
  static const char alphanumerics[] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";
  int version = 1 + random_below(source, max_version), are_digits = random_below(source, 2);
  int shortest = (are_digits ? 3 : 6) + random_below(source, 9), range = 1 + random_below(source, 5);
  *text_case = (segments_case){.ecl = (qrpng_level)random_below(source, 4)};
  int capacity = characters_in(QRPNG_MODE_BYTE, version, qrpng_data_capacity_bits(version, text_case->ecl));
  int wanted = capacity + 1 + random_below(source, 1 + capacity * (shortest < 8 ? 1 : shortest) / 20);
  uint8_t *next = text_case->text, *end = text_case->text + wanted;
  while (next < end) {
    for (int run = shortest + random_below(source, range); run > 0 && next < end; run--)
      *next++ = (uint8_t)alphanumerics[random_below(source, are_digits ? 10 : 36)];
    for (int run = 1 + random_below(source, 3 * range); run > 0 && next < end; run--)
      *next++ = (uint8_t)('a' + random_below(source, 26));
  }
  text_case->text_nbytes = wanted;
}

static void splits_long_texts_best(void **state) {
  (void)state;
  int split = 0, more_than_counted = 0;
  for (uint64_t seed = 0; seed < LONG_TEXTS; seed++) {
    random_source source = {seed << 16};
    segments_case text_case;
    if (seed % 4 == 1)
      make_many_runs(&text_case, seed % 20 == 1 ? 20 : 10, &source);
    else
      make_tight(&text_case, seed % 50 == 0 ? 30 : seed % 4 == 0 ? 16 : 6, &source);
    size_t count = check_split(&text_case, by_best_beginnings);
    split += count > 1;
    more_than_counted += count > QRPNG_COUNTED_SEGMENTS;
  }
  print_message("%d of %d texts are split, %d of them into more than %d segments\n", split, LONG_TEXTS,
                more_than_counted, QRPNG_COUNTED_SEGMENTS);
  assert_true(split > LONG_TEXTS / 4 && more_than_counted >= LONG_TEXTS / 150);
}

static void takes_no_larger_version_than_libqrencode(void **state) {
  (void)state;
  int smaller = 0, same = 0;
  for (uint64_t seed = 0; seed < COMPARED_TEXTS; seed++) {
    random_source source = {seed << 32};
    segments_case text_case;
    make_tight(&text_case, seed % 20 == 0 ? 40 : 12, &source);
    text_case.version = 0;
    text_case.text[text_case.text_nbytes - 1] = '\0';
    int theirs = libqrencode_version_of_text((const char *)text_case.text, text_case.ecl);
    text_case.text_nbytes--;
    qrpng_message message;
    qrpng_status status = plan(&text_case, &message);
    if (status == QRPNG_OK)
      check_message(&message);
    int ours = status == QRPNG_OK ? message.version : 41;
    if (theirs != 0 && ours > theirs) {
      print_case(&text_case);
      fail_msg("version %d, but libqrencode takes %d", ours, theirs);
    }
    smaller += ours < (theirs ? theirs : 41);
    same += ours == theirs;
  }
  print_message("version of %d texts: %d smaller than libqrencode's, %d the same\n", COMPARED_TEXTS, smaller, same);
  assert_true(same > COMPARED_TEXTS / 2);
}

/* Each character of each value at each place in a block, and a text that doesn't end where a block does. */
static void maps_every_character(void **state) {
  (void)state;
  uint8_t text[3 * 256];
  for (int shift = 0; shift < 64; shift++) {
    for (size_t i = 0; i < sizeof text; i++)
      text[i] = (uint8_t)(i + (size_t)shift);
    size_t text_nbytes = sizeof text - (size_t)shift, digits = 0, alphanumerics = 0;
    qrpng_character_map map;
    qrpng_map_characters(text, text_nbytes, &map);
    for (size_t i = 0; i < text_nbytes + 64; i++) {
      int is_digit = i < text_nbytes && holds(QRPNG_MODE_NUMERIC, text[i]);
      int is_alphanumeric = i < text_nbytes && holds(QRPNG_MODE_ALPHANUMERIC, text[i]);
      assert_int_equal(map.digits[i / 64] >> i % 64 & 1, is_digit);
      assert_int_equal(map.alphanumerics[i / 64] >> i % 64 & 1, is_alphanumeric);
      digits += (size_t)is_digit;
      alphanumerics += (size_t)is_alphanumeric;
    }
    assert_int_equal(map.nbytes, text_nbytes);
    assert_int_equal(map.digit_count, digits);
    assert_int_equal(map.alphanumeric_count, alphanumerics);
  }
}

static void keeps_to_one_segment_where_splits_gain_nothing(void **state) {
  (void)state;
  static const char *const texts[] = {"https://example.com/0123456789", "12345678901234567890abc", "ABC123abc"};
  for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
    segments_case text_case = {.text_nbytes = (int)strlen(texts[i]), .ecl = QRPNG_LEVEL_L, .version = 40};
    memcpy(text_case.text, texts[i], strlen(texts[i]));
    qrpng_message message;
    assert_int_equal(plan(&text_case, &message), QRPNG_OK);
    assert_int_equal(message.segment_count, 1);
    assert_int_equal(message.segments[0].mode, QRPNG_MODE_BYTE);
  }
}

static void expect(const qrpng_options *options, const void *text, size_t text_nbytes, qrpng_status status,
                   const char *sentence) {
  qrpng_encoder *encoder;
  qrpng_symbol symbol;
  const uint8_t *png = (const uint8_t *)"";
  size_t png_nbytes = 1;
  assert_int_equal(qrpng_encoder_create(&encoder), QRPNG_OK);
  assert_int_equal(qrpng_encode_modules(encoder, text, text_nbytes, options, &symbol), status);
  assert_string_equal(qrpng_error_message(encoder), sentence);
  assert_int_equal(qrpng_encode(encoder, text, text_nbytes, options, &png, &png_nbytes), status);
  assert_string_equal(qrpng_error_message(encoder), sentence);
  if (status != QRPNG_OK) {
    assert_null(symbol.modules);
    assert_null(png);
    assert_int_equal(png_nbytes, 0);
  }
  qrpng_encoder_destroy(encoder);
}

#define NUM QRPNG_MODE_NUMERIC
#define AN QRPNG_MODE_ALPHANUMERIC
#define BYTE QRPNG_MODE_BYTE
#define KANJI QRPNG_MODE_KANJI

static void refuses_segments_that_do_not_fit_the_text(void **state) {
  (void)state;
  static const struct {
    const char *text;
    size_t text_nbytes, segment_count;
    qrpng_segment segments[3];
    int is_good;
  } cases[] = {
      {"12AB", 4, 2, {{NUM, 2}, {AN, 2}}, 1},
      {"12AB", 4, 2, {{BYTE, 2}, {BYTE, 2}}, 1},
      {"12AB", 4, 0, {{NUM, 2}}, 0},                               /* none */
      {"12AB", 4, 1, {{NUM, 2}}, 0},                               /* too short */
      {"12AB", 4, 2, {{NUM, 2}, {AN, 3}}, 0},                      /* too long */
      {"12AB", 4, 2, {{NUM, 2}, {AN, SIZE_MAX}}, 0},               /* and wrapping around */
      {"12AB", 4, 2, {{BYTE, SIZE_MAX}, {AN, 5}}, 0},              /* likewise */
      {"12AB", 4, 3, {{NUM, 2}, {BYTE, 0}, {AN, 2}}, 0},           /* an empty one */
      {"12AB", 4, 3, {{NUM, 2}, {AN, 2}, {BYTE, 0}}, 0},           /* at the end */
      {"12AB", 4, 1, {{NUM, 4}}, 0},                               /* a letter in numeric mode */
      {"12AB", 4, 2, {{NUM, 3}, {AN, 1}}, 0},                      /* at the end of it */
      {"12/:", 4, 1, {{NUM, 4}}, 0},                               /* next to the digits */
      {"12Ab", 4, 1, {{AN, 4}}, 0},                                /* lower case */
      {"12A,", 4, 1, {{AN, 4}}, 0},                                /* in the middle of the punctuation */
      {"12A\0", 4, 1, {{AN, 4}}, 0},                               /* NUL */
      {"12A\0", 4, 2, {{AN, 3}, {BYTE, 1}}, 1},                    /* is a byte */
      {"12AB", 4, 1, {{(qrpng_mode)4, 4}}, 0},                     /* no mode */
      {"12AB", 4, 1, {{(qrpng_mode)-1, 4}}, 0},                    /* no mode either */
      {"\x93\x5F\xE4\xAA", 4, 1, {{KANJI, 4}}, 1},                 /* the example of 7.4.6 */
      {"\x93\x5F\xE4\xAA", 4, 2, {{KANJI, 2}, {BYTE, 2}}, 1},      /* cut between characters */
      {"\x93\x5F\xE4\xAA", 4, 2, {{KANJI, 3}, {BYTE, 1}}, 0},      /* within one */
      {"\x93\x5F\xE4", 3, 1, {{KANJI, 3}}, 0},                     /* odd */
      {"\x81\x40\x9F\xFC\xE0\x40\xEB\xBF", 8, 1, {{KANJI, 8}}, 1}, /* ends of both ranges */
      {"\x81\x3F", 2, 1, {{KANJI, 2}}, 0},                         /* just before them and behind */
      {"\x9F\xFD", 2, 1, {{KANJI, 2}}, 0},
      {"\xE0\x3F", 2, 1, {{KANJI, 2}}, 0},
      {"\xEB\xC0", 2, 1, {{KANJI, 2}}, 0},
      {"\x82\x3F", 2, 1, {{KANJI, 2}}, 0}, /* no second byte of Shift JIS */
      {"12", 2, 1, {{KANJI, 2}}, 0},
  };
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    qrpng_options options = qrpng_default_options();
    options.segments = cases[i].segments;
    options.segment_count = cases[i].segment_count;
    for (size_t k = 0; (options.engine = qrpng_engine_name(k)); k++)
      expect(&options, cases[i].text, cases[i].text_nbytes, cases[i].is_good ? QRPNG_OK : QRPNG_BAD_SEGMENTS,
             cases[i].is_good
                 ? ""
                 : "The segments must cover the text, and each mode must hold all characters of its segment.");
  }
}

static void refuses_versions(void **state) {
  (void)state;
  qrpng_options options = qrpng_default_options();
  for (int version = -1; version <= 41; version += 42) {
    options.version = version;
    expect(&options, "a", 1, QRPNG_BAD_VERSION, "version must be a whole number from 1 to 40.");
  }
  char text[2954];
  memset(text, 'a', sizeof text);
  const qrpng_segment one_segment = {QRPNG_MODE_BYTE, 18};
  for (size_t k = 0; (options.engine = qrpng_engine_name(k)); k++) {
    options.version = 1;
    expect(&options, text, 17, QRPNG_OK, "");
    expect(&options, text, 18, QRPNG_TEXT_TOO_LONG,
           "The text does not fit version 1 at level L: leave the version open.");
    options.segments = &one_segment;
    options.segment_count = 1;
    expect(&options, text, 18, QRPNG_TEXT_TOO_LONG,
           "The text does not fit version 1 at level L: leave the version open.");
    options.version = 2;
    expect(&options, text, 18, QRPNG_OK, "");
    options.segments = NULL;
    options.version = 39;
    options.ecl = QRPNG_LEVEL_H;
    expect(&options, text, 1274, QRPNG_TEXT_TOO_LONG,
           "The text does not fit version 39 at level H: leave the version open.");
    options.ecl = QRPNG_LEVEL_L;
    options.version = 40;
    expect(&options, text, 2953, QRPNG_OK, "");
  }
}

static void refuses_masks(void **state) {
  (void)state;
  static const char sentence[] = "mask must be a whole number from 0 to 7, and only engine fast lets it be chosen.";
  qrpng_options options = qrpng_default_options();
  for (options.mask = -3; options.mask <= 9; options.mask++) {
    int is_good = options.mask >= QRPNG_BEST_MASK && options.mask <= 7;
    options.engine = NULL;
    expect(&options, "a", 1, is_good ? QRPNG_OK : QRPNG_BAD_MASK, is_good ? "" : sentence);
    is_good = options.mask == QRPNG_BEST_MASK;
    options.engine = "reference";
    expect(&options, "a", 1, is_good ? QRPNG_OK : QRPNG_BAD_MASK, is_good ? "" : sentence);
  }
}

int run_segments_tests(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(maps_every_character),
      cmocka_unit_test(splits_short_texts_best),
      cmocka_unit_test(splits_long_texts_best),
      cmocka_unit_test(takes_no_larger_version_than_libqrencode),
      cmocka_unit_test(keeps_to_one_segment_where_splits_gain_nothing),
      cmocka_unit_test(refuses_segments_that_do_not_fit_the_text),
      cmocka_unit_test(refuses_versions),
      cmocka_unit_test(refuses_masks),
  };
  return cmocka_run_group_tests_name("segments", tests, NULL, NULL);
}
