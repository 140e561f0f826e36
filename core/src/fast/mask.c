#include "mask.h"

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

/* All masks repeat after twelve modules, at the latest. */
static void build_patterns(mask_patterns *patterns) {
  uint64_t inverted[PATTERN_PERIOD][PATTERN_PERIOD][MASK_COUNT];
  for (int row = 0; row < PATTERN_PERIOD; row++)
    for (int column = 0; column < PATTERN_PERIOD; column++)
      for (int mask = 0; mask < MASK_COUNT; mask++)
        inverted[row][column][mask] = (uint64_t)is_inverted(mask, row, column);
  for (int line = 0; line < PATTERN_PERIOD; line++) {
    for (int position = 0; position < 64 * MAX_WORDS; position++) {
      int phase = position % PATTERN_PERIOD;
      for (int mask = 0; mask < MASK_COUNT; mask++) {
        patterns->lines[ROWS][line][position / 64][mask] |= inverted[line][phase][mask] << position % 64;
        patterns->lines[COLUMNS][line][position / 64][mask] |= inverted[phase][line][mask] << position % 64;
      }
    }
  }
}

const mask_patterns *fast_mask_patterns(mask_tables *tables) {
  if (!tables->has_patterns)
    build_patterns(&tables->patterns);
  tables->has_patterns = 1;
  return &tables->patterns;
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
static void build_format(format_lines *format, qrpng_level ecl) {
  for (int mask = 0; mask < MASK_COUNT; mask++) {
    unsigned bits = format_bits(ecl, mask);
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

const format_lines *fast_format_lines(mask_tables *tables, qrpng_level ecl) {
  if (!tables->has_formats[ecl])
    build_format(&tables->formats[ecl], ecl);
  tables->has_formats[ecl] = 1;
  return &tables->formats[ecl];
}

void fast_apply_mask(mask_tables *tables, const symbol_layout *layout, qrpng_level ecl, int mask, uint64_t *rows) {
  const mask_patterns *all = fast_mask_patterns(tables);
  const format_lines *format = fast_format_lines(tables, ecl);
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
