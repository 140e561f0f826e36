#include "status.h"

#include <stdio.h>
#include <string.h>

#include "version.h"

const char *qrpng_status_message(qrpng_status status) {
  switch (status) {
  case QRPNG_OK:
    return "OK";
  case QRPNG_OUT_OF_MEMORY:
    return "out of memory";
  case QRPNG_BAD_LEVEL:
    return "bad error correction level";
  case QRPNG_BAD_MARGIN:
    return "bad margin";
  case QRPNG_BAD_WIDTH:
    return "bad width";
  case QRPNG_BAD_SCALE:
    return "bad scale";
  case QRPNG_BAD_SIZE:
    return "both or neither of width and scale are set";
  case QRPNG_BAD_VERSION:
    return "bad version";
  case QRPNG_BAD_MASK:
    return "bad mask";
  case QRPNG_BAD_SEGMENTS:
    return "bad segments";
  case QRPNG_BAD_ENGINE:
    return "no such engine";
  case QRPNG_TEXT_EMPTY:
    return "empty text";
  case QRPNG_TEXT_TOO_LONG:
    return "text too long";
  case QRPNG_WIDTH_TOO_SMALL:
    return "width too small";
  case QRPNG_SCALE_TOO_LARGE:
    return "scale too large";
  case QRPNG_INTERNAL:
    return "internal error";
  }
  return "unknown status";
}

const char *qrpng_status_name(qrpng_status status) {
  static const char *const names[] = {
      [QRPNG_OK] = "OK",
      [QRPNG_OUT_OF_MEMORY] = "OUT_OF_MEMORY",
      [QRPNG_BAD_LEVEL] = "BAD_LEVEL",
      [QRPNG_BAD_MARGIN] = "BAD_MARGIN",
      [QRPNG_BAD_WIDTH] = "BAD_WIDTH",
      [QRPNG_BAD_SCALE] = "BAD_SCALE",
      [QRPNG_BAD_SIZE] = "BAD_SIZE",
      [QRPNG_BAD_VERSION] = "BAD_VERSION",
      [QRPNG_BAD_MASK] = "BAD_MASK",
      [QRPNG_BAD_SEGMENTS] = "BAD_SEGMENTS",
      [QRPNG_BAD_ENGINE] = "BAD_ENGINE",
      [QRPNG_TEXT_EMPTY] = "TEXT_EMPTY",
      [QRPNG_TEXT_TOO_LONG] = "TEXT_TOO_LONG",
      [QRPNG_WIDTH_TOO_SMALL] = "WIDTH_TOO_SMALL",
      [QRPNG_SCALE_TOO_LARGE] = "SCALE_TOO_LARGE",
      [QRPNG_INTERNAL] = "INTERNAL",
  };
  size_t index = (size_t)status;
  return names[index < sizeof names / sizeof names[0] ? index : QRPNG_INTERNAL];
}

static void format_engines(char *message) {
  strcpy(message, "engine must be one of those built in:");
  size_t used = strlen(message);
  const char *name;
  for (size_t i = 0; (name = qrpng_engine_name(i)); i++)
    used += (size_t)snprintf(message + used, QRPNG_MESSAGE_SIZE - used, "%s %s", i ? "," : "", name);
  snprintf(message + used, QRPNG_MESSAGE_SIZE - used, ".");
}

static void format_capacity(char *message, const qrpng_options *options) {
  /* table 7, version 40 */
  static const struct {
    char level;
    int bytes, alphanumerics, digits;
  } capacity[] = {{'L', 2953, 4296, 7089}, {'M', 2331, 3391, 5596}, {'Q', 1663, 2420, 3993}, {'H', 1273, 1852, 3057}};
  if (options->version)
    snprintf(message, QRPNG_MESSAGE_SIZE, "The text does not fit version %d at level %c: leave the version open.",
             options->version, capacity[options->ecl].level);
  else
    snprintf(message, QRPNG_MESSAGE_SIZE,
             "The text does not fit: at level %c a QR code holds at most %d bytes, %d alphanumeric characters or %d "
             "digits.",
             capacity[options->ecl].level, capacity[options->ecl].bytes, capacity[options->ecl].alphanumerics,
             capacity[options->ecl].digits);
}

void qrpng_format_error(char message[QRPNG_MESSAGE_SIZE], qrpng_status status, const qrpng_options *options,
                        int side_modules) {
  int total_modules = side_modules + 2 * options->margin;
  switch (status) {
  case QRPNG_OK:
    message[0] = '\0';
    break;
  case QRPNG_OUT_OF_MEMORY:
    strcpy(message, "There is not enough memory for this image: try again later or with a smaller width.");
    break;
  case QRPNG_BAD_LEVEL:
    strcpy(message, "ecl must be L, M, Q or H.");
    break;
  case QRPNG_BAD_MARGIN:
    snprintf(message, QRPNG_MESSAGE_SIZE, "margin must be a whole number from 0 to %d.", QRPNG_MAX_MARGIN_MODULES);
    break;
  case QRPNG_BAD_WIDTH:
    snprintf(message, QRPNG_MESSAGE_SIZE, "width must be a whole number from 1 to %d.", QRPNG_MAX_SIDE_PX);
    break;
  case QRPNG_BAD_SCALE:
    snprintf(message, QRPNG_MESSAGE_SIZE, "scale must be a whole number from 1 to %d.", QRPNG_MAX_SIDE_PX);
    break;
  case QRPNG_BAD_SIZE:
    strcpy(message, "Give either a width or a scale: the other follows from it.");
    break;
  case QRPNG_BAD_VERSION:
    snprintf(message, QRPNG_MESSAGE_SIZE, "version must be a whole number from 1 to %d.", QRPNG_MAX_VERSION);
    break;
  case QRPNG_BAD_MASK:
    strcpy(message, "mask must be a whole number from 0 to 7, and only engine fast lets it be chosen.");
    break;
  case QRPNG_BAD_SEGMENTS:
    strcpy(message, "The segments must cover the text, and each mode must hold all characters of its segment.");
    break;
  case QRPNG_BAD_ENGINE:
    format_engines(message);
    break;
  case QRPNG_TEXT_EMPTY:
    strcpy(message, "The text is empty: give at least one byte.");
    break;
  case QRPNG_TEXT_TOO_LONG:
    format_capacity(message, options);
    break;
  case QRPNG_WIDTH_TOO_SMALL:
    snprintf(message, QRPNG_MESSAGE_SIZE,
             "A width of %d px is too small for this text: the smallest that fits is %d px.", options->width,
             total_modules);
    break;
  case QRPNG_SCALE_TOO_LARGE:
    snprintf(message, QRPNG_MESSAGE_SIZE,
             "A scale of %d px is too large for this text: the largest that fits an image of %d px is %d px.",
             options->scale, QRPNG_MAX_SIDE_PX, QRPNG_MAX_SIDE_PX / total_modules);
    break;
  case QRPNG_INTERNAL:
    strcpy(message, "The encoder failed in a way it never should: please report the text and options.");
    break;
  }
}
