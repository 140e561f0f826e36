#include "status.h"

#include <stdio.h>
#include <string.h>

#include "geometry.h"
#include "version.h"

/* What is known of a status without the call that it came from; field and phrase as qrpng.h describes them. */
static const struct {
  const char *name, *field, *phrase;
} statuses[] = {
    [QRPNG_OK] = {"OK", "", "OK"},
    [QRPNG_OUT_OF_MEMORY] = {"OUT_OF_MEMORY", "", "out of memory"},
    [QRPNG_BAD_LEVEL] = {"BAD_LEVEL", "ecl", "bad error correction level"},
    [QRPNG_BAD_MARGIN] = {"BAD_MARGIN", "margin", "bad margin"},
    [QRPNG_BAD_WIDTH] = {"BAD_WIDTH", "width", "bad width"},
    [QRPNG_BAD_SCALE] = {"BAD_SCALE", "scale", "bad scale"},
    [QRPNG_BAD_SIZE] = {"BAD_SIZE", "", "width and scale don't go together"},
    [QRPNG_BAD_VERSION] = {"BAD_VERSION", "version", "bad version"},
    [QRPNG_BAD_MASK] = {"BAD_MASK", "mask", "bad mask"},
    [QRPNG_BAD_SEGMENTS] = {"BAD_SEGMENTS", "", "bad segments"},
    [QRPNG_BAD_ENGINE] = {"BAD_ENGINE", "engine", "no such engine"},
    [QRPNG_TEXT_EMPTY] = {"TEXT_EMPTY", "", "empty text"},
    [QRPNG_TEXT_TOO_LONG] = {"TEXT_TOO_LONG", "", "text too long"},
    [QRPNG_WIDTH_TOO_SMALL] = {"WIDTH_TOO_SMALL", "", "width too small"},
    [QRPNG_SCALE_TOO_LARGE] = {"SCALE_TOO_LARGE", "", "scale too large"},
    [QRPNG_INTERNAL] = {"INTERNAL", "", "internal error"},
    [QRPNG_BAD_FORMAT] = {"BAD_FORMAT", "format", "bad format"},
    [QRPNG_BAD_MASK_RULE] = {"BAD_MASK_RULE", "mask_rule", "bad mask rule"},
    [QRPNG_BAD_DPI] = {"BAD_DPI", "dpi", "bad resolution"},
    [QRPNG_BAD_TITLE] = {"BAD_TITLE", "title", "bad title"},
    [QRPNG_BAD_EFFORT] = {"BAD_EFFORT", "effort", "bad effort"},
};
enum { STATUS_COUNT = sizeof statuses / sizeof statuses[0] };

const char *qrpng_status_message(qrpng_status status) {
  return (size_t)status < STATUS_COUNT ? statuses[status].phrase : "unknown status";
}

const char *qrpng_status_name(qrpng_status status) {
  return statuses[(size_t)status < STATUS_COUNT ? status : QRPNG_INTERNAL].name;
}

const char *qrpng_status_field(qrpng_status status) {
  return (size_t)status < STATUS_COUNT ? statuses[status].field : "";
}

static void format_range(char *message, const char *field, int minimum, int maximum) {
  snprintf(message, QRPNG_MESSAGE_SIZE, "%s must be a whole number from %d to %d.", field, minimum, maximum);
}

static void format_engines(char *message, const char *field) {
  size_t used = (size_t)snprintf(message, QRPNG_MESSAGE_SIZE, "%s must be one of those built in:", field);
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

static int smallest_width(const qrpng_options *options, int side_modules) {
  double total = qrpng_total_modules(options, side_modules);
  return (int)total + ((int)total < total);
}

static int largest_scale(const qrpng_options *options, int side_modules) {
  return (int)(QRPNG_MAX_SIDE_PX / qrpng_total_modules(options, side_modules));
}

void qrpng_format_error(char message[QRPNG_MESSAGE_SIZE], qrpng_status status, const qrpng_options *options,
                        int side_modules) {
  const char *field = qrpng_status_field(status);
  switch (status) {
  case QRPNG_OK:
    message[0] = '\0';
    break;
  case QRPNG_OUT_OF_MEMORY:
    strcpy(message, "There is not enough memory for this image: try again later or with a smaller width.");
    break;
  case QRPNG_BAD_LEVEL:
    snprintf(message, QRPNG_MESSAGE_SIZE, "%s must be L, M, Q or H.", field);
    break;
  case QRPNG_BAD_MARGIN:
    snprintf(message, QRPNG_MESSAGE_SIZE, "%s must be a number from 0 to %d.", field, QRPNG_MAX_MARGIN_MODULES);
    break;
  case QRPNG_BAD_WIDTH:
  case QRPNG_BAD_SCALE:
    format_range(message, field, 1, QRPNG_MAX_SIDE_PX);
    break;
  case QRPNG_BAD_SIZE:
    strcpy(message, "Give either a width or a scale: the other follows from it.");
    break;
  case QRPNG_BAD_VERSION:
    format_range(message, field, 1, QRPNG_MAX_VERSION);
    break;
  case QRPNG_BAD_MASK:
    snprintf(message, QRPNG_MESSAGE_SIZE,
             "%s must be a whole number from 0 to 7, and only engine fast lets it be chosen.", field);
    break;
  case QRPNG_BAD_SEGMENTS:
    strcpy(message, "The segments must cover the text, and each mode must hold all characters of its segment.");
    break;
  case QRPNG_BAD_ENGINE:
    format_engines(message, field);
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
             smallest_width(options, side_modules));
    break;
  case QRPNG_SCALE_TOO_LARGE:
    snprintf(message, QRPNG_MESSAGE_SIZE,
             "A scale of %d px is too large for this text: the largest that fits an image of %d px is %d px.",
             options->scale, QRPNG_MAX_SIDE_PX, largest_scale(options, side_modules));
    break;
  case QRPNG_INTERNAL:
    strcpy(message, "The encoder failed in a way it never should: please report the text and options.");
    break;
  case QRPNG_BAD_FORMAT:
    snprintf(message, QRPNG_MESSAGE_SIZE, "%s must be png, svg, utf8, terminal, terminal_small or ascii.", field);
    break;
  case QRPNG_BAD_MASK_RULE:
    snprintf(message, QRPNG_MESSAGE_SIZE, "%s must be libqrencode or iso, and only engine fast knows iso.", field);
    break;
  case QRPNG_BAD_DPI:
    format_range(message, field, 1, QRPNG_MAX_DPI);
    break;
  case QRPNG_BAD_EFFORT:
    format_range(message, field, 0, 1);
    break;
  case QRPNG_BAD_TITLE:
    snprintf(message, QRPNG_MESSAGE_SIZE,
             "%s must be UTF-8 of at most %d bytes, without control characters but tabs and line ends.", field,
             QRPNG_MAX_TITLE_NBYTES);
    break;
  }
}
