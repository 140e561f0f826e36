#include "pipe.h"

#include <stdio.h>
#include <string.h>

enum { HEAD_NBYTES = 4, OPTIONS_NBYTES = 4, MAX_REQUEST_NBYTES = 65536 };

enum answer_kind { ANSWER_PNG = 0, ANSWER_REFUSED = 1, ANSWER_FAILED = 2 };

static uint32_t read_big_endian(const uint8_t *bytes, int nbytes) {
  uint32_t value = 0;
  for (int i = 0; i < nbytes; i++)
    value = value << 8 | bytes[i];
  return value;
}

static int write_answer(enum answer_kind kind, const void *body, size_t body_nbytes) {
  uint32_t length = (uint32_t)body_nbytes + 1;
  uint8_t head[HEAD_NBYTES + 1] = {(uint8_t)(length >> 24), (uint8_t)(length >> 16), (uint8_t)(length >> 8),
                                   (uint8_t)length, (uint8_t)kind};
  return fwrite(head, sizeof head, 1, stdout) == 1 && fwrite(body, body_nbytes, 1, stdout) == 1 && fflush(stdout) == 0
             ? 0
             : -1;
}

static int answer(qrpng_encoder *encoder, const char *engine, const uint8_t *request, size_t request_nbytes) {
  qrpng_options options = qrpng_default_options();
  options.engine = engine;
  options.ecl = (qrpng_level)request[0];
  options.margin = request[1];
  options.width = (int)read_big_endian(request + 2, 2);
  const uint8_t *png;
  size_t png_nbytes;
  qrpng_status status =
      qrpng_encode(encoder, request + OPTIONS_NBYTES, request_nbytes - OPTIONS_NBYTES, &options, &png, &png_nbytes);
  if (status == QRPNG_OK)
    return write_answer(ANSWER_PNG, png, png_nbytes);
  const char *sentence = qrpng_error_message(encoder);
  enum answer_kind kind = status == QRPNG_OUT_OF_MEMORY || status == QRPNG_INTERNAL ? ANSWER_FAILED : ANSWER_REFUSED;
  return write_answer(kind, sentence, strlen(sentence));
}

const char *serve_pipe(qrpng_encoder *encoder, const char *engine) {
  uint8_t head[HEAD_NBYTES];
  static const char cut_off[] = "Standard input ends in the middle of a request.";
  uint8_t request[MAX_REQUEST_NBYTES];
  for (;;) {
    size_t nread = fread(head, 1, sizeof head, stdin);
    if (nread == 0)
      return ferror(stdin) ? "Standard input can't be read." : NULL;
    uint32_t length = read_big_endian(head, HEAD_NBYTES);
    if (nread == sizeof head && (length < OPTIONS_NBYTES || length > sizeof request))
      return "A request must have 4 to 65536 bytes.";
    if (nread < sizeof head || fread(request, 1, length, stdin) < length)
      return cut_off;
    if (answer(encoder, engine, request, length) != 0)
      return "Standard output can't be written.";
  }
}
