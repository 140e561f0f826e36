#include "svg.h"

#include "bytes.h"
#include "geometry.h"

/* Returns the length of the first character of a UTF-8 text if XML 1.0 allows it (Char, 2.2), else 0. */
static size_t length_of_character(const uint8_t *text, size_t nbytes) {
  static const uint32_t firsts[] = {0, 0, 0x80, 0x800, 0x10000}; /* of what takes so many bytes: no longer form */
  if (text[0] < 0x80)
    return text[0] >= ' ' || text[0] == '\t' || text[0] == '\n' || text[0] == '\r';
  size_t length = text[0] >= 0xF8 ? 0 : text[0] >= 0xF0 ? 4 : text[0] >= 0xE0 ? 3 : text[0] >= 0xC0 ? 2 : 0;
  if (length == 0 || length > nbytes)
    return 0;
  uint32_t code = text[0] & (0x7Fu >> length);
  for (size_t i = 1; i < length; i++) {
    if ((text[i] & 0xC0) != 0x80)
      return 0;
    code = code << 6 | (text[i] & 0x3F);
  }
  int is_surrogate = code >= 0xD800 && code <= 0xDFFF, is_noncharacter = code == 0xFFFE || code == 0xFFFF;
  return code >= firsts[length] && code <= 0x10FFFF && !is_surrogate && !is_noncharacter ? length : 0;
}

int qrpng_is_svg_title(const char *title, size_t title_nbytes) {
  const uint8_t *text = (const uint8_t *)title;
  if (title_nbytes > QRPNG_MAX_TITLE_NBYTES)
    return 0;
  for (size_t i = 0, length; i < title_nbytes; i += length)
    if ((length = length_of_character(text + i, title_nbytes - i)) == 0)
      return 0;
  return 1;
}

static uint8_t *put_number(uint8_t *next, unsigned number) {
  for (unsigned unit = number >= 1000 ? 1000 : number >= 100 ? 100 : number >= 10 ? 10 : 1; unit > 0; unit /= 10)
    *next++ = (uint8_t)('0' + number / unit % 10);
  return next;
}

/* At most six decimals, as many as it takes. */
static uint8_t *put_decimal(uint8_t *next, double number) {
  double scaled = number * 1e6 + 0.5;
  uint32_t millionths = (uint32_t)scaled, rest = millionths % 1000000;
  next = put_number(next, millionths / 1000000);
  if (rest > 0)
    *next++ = '.';
  for (uint32_t unit = 100000; rest > 0; rest %= unit, unit /= 10)
    *next++ = (uint8_t)('0' + rest / unit);
  return next;
}

/* Such as stroke="#102030" stroke-opacity=".5": what is opaque doesn't say so. */
static uint8_t *put_colour(uint8_t *next, const char *attribute, uint32_t colour) {
  static const char digits[] = "0123456789abcdef";
  next = put_string(put_string(next, attribute), "=\"#");
  for (int shift = 28; shift >= 8; shift -= 4)
    *next++ = (uint8_t)digits[colour >> shift & 15];
  *next++ = '"';
  uint32_t alpha = colour & 0xFF;
  if (alpha == 0xFF)
    return next;
  next = put_string(put_string(put_string(next, " "), attribute), "-opacity=\"");
  uint32_t thousandths = (alpha * 1000 + 127) / 255;
  next = put_decimal(next, thousandths / 1e3);
  return put_string(next, "\"");
}

static uint8_t *put_title(uint8_t *next, const char *title, size_t title_nbytes) {
  next = put_string(next, "<title>");
  for (size_t i = 0; i < title_nbytes; i++) {
    const char *escaped = title[i] == '&' ? "&amp;" : title[i] == '<' ? "&lt;" : title[i] == '>' ? "&gt;" : NULL;
    if (escaped)
      next = put_string(next, escaped);
    else
      *next++ = (uint8_t)title[i];
  }
  return put_string(next, "</title>");
}

/* All before the first move: the path's first point is where the symbol begins. */
static uint8_t *put_head(uint8_t *next, const qrpng_options *options, int side, int side_px) {
  double total = qrpng_total_modules(options, side);
  int has_title = options->title && options->title_nbytes > 0;
  next = put_string(next, "<svg xmlns=\"http://www.w3.org/2000/svg\"");
  if (side_px) {
    next = put_number(put_string(next, " width=\""), (unsigned)side_px);
    next = put_number(put_string(next, "\" height=\""), (unsigned)side_px);
    next = put_string(next, "\"");
  }
  next = put_decimal(put_string(next, " viewBox=\"0 0 "), total);
  next = put_decimal(put_string(next, " "), total);
  next = put_string(next, has_title ? "\" shape-rendering=\"crispEdges\" role=\"img\">"
                                    : "\" shape-rendering=\"crispEdges\">");
  if (has_title)
    next = put_title(next, options->title, options->title_nbytes);
  if (options->light & 0xFF) {
    next = put_colour(put_string(next, "<path "), "fill", options->light);
    next = put_decimal(put_string(next, " d=\"M0 0h"), total);
    next = put_string(put_decimal(put_string(next, "v"), total), "H0z\"/>");
  }
  next = put_colour(put_string(next, "<path "), "stroke", options->dark);
  next = put_decimal(put_string(next, " d=\"M"), options->margin);
  return put_decimal(put_string(next, " "), options->margin + 0.5);
}

static uint8_t *put_move(uint8_t *next, int right, int down) {
  *next++ = 'm';
  if (right < 0)
    *next++ = '-';
  next = put_number(next, (unsigned)(right < 0 ? -right : right));
  *next++ = ' ';
  return put_number(next, (unsigned)down);
}

/* A run of less than ten modules after a gap of less than ten, as nearly all are: six bytes in one. */
static uint8_t *put_short_run(uint8_t *next, int gap, int length) {
  static const uint8_t pattern[8] = "m0 0h0";
  store_word(next, load_word(pattern) + ((uint64_t)gap << 8 | (uint64_t)length << 40));
  return next + 6;
}

static uint8_t *put_path(uint8_t *next, qrpng_rows rows) {
  int words = words_of_side(rows.side), x = 0, drawn_y = 0;
  for (int y = 0; y < rows.side; y++) {
    uint8_t edges[QRPNG_MAX_SIDE_MODULES + 1];
    int count = qrpng_find_edges(rows.words + y * words, words, edges);
    for (int i = 1; i < count; i += 2) {
      int gap = edges[i - 1] - x, length = edges[i] - edges[i - 1];
      x = edges[i];
      if (y == drawn_y && gap > 0 && gap < 10 && length < 10) {
        next = put_short_run(next, gap, length);
        continue;
      }
      if (gap != 0 || y != drawn_y)
        next = put_move(next, gap, y - drawn_y);
      drawn_y = y;
      *next++ = 'h';
      next = put_number(next, (unsigned)length);
    }
  }
  return next;
}

size_t qrpng_write_svg(qrpng_rows rows, const qrpng_options *options, int side_px, uint8_t *svg) {
  uint8_t *next = put_head(svg, options, rows.side, side_px);
  next = put_string(put_path(next, rows), "\"/></svg>\n");
  return (size_t)(next - svg);
}
