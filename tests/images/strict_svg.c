#include <string.h>

#include "strict_drawn.h"

enum { MAX_SIDE = 177 };

typedef struct svg_cursor {
  const char *next, *end;
} svg_cursor;

/* Takes the literal if it comes next. */
static int take(svg_cursor *cursor, const char *literal) {
  size_t length = strlen(literal);
  if ((size_t)(cursor->end - cursor->next) < length || memcmp(cursor->next, literal, length) != 0)
    return 0;
  cursor->next += length;
  return 1;
}

static int take_digit(svg_cursor *cursor, int *digit) {
  if (cursor->next == cursor->end || *cursor->next < '0' || *cursor->next > '9')
    return 0;
  *digit = *cursor->next++ - '0';
  return 1;
}

/* Digits, no leading zero but a lone one. */
static int take_whole(svg_cursor *cursor, int *number) {
  int digit;
  *number = 0;
  const char *begin = cursor->next;
  while (cursor->next - begin < 5 && take_digit(cursor, &digit))
    *number = 10 * *number + digit;
  return cursor->next > begin && (*begin != '0' || cursor->next == begin + 1);
}

/* Up to six decimals, the last of them not 0; within half of the last one's value. */
static int take_decimal(svg_cursor *cursor, double expected) {
  int whole, digit = 1, count = 0;
  if (!take_whole(cursor, &whole))
    return 0;
  double number = whole, unit = 0.1;
  if (take(cursor, "."))
    for (digit = 0; count < 7 && take_digit(cursor, &digit); count++, unit /= 10)
      number += digit * unit;
  double error = number - expected;
  return digit != 0 && count <= 6 && error < 5.1e-7 && error > -5.1e-7;
}

/* NAME="#rrggbb", and NAME-opacity if it isn't opaque. */
static int take_colour(svg_cursor *cursor, const char *name, uint32_t colour) {
  char literal[32] = "=\"#000000\"";
  for (int i = 0; i < 6; i++)
    literal[3 + i] = "0123456789abcdef"[colour >> (28 - 4 * i) & 15];
  if (!take(cursor, name) || !take(cursor, literal))
    return 0;
  if ((colour & 0xFF) == 0xFF)
    return 1;
  int thousandths = (int)((colour & 0xFF) / 255.0 * 1000 + 0.5);
  return take(cursor, " ") && take(cursor, name) && take(cursor, "-opacity=\"") &&
         take_decimal(cursor, thousandths / 1000.0) && take(cursor, "\"");
}

static int take_size(svg_cursor *cursor, const qrpng_options *options, double total) {
  int expected = options->width ? options->width : (int)(options->scale * total), width, height;
  if (expected == 0)
    return 1;
  return take(cursor, " width=\"") && take_whole(cursor, &width) && take(cursor, "\" height=\"") &&
         take_whole(cursor, &height) && take(cursor, "\"") && width == expected && height == expected;
}

static int take_title(svg_cursor *cursor, const qrpng_options *options) {
  static const struct {
    const char *escaped, *plain;
  } escapes[] = {{"&amp;", "&"}, {"&lt;", "<"}, {"&gt;", ">"}};
  if (!options->title || options->title_nbytes == 0)
    return take(cursor, ">");
  if (!take(cursor, " role=\"img\"><title>"))
    return 0;
  for (size_t i = 0; i < options->title_nbytes; i++) {
    char plain[2] = {options->title[i]};
    int k = 0;
    while (k < 3 && plain[0] != escapes[k].plain[0])
      k++;
    if (k < 3 ? !take(cursor, escapes[k].escaped) : cursor->next == cursor->end || *cursor->next++ != plain[0])
      return 0;
  }
  return take(cursor, "</title>");
}

static int take_background(svg_cursor *cursor, const qrpng_options *options, double total) {
  if ((options->light & 0xFF) == 0)
    return 1;
  return take(cursor, "<path ") && take_colour(cursor, "fill", options->light) && take(cursor, " d=\"M0 0h") &&
         take_decimal(cursor, total) && take(cursor, "v") && take_decimal(cursor, total) && take(cursor, "H0z\"/>");
}

/* Draws the strokes, all of which must lie within the symbol and apart from each other. */
static const char *take_strokes(svg_cursor *cursor, int side, uint8_t drawn[MAX_SIDE * MAX_SIDE]) {
  int x = 0, y = 0;
  while (cursor->next < cursor->end && *cursor->next != '"') {
    if (take(cursor, "m")) {
      int is_left = take(cursor, "-"), right, down;
      if (!take_whole(cursor, &right) || !take(cursor, " ") || !take_whole(cursor, &down) || (right == 0 && down == 0))
        return "a move isn't as it should be";
      x += is_left ? -right : right;
      y += down;
    }
    int length;
    if (!take(cursor, "h") || !take_whole(cursor, &length) || length == 0)
      return "a stroke isn't as it should be";
    if (x < 0 || x + length > side || y >= side)
      return "a stroke leaves the symbol";
    for (int i = 0; i < length; i++, x++) {
      if (drawn[y * side + x])
        return "a module is drawn twice";
      drawn[y * side + x] = 1;
    }
  }
  return NULL;
}

const char *strict_check_svg(const uint8_t *svg, size_t svg_nbytes, const qrpng_symbol *symbol,
                             const qrpng_options *options) {
  svg_cursor cursor = {(const char *)svg, (const char *)svg + svg_nbytes};
  uint8_t drawn[MAX_SIDE * MAX_SIDE] = {0};
  double total = symbol->side + 2 * options->margin;
  if (!take(&cursor, "<svg xmlns=\"http://www.w3.org/2000/svg\"") || !take_size(&cursor, options, total))
    return "the width and height of the SVG aren't as they should be";
  if (!take(&cursor, " viewBox=\"0 0 ") || !take_decimal(&cursor, total) || !take(&cursor, " ") ||
      !take_decimal(&cursor, total) || !take(&cursor, "\" shape-rendering=\"crispEdges\""))
    return "the viewBox isn't as it should be";
  if (!take_title(&cursor, options))
    return "the title isn't as it should be";
  if (!take_background(&cursor, options, total))
    return "the background isn't as it should be";
  if (!take(&cursor, "<path ") || !take_colour(&cursor, "stroke", options->dark) || !take(&cursor, " d=\"M") ||
      !take_decimal(&cursor, options->margin) || !take(&cursor, " ") || !take_decimal(&cursor, options->margin + 0.5))
    return "the path doesn't begin as it should";
  const char *complaint = take_strokes(&cursor, symbol->side, drawn);
  if (complaint)
    return complaint;
  if (!take(&cursor, "\"/></svg>\n") || cursor.next != cursor.end)
    return "the SVG doesn't end as it should";
  return memcmp(drawn, symbol->modules, (size_t)(symbol->side * symbol->side)) == 0 ? NULL : "other modules are drawn";
}
