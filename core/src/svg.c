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

/* Up to four digits. */
static uint8_t *put_number(uint8_t *next, unsigned number) {
  int count = number >= 1000 ? 4 : number >= 100 ? 3 : number >= 10 ? 2 : 1;
  for (int i = count - 1; i >= 0; i--, number /= 10)
    next[i] = (uint8_t)('0' + number % 10);
  return next + count;
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

static uint8_t *put_stroke(uint8_t *next, int length) {
  *next++ = 'h';
  return put_number(next, (unsigned)length);
}

enum { RUNS_IN_WORD = 4, RUNS_AT_ONCE = 2 * RUNS_IN_WORD, SHORT_RUN_NBYTES = 6 };

/* Gap and length, in turn, of the four runs whose edges begin there. Edges rise: no byte borrows. */
static uint64_t load_widths(const uint8_t *edges) {
  return load_word(edges) - load_word(edges - 1);
}

/* Gaps and lengths of less than ten: six bytes a run. */
static void put_short_runs(uint8_t *next, uint64_t widths) {
  static const uint8_t pattern[8] = "m0 0h0";
  for (int i = 0; i < RUNS_IN_WORD; i++, widths >>= 16)
    store_word(next + i * SHORT_RUN_NBYTES, load_word(pattern) + ((widths & 0xFF) << 8 | (widths & 0xFF00) << 32));
}

/* The byte's high bit: whether it is 10 or more. */
static uint64_t find_two_digits(uint64_t widths) {
  return (widths | (widths + 0x7676767676767676)) & 0x8080808080808080;
}

/* Of the bytes of a word the first ones, which belong to so many runs. */
static uint64_t bytes_of_runs(int runs) {
  return runs >= RUNS_IN_WORD ? ~(uint64_t)0 : runs <= 0 ? 0 : ((uint64_t)1 << 16 * runs) - 1;
}

/* The runs of a row behind its first one, eight at a time. */
static uint8_t *put_runs(uint8_t *next, const uint8_t *edges, int count) {
  for (int i = 2; i < count; i += 2 * RUNS_AT_ONCE) {
    int left = (count - i) / 2, runs = left < RUNS_AT_ONCE ? left : RUNS_AT_ONCE;
    uint64_t widths = load_widths(edges + i), more_widths = load_widths(edges + i + 2 * RUNS_IN_WORD);
    if ((find_two_digits(widths & bytes_of_runs(runs)) |
         find_two_digits(more_widths & bytes_of_runs(runs - RUNS_IN_WORD))) == 0) {
      put_short_runs(next, widths);
      put_short_runs(next + RUNS_IN_WORD * SHORT_RUN_NBYTES, more_widths);
      next += runs * SHORT_RUN_NBYTES;
      continue;
    }
    for (int k = i; k < i + 2 * runs; k += 2)
      next = put_stroke(put_move(next, edges[k] - edges[k - 1], 0), edges[k + 1] - edges[k]);
  }
  return next;
}

static uint8_t *put_path(uint8_t *next, qrpng_rows rows) {
  uint8_t edges[QRPNG_EDGES_CAPACITY(QRPNG_MAX_SIDE_MODULES) + 2 * RUNS_AT_ONCE] = {0}; /* whole words are read */
  int words = words_of_side(rows.side), x = 0, drawn_y = 0;
  for (int y = 0; y < rows.side; y++) {
    int count = qrpng_find_edges(rows.words + y * words, rows.side, edges);
    if (count == 0)
      continue;
    if (edges[0] != x || y != drawn_y)
      next = put_move(next, edges[0] - x, y - drawn_y);
    next = put_runs(put_stroke(next, edges[1] - edges[0]), edges, count);
    x = edges[count - 1];
    drawn_y = y;
  }
  return next;
}

size_t qrpng_write_svg(qrpng_rows rows, const qrpng_options *options, int side_px, uint8_t *svg) {
  uint8_t *next = put_head(svg, options, rows.side, side_px);
  next = put_string(put_path(next, rows), "\"/></svg>\n");
  return (size_t)(next - svg);
}
