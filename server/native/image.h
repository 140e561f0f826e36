/* Images, and what a text is refused for that can't be one. */
#ifndef SERVER_IMAGE_H
#define SERVER_IMAGE_H

#include <qrpng.h>

#include "responses.h"

/*
 * The encoder of one thread, and the sentence about the last text that it refused. A sentence without a line end fits
 * into HTTP_SENTENCE_SIZE.
 */
typedef struct image_maker {
  qrpng_encoder *encoder;
  char sentence[HTTP_SENTENCE_SIZE + 64];
} image_maker;

/* Returns the status; the image lives until the next call. What is not the client's fault is logged. */
qrpng_status make_image(image_maker *maker, slice text, const qrpng_options *options, slice *image);

bool is_fault_of_text(qrpng_status status);

/*
 * Answers where there is no image. position: of the text in a batch, from 1; 0: it is no batch. The answer lives until
 * the next call.
 */
http_answer refuse_text(image_maker *maker, const server_responses *responses, qrpng_status status, size_t position);

/* The same for a refusal that is known beforehand. */
http_answer refuse_text_of_batch(image_maker *maker, const server_responses *responses, request_refusal refusal,
                                 size_t position);

#endif
