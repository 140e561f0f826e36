#include "mask.h"

#include "once.h"

static mask_patterns patterns;
static format_lines formats[4];
static once_flag_t patterns_built, formats_built[4];
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;

/* Table 10. */
static int is_inverted(int mask, int row, int column) {
  int product = row * column;
  switch (mask) {
  case 0:
    return (row + column) % 2 == 0;
  case 1:
    return row % 2 == 0;
  case 2:
    return column % 3 == 0;
  case 3:
    return (row + column) % 3 == 0;
  case 4:
    return (row / 2 + column / 3) % 2 == 0;
  case 5:
    return product % 2 + product % 3 == 0;
  case 6:
    return (product % 2 + product % 3) % 2 == 0;
  default:
    return (product % 3 + (row + column) % 2) % 2 == 0;
  }
}

static void build_patterns(int unused) {
  (void)unused;
  for (int line = 0; line < PATTERN_PERIOD; line++) {
    for (int position = 0; position < 64 * MAX_WORDS; position++) {
      uint64_t bit = (uint64_t)1 << position % 64;
      for (int mask = 0; mask < MASK_COUNT; mask++) {
        patterns.lines[ROWS][line][position / 64][mask] |= is_inverted(mask, line, position) ? bit : 0;
        patterns.lines[COLUMNS][line][position / 64][mask] |= is_inverted(mask, position, line) ? bit : 0;
      }
    }
  }
}

const mask_patterns *fast_mask_patterns(void) {
  build_once(&patterns_built, &mutex, build_patterns, 0);
  return &patterns;
}

/* 15 bits: level and mask, a BCH code, and a fixed pattern over both. */
static unsigned format_bits(qrpng_level ecl, int mask) {
  static const unsigned indicators[] = {1, 0, 3, 2}; /* L, M, Q, H: table 12 */
  unsigned data = indicators[ecl] << 3 | (unsigned)mask, remainder = data;
  for (int i = 0; i < 10; i++)
    remainder = remainder << 1 ^ (remainder >> 9) * 0x537;
  return (data << 10 | remainder) ^ 0x5412;
}

/* Figure 25. The first copy runs around the top left finder pattern, the second is split between the other two. */
static void build_format(int ecl) {
  format_lines *format = &formats[ecl];
  for (int mask = 0; mask < MASK_COUNT; mask++) {
    unsigned bits = format_bits((qrpng_level)ecl, mask);
    for (int i = 0; i < 15; i++) {
      uint64_t bit = bits >> i & 1;
      int row = i < 6 ? i : i < 8 ? i + 1 : 8, column = i < 8 ? 8 : i == 8 ? 7 : 14 - i;
      format->near[ROWS][row][mask] |= bit << column;
      format->near[COLUMNS][column][mask] |= bit << row;
      if (i < 8) { /* row 8, leftwards from the right edge */
        format->along[ROWS][mask] |= bit << (7 - i);
        format->far[COLUMNS][7 - i][mask] |= bit << 8;
      } else { /* column 8, down to the bottom edge */
        format->along[COLUMNS][mask] |= bit << (i - 7);
        format->far[ROWS][i - 7][mask] |= bit << 8;
      }
    }
  }
}

const format_lines *fast_format_lines(qrpng_level ecl) {
  build_once(&formats_built[ecl], &mutex, build_format, (int)ecl);
  return &formats[ecl];
}

void fast_apply_mask(const symbol_layout *layout, qrpng_level ecl, int mask, uint64_t *rows) {
  const mask_patterns *all = fast_mask_patterns();
  const format_lines *format = fast_format_lines(ecl);
  int side = layout->side, words = layout->words;
  for (int y = 0; y < side; y++)
    for (int w = 0; w < words; w++)
      rows[y * words + w] ^= all->lines[ROWS][y % PATTERN_PERIOD][w][mask] & layout->data_rows[y * words + w];

  for (int y = 0; y < 9; y++)
    rows[y * words] |= format->near[ROWS][y][mask];
  for (int i = 0; i < 8; i++)
    rows[(side - 8 + i) * words] |= format->far[ROWS][i][mask];
  int word = (side - 8) / 64, shift = (side - 8) % 64;
  rows[8 * words + word] |= format->along[ROWS][mask] << shift;
  if (shift > 56)
    rows[8 * words + word + 1] |= format->along[ROWS][mask] >> (64 - shift);
}
