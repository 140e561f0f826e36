#include "values.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

typedef struct named_value {
  const char *name;
  int value;
} named_value;

/* Capitals don't matter. The last name is NULL. */
static bool find_value(const named_value *names, const char *name, int *value) {
  for (; names->name; names++)
    if (strcasecmp(names->name, name) == 0) {
      *value = names->value;
      return true;
    }
  return false;
}

int parse_number(const char *digits, int minimum) {
  size_t length = strlen(digits);
  if (length < 1 || length > 9 || strspn(digits, "0123456789") != length)
    return -1;
  int number = atoi(digits);
  return number < minimum ? -1 : number;
}

double parse_decimal(const char *digits) {
  const size_t length = strlen(digits), whole = strspn(digits, "0123456789");
  const size_t fraction = digits[whole] == '.' ? strspn(digits + whole + 1, "0123456789") : 0;
  if (whole < 1 || length > 9 || whole + (fraction ? fraction + 1 : 0) != length)
    return -1;
  return strtod(digits, NULL);
}

qrpng_level parse_level(const char *letter) {
  static const char levels[] = "LMQH";
  const char *found = strlen(letter) == 1 ? strchr(levels, letter[0]) : NULL;
  return found ? (qrpng_level)(found - levels) : (qrpng_level)-1;
}

bool parse_mask_rule(const char *name, qrpng_mask_rule *rule) {
  static const named_value rules[] = {
      {"libqrencode", QRPNG_MASK_RULE_LIBQRENCODE}, {"iso", QRPNG_MASK_RULE_ISO}, {NULL, 0}};
  int value;
  bool is_known = find_value(rules, name, &value);
  if (is_known)
    *rule = (qrpng_mask_rule)value;
  return is_known;
}

bool parse_colour(const char *digits, uint32_t *rgba) {
  digits += *digits == '#';
  const size_t length = strlen(digits);
  if ((length != 3 && length != 4 && length != 6 && length != 8) || strspn(digits, "0123456789abcdefABCDEF") != length)
    return false;
  const uint32_t number = (uint32_t)strtoul(digits, NULL, 16);
  if (length >= 6) {
    *rgba = length == 8 ? number : number << 8 | 0xff;
    return true;
  }
  const uint32_t short_rgba = length == 4 ? number : number << 4 | 0xf;
  *rgba = 0;
  for (int shift = 12; shift >= 0; shift -= 4)
    *rgba = *rgba << 8 | (short_rgba >> shift & 0xf) * 0x11;
  return true;
}

bool parse_type(const char *name, qrpng_format *format) {
  static const named_value types[] = {
      {"png", QRPNG_FORMAT_PNG},
      {"svg", QRPNG_FORMAT_SVG},
      {"utf8", QRPNG_FORMAT_UTF8},
      {"ascii", QRPNG_FORMAT_ASCII},
      {"terminal", QRPNG_FORMAT_TERMINAL},
      /* as qrencode calls them */
      {"ansi", QRPNG_FORMAT_TERMINAL},
      {"ansiutf8", QRPNG_FORMAT_TERMINAL_SMALL},
      {NULL, 0},
  };
  int value;
  bool is_known = find_value(types, name, &value);
  if (is_known)
    *format = (qrpng_format)value;
  return is_known;
}

bool guess_type(const char *path, qrpng_format *format) {
  enum { NOT_MADE = -1 };
  static const named_value extensions[] = {
      {"svg", QRPNG_FORMAT_SVG}, {"txt", QRPNG_FORMAT_UTF8}, {"jpg", NOT_MADE}, {"jpeg", NOT_MADE}, {"gif", NOT_MADE},
      {"webp", NOT_MADE},        {"bmp", NOT_MADE},          {"tif", NOT_MADE}, {"tiff", NOT_MADE}, {"ico", NOT_MADE},
      {"avif", NOT_MADE},        {"pdf", NOT_MADE},          {"eps", NOT_MADE}, {"svgz", NOT_MADE}, {NULL, 0},
  };
  const char *slash = strrchr(path, '/'), *dot = strrchr(slash ? slash : path, '.');
  int value = QRPNG_FORMAT_PNG;
  if (dot)
    find_value(extensions, dot + 1, &value);
  if (value == NOT_MADE)
    return false;
  *format = (qrpng_format)value;
  return true;
}

bool is_text_format(qrpng_format format) {
  return format != QRPNG_FORMAT_PNG && format != QRPNG_FORMAT_SVG;
}

int columns_of_module(qrpng_format format) {
  return format == QRPNG_FORMAT_UTF8 || format == QRPNG_FORMAT_TERMINAL_SMALL ? 1 : 2;
}
