#include "refusal.h"

#include <qrpng.h>
#include <stdio.h>

unsigned refusal_http_status(request_refusal refusal) {
  switch (refusal) {
  case REFUSAL_NOT_FOUND:
    return 404;
  case REFUSAL_METHOD:
    return 405;
  case REFUSAL_FAILED:
  case REFUSAL_ENDING:
    return 503;
  default:
    return 400;
  }
}

static const char *fixed_sentence(request_refusal refusal) {
  switch (refusal) {
  case REFUSAL_ESCAPE:
    return "The query has a malformed percent-escape: write % followed by two hexadecimal digits, and %25 for a "
           "percent sign.";
  case REFUSAL_UNKNOWN:
    return "Unknown parameter: text, ecl, width and margin are allowed.";
  case REFUSAL_REPEATED_TEXT:
    return "The parameter text is repeated: give it once.";
  case REFUSAL_REPEATED_ECL:
    return "The parameter ecl is repeated: give it once.";
  case REFUSAL_REPEATED_WIDTH:
    return "The parameter width is repeated: give it once.";
  case REFUSAL_REPEATED_MARGIN:
    return "The parameter margin is repeated: give it once.";
  case REFUSAL_MISSING:
    return "The parameter text is missing: give the text to encode, as in /qrcode?text=hello.";
  case REFUSAL_EMPTY:
    return "The text is empty: give at least one byte.";
  case REFUSAL_UTF8:
    return "The text is not valid UTF-8: percent-encode its UTF-8 bytes.";
  case REFUSAL_ECL:
    return "ecl must be L, M, Q or H.";
  case REFUSAL_BODY:
    return "A request body is not allowed here.";
  case REFUSAL_NOT_FOUND:
    return "Not found: GET /qrcode?text=hello answers with a QR code.";
  case REFUSAL_ENDING:
    return "The server is about to end: ask another one.";
  case REFUSAL_METHOD:
    return "Method not allowed: GET and HEAD are.";
  default:
    return "The image could not be made just now: try again in a second.";
  }
}

int refusal_sentence(request_refusal refusal, int max_width_px, char *buffer, size_t size) {
  if (refusal == REFUSAL_WIDTH)
    return snprintf(buffer, size, "width must be a whole number from 1 to %d.", max_width_px);
  if (refusal == REFUSAL_MARGIN)
    return snprintf(buffer, size, "margin must be a whole number from 0 to %d.", QRPNG_MAX_MARGIN_MODULES);
  return snprintf(buffer, size, "%s", fixed_sentence(refusal));
}
