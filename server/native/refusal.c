#include "refusal.h"

#include <qrpng.h>
#include <stdio.h>

unsigned refusal_http_status(request_refusal refusal) {
  switch (refusal) {
  case REFUSAL_NOT_FOUND:
    return 404;
  case REFUSAL_METHOD:
  case REFUSAL_METHOD_TEXT:
  case REFUSAL_METHOD_BATCH:
    return 405;
  case REFUSAL_SITE:
    return 403;
  case REFUSAL_BODY_TOO_LARGE:
  case REFUSAL_BATCH_BODY_TOO_LARGE:
  case REFUSAL_BATCH_SIZE:
  case REFUSAL_IMAGES_TOO_LARGE:
    return 413;
  case REFUSAL_MEDIA_TYPE:
  case REFUSAL_BATCH_MEDIA_TYPE:
  case REFUSAL_BODY_CODING:
    return 415;
  case REFUSAL_BUSY:
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
  case REFUSAL_MEDIA_TYPE:
    return "Content-Type must be text/plain, application/octet-stream or application/json; a charset, if any, must be "
           "utf-8.";
  case REFUSAL_BATCH_MEDIA_TYPE:
    return "Content-Type must be application/json; a charset, if any, must be utf-8.";
  case REFUSAL_BODY_CODING:
    return "The body must come as it is: no Content-Encoding, and no Transfer-Encoding but chunked.";
  case REFUSAL_BODY_UTF8:
    return "The body is not valid UTF-8: send other bytes as application/octet-stream.";
  case REFUSAL_JSON:
    return "The body is not valid JSON in UTF-8.";
  case REFUSAL_JSON_OBJECT:
    return "The body must be a JSON object, such as {\"text\":\"hello\"}.";
  case REFUSAL_JSON_ARRAY:
    return "The body must be a JSON array of at least one text, such as [\"hello\"].";
  case REFUSAL_UNKNOWN_OPTION:
    return "Unknown parameter: ecl, width and margin are allowed.";
  case REFUSAL_UNKNOWN_MEMBER:
    return "Unknown member: text, ecl, width and margin are allowed.";
  case REFUSAL_REPEATED_MEMBER:
    return "A member of the body is repeated: give each once.";
  case REFUSAL_TEXT_IN_QUERY:
    return "The text of a POST is in its body: leave out the parameter text.";
  case REFUSAL_TEXT_MEMBER:
    return "The member text is missing: give it, as in {\"text\":\"hello\"}.";
  case REFUSAL_TEXT_TYPE:
    return "The text must be a string.";
  case REFUSAL_SURROGATE:
    return "The text is not valid Unicode: a surrogate is without its pair.";
  case REFUSAL_SITE:
    return "Page of another site not allowed: this server's own and those of names in --allowed-hosts are.";
  case REFUSAL_NOT_FOUND:
    return "Not found: GET /qrcode?text=hello answers with a QR code.";
  case REFUSAL_ENDING:
    return "The server is about to end: ask another one.";
  case REFUSAL_METHOD:
    return "Method not allowed: GET and HEAD are.";
  case REFUSAL_METHOD_TEXT:
    return "Method not allowed: GET, HEAD and POST are.";
  case REFUSAL_METHOD_BATCH:
    return "Method not allowed: POST is.";
  case REFUSAL_BUSY:
    return "The server is busy: try again in a second.";
  default:
    return "The image could not be made just now: try again in a second.";
  }
}

size_t max_batch_body_nbytes(int max_batch) {
  const size_t nbytes = (size_t)max_batch * MAX_BATCH_TEXT_NBYTES;
  return nbytes > MAX_BODY_NBYTES ? nbytes : MAX_BODY_NBYTES;
}

int refusal_sentence(request_refusal refusal, const refusal_limits *limits, char *buffer, size_t size) {
  static const char body_too_large[] = "The body is too large: at most %zu bytes are allowed.";
  switch (refusal) {
  case REFUSAL_WIDTH:
    return snprintf(buffer, size, "width must be a whole number from 1 to %d.", limits->max_width_px);
  case REFUSAL_MARGIN:
    return snprintf(buffer, size, "margin must be a whole number from 0 to %d.", QRPNG_MAX_MARGIN_MODULES);
  case REFUSAL_BODY_TOO_LARGE:
    return snprintf(buffer, size, body_too_large, (size_t)MAX_BODY_NBYTES);
  case REFUSAL_BATCH_BODY_TOO_LARGE:
    return snprintf(buffer, size, body_too_large, max_batch_body_nbytes(limits->max_batch));
  case REFUSAL_BATCH_SIZE:
    return snprintf(buffer, size, "The batch is too large: at most %d texts are allowed.", limits->max_batch);
  case REFUSAL_IMAGES_TOO_LARGE:
    return snprintf(buffer, size, "The images of the batch are too large: at most %d bytes in all are allowed.",
                    MAX_IMAGES_NBYTES);
  default:
    return snprintf(buffer, size, "%s", fixed_sentence(refusal));
  }
}
