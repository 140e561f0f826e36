#include "batch.h"

#include <stdlib.h>
#include <string.h>

#include "base64.h"

enum {
  READ_AT_ONCE = 8,
  MAX_TEXT_NBYTES = 7090, /* one more than any symbol holds of anything: of what is longer, no more is kept */
  LENGTH_NBYTES = 2,      /* before a packed text; in JSON it has two quotes and what separates it from others */
  FIRST_OUTPUT_NBYTES = 16 * 1024,
};

text_batch *batch_create(slice query, const qrpng_options *defaults) {
  text_batch *created = calloc(1, sizeof *created + query.nbytes);
  if (!created)
    return NULL;
  char *bytes = (char *)(created + 1);
  if (query.nbytes > 0)
    memcpy(bytes, query.bytes, query.nbytes);
  created->kind = POST_BATCH;
  created->query = (slice){bytes, query.nbytes};
  created->options = *defaults;
  return created;
}

void batch_destroy(text_batch *batch) {
  free(batch->texts.bytes);
  free(batch->output);
  free(batch);
}

void batch_begin(text_batch *batch, char *body, size_t nbytes) {
  batch->texts = (json_texts){.bytes = body, .nbytes = nbytes};
  batch->stage = BATCH_READING_TEXTS;
}

size_t batch_nbytes(const text_batch *batch) {
  return sizeof *batch + batch->query.nbytes + batch->texts.nbytes + batch->output_size;
}

static void refuse(text_batch *batch, request_refusal refusal) {
  batch->stage = BATCH_REFUSED;
  batch->refusal = refusal;
  batch->refused_position = 0;
}

static void pack_text(text_batch *batch, slice text) {
  const size_t nbytes = text.nbytes < MAX_TEXT_NBYTES ? text.nbytes : MAX_TEXT_NBYTES;
  char *at = batch->texts.bytes + batch->packed_nbytes;
  memmove(at + LENGTH_NBYTES, text.bytes, nbytes);
  at[0] = (char)(nbytes & 0xFF);
  at[1] = (char)(nbytes >> 8);
  batch->packed_nbytes += LENGTH_NBYTES + nbytes;
}

static slice unpack_text(text_batch *batch) {
  const uint8_t *at = (const uint8_t *)batch->texts.bytes + batch->packed_nbytes;
  const slice text = {(const char *)at + LENGTH_NBYTES, (size_t)at[0] | (size_t)at[1] << 8};
  batch->packed_nbytes += LENGTH_NBYTES + text.nbytes;
  return text;
}

/* The whole before its texts, and these before the options (docs/http.md). */
static void finish_reading(text_batch *batch, const server_config *config, char *scratch) {
  query_values values;
  if (batch->texts.text_count > (size_t)config->max_batch) {
    refuse(batch, REFUSAL_BATCH_SIZE);
    return;
  }
  if (batch->refused_position > 0) {
    batch->stage = BATCH_REFUSED;
    return;
  }
  request_refusal refusal = query_read_for_post(batch->query, scratch, &values);
  if (refusal == REFUSAL_NONE)
    refusal = query_judge_options(&values, config->max_width_px, &batch->options);
  if (refusal != REFUSAL_NONE) {
    refuse(batch, refusal);
    return;
  }
  batch->stage = BATCH_MAKING_IMAGES;
  batch->packed_nbytes = 0;
}

static void read_text(text_batch *batch, const server_config *config, char *scratch) {
  slice text;
  request_refusal refusal = REFUSAL_NONE;
  switch (json_next_text(&batch->texts, &text, &refusal)) {
  case JSON_TEXT:
    if (batch->refused_position == 0)
      pack_text(batch, text);
    break;
  case JSON_BAD_TEXT:
    if (batch->refused_position == 0) {
      batch->refused_position = batch->texts.text_count;
      batch->refusal = refusal;
    }
    if (batch->texts.is_over)
      finish_reading(batch, config, scratch);
    break;
  case JSON_END:
    finish_reading(batch, config, scratch);
    break;
  case JSON_NOTHING:
    refuse(batch, refusal);
    break;
  }
}

static char *reserve(text_batch *batch, size_t nbytes) {
  const size_t used = batch->output_nbytes > 0 ? batch->output_nbytes : HTTP_HEAD_ROOM_NBYTES;
  if (used + nbytes > batch->output_size) {
    const size_t doubled = 2 * batch->output_size + FIRST_OUTPUT_NBYTES;
    const size_t size = used + nbytes > doubled ? used + nbytes : doubled;
    char *output = realloc(batch->output, size);
    if (!output)
      return NULL;
    batch->output = output;
    batch->output_size = size;
  }
  batch->output_nbytes = used + nbytes;
  return batch->output + used;
}

/* Each follows a comma, but the first a bracket. */
static void write_image(text_batch *batch, slice image) {
  const size_t nbytes = base64_nbytes(image.nbytes);
  batch->images_nbytes += image.nbytes;
  if (batch->images_nbytes > MAX_IMAGES_NBYTES) {
    refuse(batch, REFUSAL_IMAGES_TOO_LARGE);
    return;
  }
  char *at = reserve(batch, nbytes + 3);
  if (!at) {
    refuse(batch, REFUSAL_FAILED);
    return;
  }
  *at++ = batch->made_count++ > 0 ? ',' : '[';
  *at++ = '"';
  at = base64_write(at, (const uint8_t *)image.bytes, image.nbytes);
  *at = '"';
}

static void finish(text_batch *batch) {
  char *at = reserve(batch, 1);
  if (!at) {
    refuse(batch, REFUSAL_FAILED);
    return;
  }
  *at = ']';
  batch->stage = BATCH_MADE;
  free(batch->texts.bytes);
  batch->texts = (json_texts){0};
}

static void make_next(text_batch *batch, image_maker *maker) {
  slice image;
  batch->status = make_image(maker, unpack_text(batch), &batch->options, &image);
  if (batch->status != QRPNG_OK) {
    batch->stage = BATCH_REFUSED;
    batch->refusal = REFUSAL_FAILED;
    batch->refused_position = batch->made_count + 1;
    return;
  }
  write_image(batch, image);
  if (batch->stage == BATCH_MAKING_IMAGES && batch->made_count == batch->texts.text_count)
    finish(batch);
}

void batch_step(text_batch *batch, const server_config *config, image_maker *maker, char *scratch) {
  if (batch->stage == BATCH_MAKING_IMAGES)
    make_next(batch, maker);
  for (int i = 0; i < READ_AT_ONCE && batch->stage == BATCH_READING_TEXTS; i++)
    read_text(batch, config, scratch);
}
