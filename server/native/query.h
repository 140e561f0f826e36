/*
 * Strict reading of request targets such as /qrcode?text=a%20b&ecl=M. Pure functions: no I/O, no allocation.
 * Strings have a length and hold any byte; nothing is assumed to end with a NUL.
 */
#ifndef SERVER_QUERY_H
#define SERVER_QUERY_H

#include <qrpng.h>
#include <stdbool.h>
#include <stddef.h>

#include "http/slice.h"
#include "refusal.h"

typedef struct request_target {
  slice path;
  slice query; /* what follows the first "?" */
} request_target;

/* Splits a target without decoding it. Of the absolute form (http://host/path) scheme and host are dropped. */
request_target target_split(slice raw);

typedef struct request_query {
  slice text; /* within the scratch memory */
  qrpng_options options;
} request_query;

/*
 * Reads a raw query. scratch must hold raw.nbytes bytes. What is not given stays as it is in query->options. Parameters
 * are judged from left to right (escapes, unknown, repeated), then text, ecl, width and margin. A raw text may be any
 * bytes.
 */
request_refusal query_parse(slice raw, bool raw_text, int max_width_px, char *scratch, request_query *query);

#endif
