#include "values.h"

#include <qrpng.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "allowed_host.h"
#include "config.h"

int value_complain(const char *name, const char *expectation) {
  fprintf(stderr, "qrpng-server: %s must be %s.\n", name, expectation);
  return EXIT_USAGE;
}

int value_number(const char *name, const char *digits, int minimum, int maximum, int *number) {
  size_t length = strlen(digits);
  int value = length >= 1 && length <= 9 && strspn(digits, "0123456789") == length ? atoi(digits) : -1;
  if (value < minimum || value > maximum) {
    char expectation[64];
    snprintf(expectation, sizeof expectation, "a whole number from %d to %d", minimum, maximum);
    return value_complain(name, expectation);
  }
  *number = value;
  return -1;
}

int value_engine(const char *name, const char *wanted, const char **engine) {
  char names[128] = "one of:";
  const char *known;
  for (size_t i = 0; (known = qrpng_engine_name(i)); i++) {
    if (strcmp(known, wanted) == 0) {
      *engine = known;
      return -1;
    }
    size_t used = strlen(names);
    snprintf(names + used, sizeof names - used, "%s %s", i ? "," : "", known);
  }
  return value_complain(name, names);
}

/* RFC 9110, 5.5: visible characters, spaces within. */
int value_header(const char *name, const char *value, const char **parsed) {
  size_t length = strlen(value);
  size_t printable = 0;
  while (printable < length && value[printable] >= ' ' && value[printable] <= '~')
    printable++;
  if (length == 0 || printable < length || value[0] == ' ' || value[length - 1] == ' ')
    return value_complain(name, "a header value, as in --cache-control 'public, max-age=3600'");
  *parsed = value;
  return -1;
}

int value_host_names(const char *name, const char *list, const char **parsed) {
  if (!host_list_is_valid(list))
    return value_complain(name, "names or addresses without ports, separated by commas");
  *parsed = list;
  return -1;
}

int value_io(const char *name, const char *kind, http_io *io) {
  const bool is_uring = strcmp(kind, "uring") == 0;
  if (!is_uring && strcmp(kind, "epoll") != 0)
    return value_complain(name, "epoll or uring");
  *io = is_uring ? HTTP_IO_URING : HTTP_IO_EPOLL;
  return -1;
}

int value_mode(const char *name, const char *digits, int *mode) {
  if (strlen(digits) != 3 || strspn(digits, "01234567") != 3)
    return value_complain(name, "three octal digits, such as 600 or 660");
  *mode = (int)strtol(digits, NULL, 8);
  return -1;
}

int value_switch(const char *name, const char *digit, bool *is_on) {
  if (strcmp(digit, "0") != 0 && strcmp(digit, "1") != 0)
    return value_complain(name, "0 or 1");
  *is_on = digit[0] == '1';
  return -1;
}
