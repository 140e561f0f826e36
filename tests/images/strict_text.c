#include <string.h>

#include "strict_drawn.h"

typedef struct text_cursor {
  const char *next, *end;
} text_cursor;

static int take(text_cursor *cursor, const char *literal) {
  size_t length = strlen(literal);
  if ((size_t)(cursor->end - cursor->next) < length || memcmp(cursor->next, literal, length) != 0)
    return 0;
  cursor->next += length;
  return 1;
}

/* Of the symbol with its quiet zone, in which light modules go on for ever. */
typedef struct module_field {
  const qrpng_symbol *symbol;
  int margin, side, is_inverted;
} module_field;

static int is_dark(const module_field *field, int row, int column) {
  int y = row - field->margin, x = column - field->margin, side = field->symbol->side;
  int dark = y >= 0 && y < side && x >= 0 && x < side && field->symbol->modules[y * side + x];
  return field->is_inverted ? !dark : dark;
}

static int take_half_blocks(text_cursor *cursor, const module_field *field, const char *begin, const char *end) {
  static const char *const blocks[2][2] = {{" ", "▄"}, {"▀", "█"}}; /* by upper and lower module */
  for (int row = 0; row < field->side; row += 2) {
    if (!take(cursor, begin))
      return 0;
    for (int column = 0; column < field->side; column++)
      if (!take(cursor, blocks[is_dark(field, row, column)][is_dark(field, row + 1, column)]))
        return 0;
    if (!take(cursor, end))
      return 0;
  }
  return 1;
}

static int take_colours(text_cursor *cursor, const module_field *field) {
  static const char *const backgrounds[2] = {"\x1b[47m", "\x1b[40m"};
  for (int row = 0; row < field->side; row++) {
    int colour = -1;
    for (int column = 0; column < field->side; column++) {
      int wanted = is_dark(field, row, column);
      if ((wanted != colour && !take(cursor, backgrounds[wanted])) || !take(cursor, "  "))
        return 0;
      colour = wanted;
    }
    if (!take(cursor, "\x1b[0m\n"))
      return 0;
  }
  return 1;
}

static int take_characters(text_cursor *cursor, const module_field *field) {
  for (int row = 0; row < field->side; row++) {
    for (int column = 0; column < field->side; column++)
      if (!take(cursor, is_dark(field, row, column) ? "##" : "  "))
        return 0;
    if (!take(cursor, "\n"))
      return 0;
  }
  return 1;
}

static int take_all(text_cursor *cursor, const module_field *field, qrpng_format format) {
  switch (format) {
  case QRPNG_FORMAT_UTF8:
    return take_half_blocks(cursor, field, "", "\n");
  case QRPNG_FORMAT_TERMINAL:
    return take_colours(cursor, field);
  case QRPNG_FORMAT_TERMINAL_SMALL:
    return take_half_blocks(cursor, field, "\x1b[30;47m", "\x1b[0m\n");
  case QRPNG_FORMAT_ASCII:
    return take_characters(cursor, field);
  default:
    return 0;
  }
}

const char *strict_check_text(const uint8_t *text, size_t text_nbytes, const qrpng_symbol *symbol,
                              const qrpng_options *options) {
  text_cursor cursor = {(const char *)text, (const char *)text + text_nbytes};
  int margin = (int)options->margin;
  module_field field = {symbol, margin, symbol->side + 2 * margin, options->is_inverted != 0};
  if (!take_all(&cursor, &field, options->format))
    return "the text doesn't show these modules";
  return cursor.next == cursor.end ? NULL : "bytes follow the last line of the text";
}
