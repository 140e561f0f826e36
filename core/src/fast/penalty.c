/*
 * All rules look along lines of one direction, across the other: for a rule on columns, row after row is combined, and
 * every bit of a word is a column of its own. Rules on rows do the same with the columns of the symbol. A vector holds
 * the same word of LANES masks.
 *
 * This file is built once for each width of vector, with LANES and FUNCTION_NAME set.
 */
#include "penalty.h"

#include <string.h>

#ifdef __x86_64__
#include <immintrin.h>
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
#if LANES == 8 && defined __AVX512F__
  return _mm512_test_epi64_mask((__m512i)value, (__m512i)value) != 0;
#elif LANES == 4 && defined __AVX2__
  return !_mm256_testz_si256((__m256i)value, (__m256i)value);
#elif LANES == 2 && defined __SSE4_1__
  return !_mm_testz_si128((__m128i)value, (__m128i)value);
#else
  uint64_t any = 0;
  for (int lane = 0; lane < LANES; lane++)
    any |= value[lane];
  return any != 0;
#endif
}

/* Adds to each lane's sum the number of its bits that are set. */
static inline __attribute__((always_inline)) void count(uint64_t sums[LANES], vec value) {
  for (int lane = 0; lane < LANES; lane++)
    sums[lane] += (uint64_t)__builtin_popcountll(value[lane]);
}

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
  uint64_t not_in_run[LANES];   /* places where a run of 5 doesn't begin */
  uint64_t run_starts[LANES];   /* runs of 5 or more */
  uint64_t not_in_block[LANES]; /* places where no block of 2 x 2 lies */
  uint64_t finders[LANES];
  uint64_t dark[LANES];
} penalty_tally;

/* candidates: bits of line numbers of the other direction in which a long dark run starts at position i. */
static __attribute__((noinline)) void count_wide_finders(uint64_t finders[LANES], vec candidates, int word, int i,
                                                         int side, const line_words others) {
  for (int lane = 0; lane < LANES; lane++) {
    for (uint64_t bits = candidates[lane]; bits; bits &= bits - 1) {
      int number = 64 * word + __builtin_ctzll(bits);
      single_line line = {.side = side};
      for (int w = 0; w < words_of_side(side); w++)
        line.words[w] = others[w][LINES_ABOVE + number][lane];
      finders[lane] += (uint64_t)is_wide_finder(&line, i);
    }
  }
}

/* Rules N1 and N3, across the lines. */
static void tally_runs(const line_words lines, const line_words others, int side, int word, penalty_tally *tally) {
  const vec *line = lines[word] + LINES_ABOVE;
  int positions = side - 64 * word < 64 ? side - 64 * word : 64;
  vec all = splat(~(uint64_t)0 >> (64 - positions)), before = all;
  vec change1 = line[0] ^ line[1], change2 = line[1] ^ line[2], change3 = line[2] ^ line[3];
  vec either1 = change1 | change2, either2 = change2 | change3;
  for (int i = 0; i < side - 4; i++) {
    const vec *at = line + i;
    vec change = at[3] ^ at[4], either = change3 | change, changes = either1 | either;
    vec starts = ~changes & before;
    count(tally->not_in_run, changes);
    count(tally->run_starts, starts);
    change3 = change;
    either1 = either2;
    either2 = either;
    before = changes;

    /* 1:1:3:1:1 and light: four modules of it, or the edge, on one side */
    vec light = at[-1] | at[1] | at[5] | at[7];
    vec finder = at[0] & at[2] & at[3] & at[4] & at[6] & ~light;
    vec above = at[-4] | at[-3] | at[-2], below = at[8] | at[9] | at[10];
    finder &= ~(above & below);
    /* unit 2: dark and light, two each, around six dark; larger ones: nine dark or more after three light */
    vec unit_2 = at[-4] & at[-3] & ~(at[6] | at[7]), larger = at[6] & at[7] & at[8] & ~at[-3];
    vec wide = starts & at[0] & at[5] & ~at[-2] & (unit_2 | larger);
    if (is_any(finder | wide)) {
      count(tally->finders, finder);
      if (is_any(wide))
        count_wide_finders(tally->finders, wide, word, i, side, others);
    }
  }
}

/* Rules N2 and N4. */
static void tally_blocks(const line_words lines, int side, int word, penalty_tally *tally) {
  const vec *line = lines[word] + LINES_ABOVE;
  const vec *next = lines[word + 1 < words_of_side(side) ? word + 1 : word] + LINES_ABOVE;
  uint64_t carry = word + 1 < words_of_side(side) ? ~(uint64_t)0 : 0;
  int positions = side - 1 - 64 * word < 64 ? side - 1 - 64 * word : 64;
  vec all = splat(positions > 0 ? ~(uint64_t)0 >> (64 - positions) : 0);
  vec sideways = line[0] ^ (line[0] >> 1 | (next[0] & carry) << 63);
  count(tally->dark, line[0]);
  for (int i = 1; i < side; i++) {
    vec before = sideways;
    sideways = line[i] ^ (line[i] >> 1 | (next[i] & carry) << 63);
    count(tally->not_in_block, (before | sideways | (line[i - 1] ^ line[i])) & all);
    count(tally->dark, line[i]);
  }
}

static int balance_penalty(int dark, int side) {
  /* NOLINTNEXTLINE(clang-analyzer-core.DivideZero): a side has at least 21 modules */
  int modules = side * side, percent = (200 * dark + modules) / modules / 2; /* rounded */
  return (percent < 50 ? 50 - percent : percent - 50) / 5 * BALANCE_POINTS;
}

void FUNCTION_NAME(mask_tables *tables, const symbol_layout *layout, qrpng_level ecl, const uint64_t *rows,
                   const uint64_t *columns, penalty_scratch *scratch, int penalties[MASK_COUNT]) {
  line_words *lines = (line_words *)scratch->lines;
  int side = layout->side;
  for (int first_mask = 0; first_mask < MASK_COUNT; first_mask += LANES) {
    penalty_tally tally = {0};
    mask_lines(tables, layout, ROWS, ecl, rows, first_mask, lines[ROWS]);
    mask_lines(tables, layout, COLUMNS, ecl, columns, first_mask, lines[COLUMNS]);
    for (int word = 0; word < layout->words; word++) {
      tally_runs(lines[ROWS], lines[COLUMNS], side, word, &tally);
      tally_runs(lines[COLUMNS], lines[ROWS], side, word, &tally);
      tally_blocks(lines[ROWS], side, word, &tally);
    }
    int windows = 2 * side * (side - 4), blocks = (side - 1) * (side - 1);
    for (int lane = 0; lane < LANES; lane++)
      /* a run of n modules holds n - 4 windows of five, and costs n - 2 points */
      penalties[first_mask + lane] =
          windows - (int)tally.not_in_run[lane] + (RUN_POINTS - 1) * (int)tally.run_starts[lane] +
          BLOCK_POINTS * (blocks - (int)tally.not_in_block[lane]) + FINDER_POINTS * (int)tally.finders[lane] +
          balance_penalty((int)tally.dark[lane], side);
  }
}
