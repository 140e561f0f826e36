/*
 * Many texts in one request. Its steps are short, so that a thread can do others' work between them. The texts are read
 * into the memory of the body that they came in, and the images are written in base64 as they are made.
 */
#ifndef SERVER_BATCH_H
#define SERVER_BATCH_H

#include "config.h"
#include "image.h"
#include "json_body.h"

typedef enum post_kind { POST_TEXT, POST_BATCH } post_kind;

typedef enum batch_stage {
  BATCH_WITHOUT_BODY,
  BATCH_READING_TEXTS,
  BATCH_MAKING_IMAGES,
  BATCH_MADE,
  BATCH_REFUSED
} batch_stage;

typedef struct text_batch {
  post_kind kind;                     /* first: what the state of an exchange is */
  struct text_batch *previous, *next; /* of who keeps it */
  http_exchange *exchange;
  uint64_t since_ms;  /* that it can't go on */
  size_t part_nbytes; /* that it has of the room for batches */
  batch_stage stage;
  request_refusal refusal; /* of it, or of its first text that is none */
  size_t refused_position; /* from 1; 0: it is no text that is refused */
  qrpng_status status;     /* of the text at that position; QRPNG_OK: refused before it was tried */
  json_texts texts;
  size_t packed_nbytes; /* of texts, each after its length, at the start of the body */
  size_t made_count, images_nbytes;
  char *output; /* after room for a head */
  size_t output_nbytes, output_size;
  qrpng_options options;
  slice query; /* follows in memory */
} text_batch;

/* Returns NULL if there is not enough memory. */
text_batch *batch_create(slice query, const qrpng_options *defaults);
void batch_destroy(text_batch *batch);

/* Its body, which it takes over. */
void batch_begin(text_batch *batch, char *body, size_t nbytes);

/* Goes on by a text or a few. scratch: as for query_read(). */
void batch_step(text_batch *batch, const server_config *config, image_maker *maker, char *scratch);

/* What it holds in memory. */
size_t batch_nbytes(const text_batch *batch);

#endif
