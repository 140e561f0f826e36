#include "text_output.h"

#include "bytes.h"

enum { LINE_WORDS = (MAX_LINE_MODULES + 63) / 64 };

/* A row of modules with the quiet zone on both sides, as bits. */
typedef uint64_t text_line[LINE_WORDS];

typedef struct text_canvas {
  qrpng_rows rows;
  int margin, side; /* in modules; the side includes the quiet zone */
  uint64_t flip;    /* all bits, to exchange dark and light */
} text_canvas;

/* Row y of the canvas; light ones lie above and below the symbol. */
static void get_line(const text_canvas *canvas, int y, text_line line) {
  int words = words_of_side(canvas->rows.side), margin = canvas->margin, row = y - margin;
  uint64_t carried = 0;
  for (int w = 0; w < LINE_WORDS; w++) {
    int is_within = row >= 0 && row < canvas->rows.side && w < words;
    uint64_t word = is_within ? canvas->rows.words[row * words + w] : 0;
    line[w] = (word << margin | carried) ^ canvas->flip;
    carried = margin ? word >> (64 - margin) : 0;
  }
}

/* Two rows a line; a row without another below it has a light one there. */
static uint8_t *put_half_blocks(uint8_t *next, const text_canvas *canvas, const char *begin, const char *end) {
  /* space, upper half block, lower half block, full block */
  static const uint8_t blocks[4][4] = {{' '}, {0xE2, 0x96, 0x80}, {0xE2, 0x96, 0x84}, {0xE2, 0x96, 0x88}};
  static const uint8_t block_nbytes[4] = {1, 3, 3, 3};
  for (int y = 0; y < canvas->side; y += 2) {
    text_line upper, lower;
    get_line(canvas, y, upper);
    get_line(canvas, y + 1, lower);
    next = put_string(next, begin);
    for (int x = 0; x < canvas->side; x++) {
      unsigned block = (unsigned)((upper[x / 64] >> x % 64 & 1) | (lower[x / 64] >> x % 64 & 1) << 1);
      memcpy(next, blocks[block], sizeof blocks[block]);
      next += block_nbytes[block];
    }
    next = put_string(next, end);
  }
  return next;
}

/* The background's colour, 0 or 7, and so many spaces: most runs fit two words. */
static uint8_t *put_colour_run(uint8_t *next, unsigned colour, int spaces) {
  enum { ESCAPE_NBYTES = 5 };
  static const uint8_t begin[8] = "\x1b[40m   ";
  const uint64_t eight_spaces = 0x2020202020202020;
  store_word(next, load_word(begin) + ((uint64_t)colour << 24));
  store_word(next + 8, eight_spaces);
  for (int i = 16; i < ESCAPE_NBYTES + spaces; i += 8)
    store_word(next + i, eight_spaces);
  return next + ESCAPE_NBYTES + spaces;
}

/* Two spaces a module; the colour is only told where it changes. */
static uint8_t *put_colour_runs(uint8_t *next, const text_canvas *canvas, int is_inverted) {
  enum { BLACK = 0, WHITE = 7 };
  const unsigned first = is_inverted ? BLACK : WHITE, flip = BLACK ^ WHITE;
  for (int y = 0; y < canvas->side; y++) {
    text_line line;
    uint8_t edges[QRPNG_EDGES_CAPACITY(MAX_LINE_MODULES)];
    get_line(canvas, y, line);
    int count = qrpng_find_edges(line, canvas->side, edges), x = 0;
    edges[count] = (uint8_t)canvas->side;
    unsigned colour = first;
    for (int i = 0; i <= count; colour ^= flip, x = edges[i++])
      if (edges[i] > x)
        next = put_colour_run(next, colour, 2 * (edges[i] - x));
    next = put_string(next, "\x1b[0m\n");
  }
  return next;
}

/* Two characters a module, four modules at a time. */
static uint8_t *put_characters(uint8_t *next, const text_canvas *canvas) {
  for (int y = 0; y < canvas->side; y++) {
    text_line line;
    get_line(canvas, y, line);
    for (int x = 0; x < canvas->side; x += 4) {
      uint64_t four = line[x / 64] >> x % 64 & 15;
      uint64_t apart = (four & 1) | (four & 2) << 15 | (four & 4) << 30 | (four & 8) << 45;
      store_word(next + 2 * x, 0x2020202020202020 + apart * 0x0101 * ('#' - ' '));
    }
    next += 2 * canvas->side;
    *next++ = '\n';
  }
  return next;
}

size_t qrpng_write_text(qrpng_rows rows, const qrpng_options *options, uint8_t *text) {
  int margin = (int)options->margin, is_inverted = options->is_inverted != 0;
  text_canvas canvas = {rows, margin, rows.side + 2 * margin, is_inverted ? ~(uint64_t)0 : 0};
  uint8_t *end;
  switch (options->format) {
  case QRPNG_FORMAT_TERMINAL:
    canvas.flip = 0;
    end = put_colour_runs(text, &canvas, is_inverted);
    break;
  case QRPNG_FORMAT_TERMINAL_SMALL:
    end = put_half_blocks(text, &canvas, "\x1b[30;47m", "\x1b[0m\n");
    break;
  case QRPNG_FORMAT_ASCII:
    end = put_characters(text, &canvas);
    break;
  default:
    end = put_half_blocks(text, &canvas, "", "\n");
  }
  return (size_t)(end - text);
}
