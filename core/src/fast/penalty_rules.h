/*
 * The rules, for one width of vector: each penalty_*.c includes this with FUNCTION_NAME, LANES and TARGET set. TARGET
 * has the instructions that a compiler may use in it, beside those of every machine; the caller checks that they are
 * there.
 *
 * All rules look along lines of one direction, across the other: for a rule on columns, row after row is combined, and
 * every bit of a word is a column of its own. Rules on rows do the same with the columns of the symbol. A vector holds
 * the same word of LANES masks. A small symbol has its rows in the lower halves of the words and its columns in the
 * upper ones, so that both are looked at together.
 */
#include "penalty.h"

#include <string.h>

#ifdef __x86_64__
#include <immintrin.h>
#endif

#ifdef TARGET
#define PRAGMA(...) _Pragma(#__VA_ARGS__)
#ifdef __clang__
#define COMPILE_FOR(features) PRAGMA(clang attribute push(__attribute__((target(features))), apply_to = function))
#else
#define COMPILE_FOR(features) PRAGMA(GCC target(features))
#endif
COMPILE_FOR(TARGET)
#endif

typedef uint64_t vec __attribute__((vector_size(8 * LANES)));

/* Points of 7.8.3, table 11: N1 to N4. */
enum { RUN_POINTS = 3, BLOCK_POINTS = 3, FINDER_POINTS = 40, BALANCE_POINTS = 10 };

/* Line i of word w is lines[w][LINES_ABOVE + i]. */
typedef vec line_words[MAX_WORDS][PADDED_LINES];

static inline vec splat(uint64_t word) {
  return (vec){0} + word;
}

static inline vec load(const uint64_t *lanes) {
  vec value;
  memcpy(&value, lanes, sizeof value);
  return value;
}

static inline int is_any(vec value) {
#if LANES == 8
  return _mm512_test_epi64_mask((__m512i)value, (__m512i)value) != 0;
#elif LANES == 4
  return !_mm256_testz_si256((__m256i)value, (__m256i)value);
#elif defined TARGET
  return !_mm_testz_si128((__m128i)value, (__m128i)value);
#else
  uint64_t any = 0;
  for (int lane = 0; lane < LANES; lane++)
    any |= value[lane];
  return any != 0;
#endif
}

/* How many bits were set in each lane. */
#if LANES == 8
typedef struct bit_counter {
  vec sums;
} bit_counter;

static inline void count(bit_counter *counter, vec value) {
  counter->sums += (vec)_mm512_popcnt_epi64((__m512i)value);
}

static inline void count_four(bit_counter *counter, const vec values[4]) {
  for (int i = 0; i < 4; i++)
    count(counter, values[i]);
}

static inline int total(const bit_counter *counter, int lane) {
  return (int)counter->sums[lane];
}
#else
/* Here it pays to add up a few vectors bit by bit before any are counted. */
typedef struct bit_counter {
  vec ones, twos;
  uint64_t sums[LANES];
} bit_counter;

static inline __attribute__((always_inline)) void count_times(bit_counter *counter, vec value, uint64_t times) {
  for (int lane = 0; lane < LANES; lane++)
    counter->sums[lane] += times * (uint64_t)__builtin_popcountll(value[lane]);
}

static inline __attribute__((always_inline)) void count(bit_counter *counter, vec value) {
  count_times(counter, value, 1);
}

/* Leaves the lower bits of the sums of three bits in *sum, and returns the higher ones. */
static inline vec add_bits(vec *sum, vec a, vec b) {
  vec differ = *sum ^ a, carry = (*sum & a) | (differ & b);
  *sum = differ ^ b;
  return carry;
}

static inline __attribute__((always_inline)) void count_four(bit_counter *counter, const vec values[4]) {
  vec twos = add_bits(&counter->ones, values[0], values[1]), more_twos = add_bits(&counter->ones, values[2], values[3]);
  count_times(counter, add_bits(&counter->twos, twos, more_twos), 4);
}

static inline int total(const bit_counter *counter, int lane) {
  int rest = __builtin_popcountll(counter->ones[lane]) + 2 * __builtin_popcountll(counter->twos[lane]);
  return (int)counter->sums[lane] + rest;
}
#endif

static void mask_lines(mask_tables *tables, const symbol_layout *layout, enum direction direction, qrpng_level ecl,
                       const uint64_t *symbol, int first_mask, line_words lines) {
  const mask_patterns *patterns = fast_mask_patterns(tables);
  const format_lines *format = fast_format_lines(tables, ecl);
  const uint64_t *data = direction == ROWS ? layout->data_rows : layout->data_columns;
  int side = layout->side, words = layout->words;
  for (int w = 0; w < words; w++) {
    vec *line = lines[w] + LINES_ABOVE;
    for (int i = 0, phase = 0; i < side; i++, phase = phase == PATTERN_PERIOD - 1 ? 0 : phase + 1)
      line[i] = splat(symbol[i * words + w]) ^
                (load(patterns->lines[direction][phase][w] + first_mask) & splat(data[i * words + w]));
    for (int i = side; i < side + LINES_BELOW; i++)
      line[i] = splat(0);
  }

  vec *line = lines[0] + LINES_ABOVE;
  for (int i = 0; i < 9; i++)
    line[i] |= load(format->near[direction][i] + first_mask);
  for (int i = 0; i < 8; i++)
    line[side - 8 + i] |= load(format->far[direction][i] + first_mask);
  int word = (side - 8) / 64, shift = (side - 8) % 64;
  vec along = load(format->along[direction] + first_mask);
  lines[word][LINES_ABOVE + 8] |= along << shift;
  if (shift > 56)
    lines[word + 1][LINES_ABOVE + 8] |= along >> (64 - shift);
}

/* Sides up to this have rows and columns side by side in each word. */
enum { PACKED_SIDE = 32 };

static inline vec load_packed(const uint64_t *of_rows, const uint64_t *of_columns) {
  return load(of_rows) | load(of_columns) << PACKED_SIDE;
}

/* Rows and columns of a small symbol. */
static void mask_packed_lines(mask_tables *tables, const symbol_layout *layout, qrpng_level ecl, const uint64_t *rows,
                              const uint64_t *columns, int first_mask, vec lines[PADDED_LINES]) {
  const mask_patterns *patterns = fast_mask_patterns(tables);
  const format_lines *format = fast_format_lines(tables, ecl);
  vec *line = lines + LINES_ABOVE;
  int side = layout->side;
  for (int i = 0, phase = 0; i < side; i++, phase = phase == PATTERN_PERIOD - 1 ? 0 : phase + 1) {
    vec row_mask = load(patterns->lines[ROWS][phase][0] + first_mask) & splat(layout->data_rows[i]);
    vec column_mask = load(patterns->lines[COLUMNS][phase][0] + first_mask) & splat(layout->data_columns[i]);
    line[i] = splat(rows[i] | columns[i] << PACKED_SIDE) ^ row_mask ^ column_mask << PACKED_SIDE;
  }
  for (int i = side; i < side + LINES_BELOW; i++)
    line[i] = splat(0);

  for (int i = 0; i < 9; i++)
    line[i] |= load_packed(format->near[ROWS][i] + first_mask, format->near[COLUMNS][i] + first_mask);
  for (int i = 0; i < 8; i++)
    line[side - 8 + i] |= load_packed(format->far[ROWS][i] + first_mask, format->far[COLUMNS][i] + first_mask);
  line[8] |= load_packed(format->along[ROWS] + first_mask, format->along[COLUMNS] + first_mask) << (side - 8);
}

/* A line of one mask as bits, for the rare cases that are looked at one by one. */
typedef struct single_line {
  uint64_t words[MAX_WORDS];
  int side;
} single_line;

static int is_dark(const single_line *line, int position) {
  return line->words[position / 64] >> position % 64 & 1;
}

/* Length of the run of one colour that begins at position and goes on in steps of 1 or -1. */
static int run_length(const single_line *line, int position, int step) {
  int length = 0;
  while (position >= 0 && position < line->side &&
         (length == 0 || is_dark(line, position) == is_dark(line, position - step))) {
    length++;
    position += step;
  }
  return length;
}

/* Whether dark, light and at least four times as much light (or the edge) follow from position on, unit modules each.
 */
static int has_arm(const single_line *line, int position, int step, int unit, int *is_open) {
  int light = run_length(line, position, step);
  int dark = light == unit ? run_length(line, position + light * step, step) : 0;
  if (dark != unit)
    return 0;
  int beyond = position + (light + dark) * step, outside = run_length(line, beyond, step);
  int reaches_edge = beyond + outside * step < 0 || beyond + outside * step >= line->side;
  *is_open = reaches_edge || outside >= 4 * unit;
  return 1;
}

/* The modules from position on: at least 64, the first one lowest. */
static uint64_t modules_from(const single_line *line, int position) {
  int word = position / 64, shift = position % 64;
  uint64_t next = word + 1 < MAX_WORDS ? line->words[word + 1] : 0;
  return line->words[word] >> shift | (shift ? next << (64 - shift) : 0);
}

/* A finder-like pattern of unit 2 or more around the dark run that starts at position. */
static int is_wide_finder(const single_line *line, int position) {
  uint64_t ahead = modules_from(line, position), behind_centre = ~ahead;
  int centre = behind_centre ? __builtin_ctzll(behind_centre) : run_length(line, position, 1), unit = centre / 3;
  if (centre % 3 != 0 || unit < 2 || (centre < 62 && (ahead >> centre & 3) != 0))
    return 0; /* as nearly all candidates */
  int is_open_before = 0, is_open_behind = 0;
  return has_arm(line, position - 1, -1, unit, &is_open_before) &&
         has_arm(line, position + centre, 1, unit, &is_open_behind) && (is_open_before || is_open_behind);
}

typedef struct penalty_tally {
  bit_counter not_in_run;   /* places where a run of 5 doesn't begin */
  bit_counter run_starts;   /* runs of 5 or more */
  bit_counter not_in_block; /* places where no block of 2 x 2 lies */
  bit_counter finders;      /* of unit 1 */
  bit_counter dark;
  int wide_finders[LANES];
} penalty_tally;

/* The masked symbols as lines of one direction, and those that cross them. */
typedef struct direction_view {
  const vec (*lines)[PADDED_LINES], (*others)[PADDED_LINES];
  int side, is_packed;
} direction_view;

/* The line that crosses all others at a bit of a word. */
static single_line crossing_line(const direction_view *view, int word, int bit, int lane) {
  single_line line = {.side = view->side};
  if (view->is_packed) {
    uint64_t both = view->lines[0][LINES_ABOVE + bit % PACKED_SIDE][lane];
    line.words[0] = bit < PACKED_SIDE ? both >> PACKED_SIDE : both << PACKED_SIDE >> PACKED_SIDE;
    return line;
  }
  for (int w = 0; w < words_of_side(view->side); w++)
    line.words[w] = view->others[w][LINES_ABOVE + 64 * word + bit][lane];
  return line;
}

/* candidates: bits of the lines of the other direction in which a long dark run starts at position i. */
static __attribute__((noinline)) void count_wide_finders(int finders[LANES], vec candidates, int word, int i,
                                                         const direction_view *view) {
  for (int lane = 0; lane < LANES; lane++) {
    for (uint64_t bits = candidates[lane]; bits; bits &= bits - 1) {
      single_line line = crossing_line(view, word, __builtin_ctzll(bits), lane);
      finders[lane] += is_wide_finder(&line, i);
    }
  }
}

/* Changes between the lines from the one that is looked at on, and whether those from the line before it were any. */
typedef struct line_changes {
  vec third, first_two, second_two, before;
} line_changes;

/* What begins at a line. */
typedef struct line_finding {
  vec changes, run, finder, wide_finder;
} line_finding;

static inline __attribute__((always_inline)) line_finding look_at(const vec *at, line_changes *past) {
  vec fourth = at[3] ^ at[4], last_two = past->third | fourth, any = past->first_two | last_two;
  vec run = past->before & ~any;
  *past = (line_changes){fourth, past->second_two, last_two, any};

  /* 1:1:3:1:1 and light: four modules of it, or the edge, on one side */
  vec light = at[-1] | at[1] | at[5] | at[7], dark = at[0] & at[2] & at[3] & at[4] & at[6];
  vec above = at[-4] | at[-3] | at[-2], below = at[8] | at[9] | at[10];

  /* unit 2: dark and light, two each, around six dark; larger ones: nine dark or more between three light */
  vec unit_2 = at[-4] & at[9] & ~(at[-5] | at[6] | at[7] | at[10]);
  vec larger = at[6] & at[7] & (at[9] ^ at[-4]) & ~((at[9] ^ at[10]) | (at[10] ^ at[11]));
  vec wide = run & at[0] & at[5] & at[8] & ~at[-2] & ((at[-3] & unit_2) | (~at[-3] & larger));
  return (line_finding){any, run, dark & ~light & ~(above & below), wide};
}

/* Rules N1 and N3, across the lines. */
static void tally_runs(const direction_view *view, int word, vec all, penalty_tally *tally) {
  const vec *line = view->lines[word] + LINES_ABOVE;
  bit_counter not_in_run = tally->not_in_run, run_starts = tally->run_starts, finders = tally->finders;
  vec change1 = line[0] ^ line[1], change2 = line[1] ^ line[2], change3 = line[2] ^ line[3];
  line_changes past = {change3, change1 | change2, change2 | change3, all};
  int i = 0;
  for (; i < view->side - 5; i += 4) {
    line_finding found[4];
    vec changes[4], run = splat(0), finder = splat(0), wide = splat(0);
    for (int k = 0; k < 4; k++) {
      found[k] = look_at(line + i + k, &past);
      changes[k] = found[k].changes;
      run |= found[k].run;       /* in four lines no two runs of 5 begin at the same place, */
      finder |= found[k].finder; /* nor two finders */
      wide |= found[k].wide_finder;
    }
    count_four(&not_in_run, changes);
    count(&run_starts, run);
    count(&finders, finder);
    if (is_any(wide))
      for (int k = 0; k < 4; k++)
        count_wide_finders(tally->wide_finders, found[k].wide_finder, word, i + k, view);
  }
  line_finding last = look_at(line + i, &past); /* sides are 1 more than a multiple of four */
  count(&not_in_run, last.changes);
  count(&run_starts, last.run);
  tally->not_in_run = not_in_run;
  tally->run_starts = run_starts;
  tally->finders = finders;
}

/* So many lowest bits of a word; all if there are that many. */
static uint64_t lowest_bits(int count) {
  return count <= 0 ? 0 : count < 64 ? ((uint64_t)1 << count) - 1 : ~(uint64_t)0;
}

/* Rules N2 and N4, on rows. next: those of the next word; for the last one any. */
static void tally_blocks(const vec *line, const vec *next, int columns_left, int side, penalty_tally *tally) {
  bit_counter not_in_block = tally->not_in_block, dark = tally->dark;
  vec columns = splat(lowest_bits(columns_left)), pairs = splat(lowest_bits(columns_left - 1));
  vec sideways = line[0] ^ (line[0] >> 1 | next[0] << 63);
  count(&dark, line[0] & columns);
  for (int i = 1; i < side; i += 4) {
    vec not_there[4], in_columns[4];
    for (int k = 0; k < 4; k++) {
      vec before = sideways;
      sideways = line[i + k] ^ (line[i + k] >> 1 | next[i + k] << 63);
      not_there[k] = (before | sideways | (line[i + k - 1] ^ line[i + k])) & pairs;
      in_columns[k] = line[i + k] & columns;
    }
    count_four(&not_in_block, not_there);
    count_four(&dark, in_columns);
  }
  tally->not_in_block = not_in_block;
  tally->dark = dark;
}

static void tally_lines(const symbol_layout *layout, line_words *lines, penalty_tally *tally) {
  int side = layout->side;
  direction_view rows = {lines[ROWS], lines[COLUMNS], side, 0}, columns = {lines[COLUMNS], lines[ROWS], side, 0};
  for (int word = 0; word < layout->words; word++) {
    const vec *line = lines[ROWS][word] + LINES_ABOVE;
    const vec *next = lines[ROWS][word + 1 < layout->words ? word + 1 : word] + LINES_ABOVE;
    vec all = splat(lowest_bits(side - 64 * word));
    tally_runs(&rows, word, all, tally);
    tally_runs(&columns, word, all, tally);
    tally_blocks(line, next, side - 64 * word, side, tally);
  }
}

static void tally_packed_lines(const symbol_layout *layout, vec lines[PADDED_LINES], penalty_tally *tally) {
  direction_view both = {(const vec(*)[PADDED_LINES])lines, NULL, layout->side, 1};
  const vec *line = lines + LINES_ABOVE;
  uint64_t all = lowest_bits(layout->side);
  tally_runs(&both, 0, splat(all | all << PACKED_SIDE), tally);
  tally_blocks(line, line, layout->side, layout->side, tally);
}

static int balance_penalty(int dark, int side) {
  /* NOLINTNEXTLINE(clang-analyzer-core.DivideZero): a side has at least 21 modules */
  int modules = side * side, percent = (200 * dark + modules) / modules / 2; /* rounded */
  return (percent < 50 ? 50 - percent : percent - 50) / 5 * BALANCE_POINTS;
}

static int penalty(const penalty_tally *tally, int lane, int side) {
  int windows = 2 * side * (side - 4), blocks = (side - 1) * (side - 1);
  int finders = total(&tally->finders, lane) + tally->wide_finders[lane];
  /* a run of n modules holds n - 4 windows of five, and costs n - 2 points */
  return windows - total(&tally->not_in_run, lane) + (RUN_POINTS - 1) * total(&tally->run_starts, lane) +
         BLOCK_POINTS * (blocks - total(&tally->not_in_block, lane)) + FINDER_POINTS * finders +
         balance_penalty(total(&tally->dark, lane), side);
}

void FUNCTION_NAME(mask_tables *tables, const symbol_layout *layout, qrpng_level ecl, const uint64_t *rows,
                   const uint64_t *columns, penalty_scratch *scratch, int penalties[MASK_COUNT]) {
  line_words *lines = (line_words *)scratch->lines;
  for (int first_mask = 0; first_mask < MASK_COUNT; first_mask += LANES) {
    penalty_tally tally = {0};
    if (layout->side <= PACKED_SIDE) {
      mask_packed_lines(tables, layout, ecl, rows, columns, first_mask, lines[ROWS][0]);
      tally_packed_lines(layout, lines[ROWS][0], &tally);
    } else {
      mask_lines(tables, layout, ROWS, ecl, rows, first_mask, lines[ROWS]);
      mask_lines(tables, layout, COLUMNS, ecl, columns, first_mask, lines[COLUMNS]);
      tally_lines(layout, lines, &tally);
    }
    for (int lane = 0; lane < LANES; lane++)
      penalties[first_mask + lane] = penalty(&tally, lane, layout->side);
  }
}

#if defined TARGET && defined __clang__
#pragma clang attribute pop
#endif
