#include "complain.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

int complain(int exit_code, const char *format, ...) {
  /* One write, so that sentences of several processes don't mix. */
  char sentence[COMPLAINT_SIZE];
  va_list values;
  va_start(values, format);
  /* NOLINTNEXTLINE(clang-analyzer-valist.Uninitialized): it doesn't see va_start() in every build */
  vsnprintf(sentence, sizeof sentence, format, values);
  va_end(values);
  fprintf(stderr, "qrpng: %s\n", sentence);
  return exit_code;
}

int exit_code_of(qrpng_status status) {
  switch (status) {
  case QRPNG_OK:
    return EXIT_OK;
  case QRPNG_TEXT_EMPTY:
  case QRPNG_TEXT_TOO_LONG:
  case QRPNG_WIDTH_TOO_SMALL:
  case QRPNG_SCALE_TOO_LARGE:
    return EXIT_TEXT;
  case QRPNG_OUT_OF_MEMORY:
  case QRPNG_INTERNAL:
    return EXIT_SYSTEM;
  default:
    return EXIT_USAGE;
  }
}

/* The name of the option for a field of qrpng_options. */
static const char *option_of(const char *field) {
  if (strcmp(field, "version") == 0)
    return "symversion"; /* --version tells versions, as everywhere */
  return field;
}

void describe_call(char sentence[COMPLAINT_SIZE], const qrpng_encoder *encoder, qrpng_status status) {
  const char *field = qrpng_status_field(status), *message = qrpng_error_message(encoder);
  if (*field)
    snprintf(sentence, COMPLAINT_SIZE, "--%s%s", option_of(field), message + strlen(field));
  else
    snprintf(sentence, COMPLAINT_SIZE, "%s", message);
}

int finish_printing(void) {
  if (fflush(stdout) == 0 && !ferror(stdout))
    return EXIT_OK;
  return complain(EXIT_SYSTEM, "Standard output can't be written: %s.", strerror(errno));
}
