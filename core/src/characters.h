/* Which characters the modes numeric and alphanumeric hold (ISO/IEC 18004, 7.3.3 and 7.3.4). */
#ifndef QRPNG_CHARACTERS_H
#define QRPNG_CHARACTERS_H

#include "qrpng.h"
#include "symbol_limits.h"

/* Bit i of a map (bit i % 64 of its word i / 64) is the character i of a text. A word of zeros follows the text. */
enum { CHARACTER_MAP_WORDS = QRPNG_MAX_TEXT_NBYTES / 64 + 2 };

typedef struct qrpng_character_map {
  uint64_t digits[CHARACTER_MAP_WORDS], alphanumerics[CHARACTER_MAP_WORDS]; /* digits are among these, too */
  size_t nbytes, digit_count, alphanumeric_count;
} qrpng_character_map;

/* Maps all characters of a text of at most QRPNG_MAX_TEXT_NBYTES. */
void qrpng_map_characters(const uint8_t *text, size_t text_nbytes, qrpng_character_map *map);

/* The first of the modes numeric, alphanumeric and byte that holds the character. */
qrpng_mode qrpng_mode_of_character(uint8_t character);

/* The value of a character in alphanumeric mode (table 5), or -1. */
int qrpng_alphanumeric_value(uint8_t character);

#endif
