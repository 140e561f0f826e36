/* The values that options take. */
#ifndef QRPNG_CLI_VALUES_H
#define QRPNG_CLI_VALUES_H

#include <stdbool.h>

#include "qrpng.h"

/* -1 for all that is not 1 to 9 digits or is below the minimum: the core refuses that in its own words. */
int parse_number(const char *digits, int minimum);

/* The same for digits that may have a point and a fraction. */
double parse_decimal(const char *digits);

/* What is none becomes a level that the core refuses. */
qrpng_level parse_level(const char *letter);

/* All of these return whether the value is one of those allowed. */

bool parse_mask_rule(const char *name, qrpng_mask_rule *rule);

/* 0xRRGGBBAA from 3, 4, 6 or 8 hex digits, with or without #. */
bool parse_colour(const char *digits, uint32_t *rgba);

bool parse_type(const char *name, qrpng_format *format);

/* The format that the end of a file's name asks for: PNG if it says nothing. False if it is one that isn't made here.
 */
bool guess_type(const char *path, qrpng_format *format);

bool is_text_format(qrpng_format format);

/* How many columns of a text each module takes. */
int columns_of_module(qrpng_format format);

#endif
