/*
 * What the bodies of POSTs say in JSON, read by jansson. Texts come out in UTF-8 and may hold NUL. The bytes that are
 * read are changed.
 */
#ifndef SERVER_JSON_BODY_H
#define SERVER_JSON_BODY_H

#include <stddef.h>
#include <stdint.h>

#include "query.h"

/* Once, before threads begin. */
void json_prepare(void);

/* The members of the object for POST /qrcode, as they would be in a query. */
typedef struct json_members {
  query_values values;
  char digits[QUERY_COUNT][16]; /* of those that are numbers */
  void *root;                   /* what the others are within */
} json_members;

/*
 * Reads an object. Returns REFUSAL_FAILED if there is not enough memory. json_members_release() is needed in any case.
 * A member that nobody knows is only found by json_members_judge().
 */
request_refusal json_read_members(char *bytes, size_t nbytes, json_members *members);
request_refusal json_judge_names(const json_members *members);
void json_members_release(json_members *members);

/* Reads an array of texts one by one. */
typedef struct json_texts {
  char *bytes;
  size_t nbytes, at;
  size_t text_count;
  bool has_begun;
  bool is_over; /* after a text that is bad in such a way that the rest does not matter */
} json_texts;

typedef enum json_found {
  JSON_TEXT,     /* in UTF-8, within the bytes that were read: it stays there */
  JSON_BAD_TEXT, /* the refusal says why; others may follow */
  JSON_END,      /* of an array */
  JSON_NOTHING,  /* the refusal says why */
} json_found;

json_found json_next_text(json_texts *texts, slice *text, request_refusal *refusal);

#endif
