/*
 * Values of options, from the command line or the environment. Each function stores what it has read and returns -1, or
 * says on standard error what `name` must be, and returns the exit code.
 */
#ifndef SERVER_VALUES_H
#define SERVER_VALUES_H

#include <stdbool.h>

#include "http/http.h"

/* Says that it must be so, and returns the exit code. */
int value_complain(const char *name, const char *expectation);

int value_number(const char *name, const char *digits, int minimum, int maximum, int *number);
int value_engine(const char *name, const char *wanted, const char **engine);
int value_header(const char *name, const char *value, const char **parsed);
int value_host_names(const char *name, const char *list, const char **parsed);
int value_io(const char *name, const char *kind, http_io *io);
int value_mode(const char *name, const char *digits, int *mode);
int value_switch(const char *name, const char *digit, bool *is_on);

#endif
