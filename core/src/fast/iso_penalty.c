/*
 * As in penalty_rules.h, all rules look across lines: those on columns at rows, those on rows at columns. Here one mask
 * is drawn and judged after the other.
 */
#include "iso_penalty.h"

/* Points of 7.8.3, table 11: N1 to N4. */
enum { RUN_POINTS = 3, BLOCK_POINTS = 3, FINDER_POINTS = 40, BALANCE_POINTS = 10 };

enum { RUN = 5, FINDER = 7, LIGHT_AREA = 4 };

typedef struct line_view {
  const uint64_t *lines;
  int side, words;
} line_view;

static uint64_t word_at(const line_view *view, int line, int word) {
  return view->lines[line * view->words + word];
}

/* The bits of a word that are columns, if so many are left. */
static uint64_t columns_of_word(int columns_left) {
  return columns_left <= 0 ? 0 : columns_left < 64 ? ((uint64_t)1 << columns_left) - 1 : ~(uint64_t)0;
}

/* N1: a run of n modules holds n - 4 windows of five, and costs n - 2 points. */
static int score_runs(const line_view *view) {
  int windows = 0, starts = 0;
  for (int word = 0; word < view->words; word++) {
    uint64_t columns = columns_of_word(view->side - 64 * word), before = 0;
    for (int i = 0; i + RUN <= view->side; i++) {
      uint64_t changes = 0;
      for (int k = 1; k < RUN; k++)
        changes |= word_at(view, i + k - 1, word) ^ word_at(view, i + k, word);
      uint64_t equal = ~changes & columns;
      windows += __builtin_popcountll(equal);
      starts += __builtin_popcountll(equal & ~before);
      before = equal;
    }
  }
  return windows + (RUN_POINTS - 1) * starts;
}

/* Where at least one of the lines from first on is dark, or there is no such line. */
static uint64_t dark_or_outside(const line_view *view, int first, int word) {
  if (first < 0 || first + LIGHT_AREA > view->side)
    return ~(uint64_t)0;
  uint64_t dark = 0;
  for (int i = first; i < first + LIGHT_AREA; i++)
    dark |= word_at(view, i, word);
  return dark;
}

/* N3: 1:1:3:1:1 with four light modules of the symbol before it, and the same with four behind it. */
static int score_finders(const line_view *view) {
  int count = 0;
  for (int word = 0; word < view->words; word++) {
    for (int i = 0; i + FINDER <= view->side; i++) {
      uint64_t dark = word_at(view, i, word) & word_at(view, i + 2, word) & word_at(view, i + 3, word) &
                      word_at(view, i + 4, word) & word_at(view, i + 6, word);
      uint64_t finders = dark & ~(word_at(view, i + 1, word) | word_at(view, i + 5, word));
      if (finders == 0)
        continue;
      count += __builtin_popcountll(finders & ~dark_or_outside(view, i - LIGHT_AREA, word));
      count += __builtin_popcountll(finders & ~dark_or_outside(view, i + FINDER, word));
    }
  }
  return FINDER_POINTS * count;
}

/* Where a module differs from that on its right. */
static uint64_t changes_sideways(const line_view *view, int line, int word) {
  uint64_t modules = word_at(view, line, word), next = word + 1 < view->words ? word_at(view, line, word + 1) : 0;
  return modules ^ (modules >> 1 | next << 63);
}

/* N2, on rows: a block of m x n holds (m - 1) x (n - 1) of 2 x 2. */
static int score_blocks(const line_view *rows) {
  int blocks = 0;
  for (int word = 0; word < rows->words; word++) {
    uint64_t pairs = columns_of_word(rows->side - 1 - 64 * word);
    for (int y = 0; y + 1 < rows->side; y++) {
      uint64_t changes = changes_sideways(rows, y, word) | changes_sideways(rows, y + 1, word) |
                         (word_at(rows, y, word) ^ word_at(rows, y + 1, word));
      blocks += __builtin_popcountll(~changes & pairs);
    }
  }
  return BLOCK_POINTS * blocks;
}

/* N4: for every full 5 % that the dark modules are away from half of them. */
static int score_balance(const line_view *rows) {
  int dark = 0, modules = rows->side * rows->side;
  for (int i = 0; i < rows->side * rows->words; i++)
    dark += __builtin_popcountll(rows->lines[i]);
  int twentieths = 20 * dark - 10 * modules; /* of a module */
  /* NOLINTNEXTLINE(clang-analyzer-core.DivideZero): a side has at least 21 modules */
  return BALANCE_POINTS * ((twentieths < 0 ? -twentieths : twentieths) / modules);
}

void fast_iso_penalties(mask_tables *tables, const symbol_layout *layout, qrpng_level ecl, const uint64_t *rows,
                        const uint64_t *columns, penalty_scratch *scratch, int penalties[MASK_COUNT]) {
  (void)columns;
  (void)scratch;
  uint64_t masked_rows[MAX_LINE_WORDS], masked_columns[MAX_LINE_WORDS];
  int side = layout->side, words = layout->words;
  line_view by_row = {masked_rows, side, words}, by_column = {masked_columns, side, words};
  for (int mask = 0; mask < MASK_COUNT; mask++) {
    memcpy(masked_rows, rows, sizeof *rows * (size_t)(side * words));
    fast_apply_mask(tables, layout, ecl, mask, masked_rows);
    fast_transpose(side, masked_rows, masked_columns);
    penalties[mask] = score_runs(&by_row) + score_runs(&by_column) + score_finders(&by_row) +
                      score_finders(&by_column) + score_blocks(&by_row) + score_balance(&by_row);
  }
}
