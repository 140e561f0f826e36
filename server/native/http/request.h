/*
 * From a head that head_check.h has passed to a request. The request line, on which versions of llhttp differ most, was
 * read there; its header fields are parsed by llhttp, which nobody else in the program knows.
 */
#ifndef HTTP_REQUEST_H
#define HTTP_REQUEST_H

#include "head_check.h"
#include "http.h"

typedef struct request_parser request_parser;

/* Of one thread. Returns NULL if there is not enough memory. To be freed by free(). */
request_parser *request_parser_create(void);

/*
 * Judges what the fields say of the message: Host once and valid (RFC 9112, 3.2), one framing of a body in a coding
 * that is known (6.3). The request points into the bytes and the parser, until its next call.
 */
http_refusal request_parse(request_parser *parser, const head_check *check, const char *bytes, http_request *request);

#endif
