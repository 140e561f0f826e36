#include "iso_mask.h"

enum { PATTERN_MODULES = 11 };

typedef struct module_square {
  const uint8_t *modules;
  int side, is_turned; /* turned: rows are columns */
} module_square;

static int module_at(const module_square *square, int line, int i) {
  return square->is_turned ? square->modules[i * square->side + line] : square->modules[line * square->side + i];
}

static int score_line(const module_square *square, int line) {
  static const uint8_t patterns[2][PATTERN_MODULES] = {{0, 0, 0, 0, 1, 0, 1, 1, 1, 0, 1},
                                                       {1, 0, 1, 1, 1, 0, 1, 0, 0, 0, 0}};
  int points = 0;
  for (int begin = 0, end; begin < square->side; begin = end) {
    for (end = begin + 1; end < square->side; end++)
      if (module_at(square, line, end) != module_at(square, line, begin))
        break;
    if (end - begin >= 5)
      points += 3 + (end - begin - 5);
  }
  for (int begin = 0; begin + PATTERN_MODULES <= square->side; begin++) {
    for (int p = 0; p < 2; p++) {
      int i = 0;
      while (i < PATTERN_MODULES && module_at(square, line, begin + i) == patterns[p][i])
        i++;
      points += i == PATTERN_MODULES ? 40 : 0;
    }
  }
  return points;
}

static int score_blocks(const module_square *square) {
  int points = 0;
  for (int y = 0; y + 1 < square->side; y++) {
    for (int x = 0; x + 1 < square->side; x++) {
      int dark = module_at(square, y, x) + module_at(square, y, x + 1) + module_at(square, y + 1, x) +
                 module_at(square, y + 1, x + 1);
      points += dark == 0 || dark == 4 ? 3 : 0;
    }
  }
  return points;
}

static int score_balance(const module_square *square) {
  int dark = 0, all = square->side * square->side, k = 0;
  for (int i = 0; i < all; i++)
    dark += square->modules[i];
  /* within 50 % ± 5 * (k + 1) %, in modules times 100 */
  while (100 * dark <= (50 - 5 * (k + 1)) * all || 100 * dark >= (50 + 5 * (k + 1)) * all)
    k++;
  return 10 * k;
}

int iso_penalty(const uint8_t *modules, int side) {
  module_square rows = {modules, side, 0}, columns = {modules, side, 1};
  int points = score_blocks(&rows) + score_balance(&rows);
  for (int line = 0; line < side; line++)
    points += score_line(&rows, line) + score_line(&columns, line);
  return points;
}
