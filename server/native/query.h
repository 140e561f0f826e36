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

typedef enum query_parameter { QUERY_TEXT, QUERY_ECL, QUERY_WIDTH, QUERY_MARGIN, QUERY_COUNT } query_parameter;

/* Decoded; bytes is NULL for what is not given. */
typedef struct query_values {
  slice of[QUERY_COUNT];
} query_values;

/*
 * Reads the parameters of a raw query from left to right: refuses malformed escapes, and what is unknown or repeated.
 * The values are within scratch, which must hold raw.nbytes bytes.
 */
request_refusal query_read(slice raw, char *scratch, query_values *values);

/* The same for a POST, which has its text elsewhere. */
request_refusal query_read_for_post(slice raw, char *scratch, query_values *values);

/* Judges ecl, width and margin, in this order. What is not given stays as it is in options. */
request_refusal query_judge_options(const query_values *values, int max_width_px, qrpng_options *options);

typedef struct request_query {
  slice text; /* within the scratch memory */
  qrpng_options options;
} request_query;

/*
 * Both for a GET, and between them the text; a raw one may be any bytes. What is not given stays as it is in
 * query->options.
 */
request_refusal query_parse(slice raw, bool raw_text, int max_width_px, char *scratch, request_query *query);

#endif
