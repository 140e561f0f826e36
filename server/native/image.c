#include "image.h"

#include <stdio.h>

qrpng_status make_image(image_maker *maker, slice text, const qrpng_options *options, slice *image) {
  const uint8_t *png;
  size_t png_nbytes;
  qrpng_status status = qrpng_encode(maker->encoder, text.bytes, text.nbytes, options, &png, &png_nbytes);
  if (status == QRPNG_OK)
    *image = (slice){(const char *)png, png_nbytes};
  else if (!is_fault_of_text(status))
    fprintf(stderr, "qrpng-server: An image could not be made: %s.\n", qrpng_status_message(status));
  return status;
}

bool is_fault_of_text(qrpng_status status) {
  return status == QRPNG_TEXT_TOO_LONG || status == QRPNG_WIDTH_TOO_SMALL;
}

static http_answer refuse_by(image_maker *maker, const server_responses *responses, const char *sentence,
                             size_t position) {
  char prefix[64] = "";
  if (position > 0)
    snprintf(prefix, sizeof prefix, "Text %zu of the batch: ", position);
  int nbytes = snprintf(maker->sentence, sizeof maker->sentence, "%s%.*s\n", prefix, HTTP_SENTENCE_SIZE - 1, sentence);
  return respond_bad_request(responses, (slice){maker->sentence, (size_t)nbytes});
}

http_answer refuse_text(image_maker *maker, const server_responses *responses, qrpng_status status, size_t position) {
  if (!is_fault_of_text(status))
    return respond_refusal(responses, REFUSAL_FAILED);
  return refuse_by(maker, responses, qrpng_error_message(maker->encoder), position);
}

http_answer refuse_text_of_batch(image_maker *maker, const server_responses *responses, request_refusal refusal,
                                 size_t position) {
  char sentence[HTTP_SENTENCE_SIZE];
  refusal_sentence(refusal, &(refusal_limits){0}, sentence, sizeof sentence);
  return refuse_by(maker, responses, sentence, position);
}
