#include "layout.h"

/* Longest strips: what one read of eight bytes at any bit holds, 57 bits. */
enum { MAX_PAIR_LENGTH = 28, MAX_SINGLE_LENGTH = 56 };

/* While a layout is built: what each module is. */
enum { IS_DATA, IS_LIGHT, IS_DARK };
typedef uint8_t module_map[QRPNG_MAX_SIDE_MODULES][QRPNG_MAX_SIDE_MODULES];

static uint64_t *take_from_pool(layout_tables *tables, int words) {
  uint64_t *taken = tables->pool + tables->pool_used;
  tables->pool_used += words;
  return taken;
}

static void draw_square(module_map map, int centre_y, int centre_x, int radius, int side, const uint8_t *rings) {
  for (int y = -radius; y <= radius; y++) {
    for (int x = -radius; x <= radius; x++) {
      int ring = (y < 0 ? -y : y) > (x < 0 ? -x : x) ? (y < 0 ? -y : y) : (x < 0 ? -x : x);
      if (centre_y + y >= 0 && centre_y + y < side && centre_x + x >= 0 && centre_x + x < side)
        map[centre_y + y][centre_x + x] = rings[ring];
    }
  }
}

/* 6.3.3 to 6.3.6 */
static void draw_patterns(module_map map, int version, int side) {
  static const uint8_t finder[] = {IS_DARK, IS_DARK, IS_LIGHT, IS_DARK, IS_LIGHT};
  static const uint8_t alignment[] = {IS_DARK, IS_LIGHT, IS_DARK};
  for (int i = 0; i < side; i++)
    map[6][i] = map[i][6] = i % 2 == 0 ? IS_DARK : IS_LIGHT;
  draw_square(map, 3, 3, 4, side, finder);
  draw_square(map, 3, side - 4, 4, side, finder);
  draw_square(map, side - 4, 3, 4, side, finder);

  int centres[7], count = qrpng_alignment_centres(version, centres);
  for (int i = 0; i < count; i++)
    for (int k = 0; k < count; k++)
      if (!(i == 0 && k == 0) && !(i == 0 && k == count - 1) && !(i == count - 1 && k == 0))
        draw_square(map, centres[i], centres[k], 2, side, alignment);
}

/* 7.9.1: reserved here, written with the mask. 7.10: version information, 6 bits and 12 of a BCH code. */
static void draw_information(module_map map, int version, int side) {
  for (int i = 0; i < 9; i++)
    if (i != 6)
      map[8][i] = map[i][8] = IS_LIGHT;
  for (int i = 1; i <= 8; i++)
    map[8][side - i] = map[side - i][8] = IS_LIGHT;
  map[side - 8][8] = IS_DARK;

  if (version < 7)
    return;
  int remainder = version;
  for (int i = 0; i < 12; i++)
    remainder = remainder << 1 ^ (remainder >> 11) * 0x1F25;
  int bits = version << 12 | remainder;
  for (int i = 0; i < 18; i++)
    map[i / 3][side - 11 + i % 3] = map[side - 11 + i % 3][i / 3] = bits >> i & 1 ? IS_DARK : IS_LIGHT;
}

static void copy_lines(module_map map, symbol_layout *layout) {
  for (int y = 0; y < layout->side; y++) {
    for (int x = 0; x < layout->side; x++) {
      uint64_t column_bit = (uint64_t)1 << y % 64, row_bit = (uint64_t)1 << x % 64;
      int in_column = x * layout->words + y / 64, in_row = y * layout->words + x / 64;
      if (map[y][x] == IS_DARK)
        layout->function_columns[in_column] |= column_bit;
      if (map[y][x] == IS_DATA) {
        layout->data_columns[in_column] |= column_bit;
        layout->data_rows[in_row] |= row_bit;
      }
    }
  }
}

/* Adds one row (or module) to the last strip if it goes on there, else starts another. */
static void add_to_strips(symbol_layout *layout, int column, int row, strip_kind kind) {
  bit_strip *last = layout->strips + layout->strip_count - 1;
  int is_up = kind == PAIR_UP || kind == SINGLE_UP, is_pair = kind == PAIR_UP || kind == PAIR_DOWN;
  int goes_on = layout->strip_count > 0 && last->kind == kind && last->column == column &&
                last->length < (is_pair ? MAX_PAIR_LENGTH : MAX_SINGLE_LENGTH) &&
                row == (is_up ? last->row - 1 : last->row + last->length) && row / 64 == last->row / 64;
  if (!goes_on) {
    layout->strips[layout->strip_count++] =
        (bit_strip){.column = (uint8_t)column, .row = (uint8_t)row, .length = 1, .kind = (uint8_t)kind};
    return;
  }
  last->length++;
  if (is_up)
    last->row = (uint8_t)row;
}

/* 7.7.3: two columns at a time from the right, alternately up and down, the vertical timing pattern left out. */
static void find_strips(module_map map, symbol_layout *layout) {
  int is_up = 1;
  for (int right = layout->side - 1; right > 0; right -= 2, is_up = !is_up) {
    if (right == 6)
      right = 5;
    for (int i = 0; i < layout->side; i++) {
      int y = is_up ? layout->side - 1 - i : i;
      int right_is_data = map[y][right] == IS_DATA, left_is_data = map[y][right - 1] == IS_DATA;
      if (right_is_data && left_is_data)
        add_to_strips(layout, right, y, is_up ? PAIR_UP : PAIR_DOWN);
      else if (right_is_data || left_is_data)
        add_to_strips(layout, right_is_data ? right : right - 1, y, is_up ? SINGLE_UP : SINGLE_DOWN);
    }
  }
}

static void build(layout_tables *tables, int version) {
  module_map map = {0};
  symbol_layout *layout = &tables->layouts[version - 1];
  layout->side = qrpng_side_of_version(version);
  layout->words = words_of_side(layout->side);
  int line_words = layout->side * layout->words;
  layout->function_columns = take_from_pool(tables, line_words);
  layout->data_rows = take_from_pool(tables, line_words);
  layout->data_columns = take_from_pool(tables, line_words);
  draw_patterns(map, version, layout->side);
  draw_information(map, version, layout->side);
  copy_lines(map, layout);
  layout->strips = (bit_strip *)(tables->pool + tables->pool_used);
  find_strips(map, layout);
  take_from_pool(tables, (layout->strip_count * (int)sizeof(bit_strip) + 7) / 8);
}

const symbol_layout *fast_layout_of_version(layout_tables *tables, int version) {
  if (tables->layouts[version - 1].words == 0)
    build(tables, version);
  return &tables->layouts[version - 1];
}
