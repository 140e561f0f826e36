/* qrpng --pipe: each whole request has one answer, the one that the library gives, and what is malformed ends it. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../cli/pipe.h"
#include "require.h"

enum { HEAD_NBYTES = 4, OPTIONS_NBYTES = 4, MAX_REQUEST_NBYTES = 65536 };

static uint32_t read_big_endian(const uint8_t *bytes) {
  return (uint32_t)bytes[0] << 24 | (uint32_t)bytes[1] << 16 | (uint32_t)bytes[2] << 8 | bytes[3];
}

typedef struct memory_stream {
  FILE *file;
  char *bytes;
  size_t nbytes;
} memory_stream;

/* The same with memory in place of standard input and output. */
static const char *serve(qrpng_encoder *encoder, const uint8_t *input, size_t input_nbytes, memory_stream *output) {
  FILE *const real_stdin = stdin, *const real_stdout = stdout;
  FILE *file = fmemopen((void *)(uintptr_t)input, input_nbytes, "rb");
  output->file = open_memstream(&output->bytes, &output->nbytes);
  fuzz_require(file && output->file, "no memory");
  stdin = file;
  stdout = output->file;
  const char *sentence = serve_pipe(encoder, "fast");
  stdin = real_stdin;
  stdout = real_stdout;
  fclose(file);
  fclose(output->file);
  return sentence;
}

/* Returns the answer's bytes with its head. */
static size_t check_answer(qrpng_encoder *judge, const uint8_t *request, size_t request_nbytes, const uint8_t *answer,
                           size_t left_nbytes) {
  fuzz_require(left_nbytes > HEAD_NBYTES, "an answer is missing");
  const uint32_t nbytes = read_big_endian(answer);
  fuzz_require(nbytes >= 1 && nbytes <= left_nbytes - HEAD_NBYTES, "an answer is cut off");
  qrpng_options options = qrpng_default_options();
  options.engine = "fast";
  options.ecl = (qrpng_level)request[0];
  options.margin = request[1];
  options.width = request[2] << 8 | request[3];
  const uint8_t *png, *body = answer + HEAD_NBYTES + 1;
  size_t png_nbytes;
  const qrpng_status status =
      qrpng_encode(judge, request + OPTIONS_NBYTES, request_nbytes - OPTIONS_NBYTES, &options, &png, &png_nbytes);
  const char *sentence = qrpng_error_message(judge);
  fuzz_require(answer[HEAD_NBYTES] == (status == QRPNG_OK ? 0 : 1), "kind %d in spite of status %d",
               answer[HEAD_NBYTES], status);
  if (status == QRPNG_OK)
    fuzz_require(nbytes - 1 == png_nbytes && memcmp(body, png, png_nbytes) == 0, "another image");
  else
    fuzz_require(nbytes - 1 == strlen(sentence) && memcmp(body, sentence, nbytes - 1) == 0, "another sentence");
  return HEAD_NBYTES + nbytes;
}

int LLVMFuzzerTestOneInput(const uint8_t *input, size_t input_nbytes);
int LLVMFuzzerTestOneInput(const uint8_t *input, size_t input_nbytes) {
  static qrpng_encoder *encoder, *judge;
  if (!encoder)
    fuzz_require(qrpng_encoder_create(&encoder) == QRPNG_OK && qrpng_encoder_create(&judge) == QRPNG_OK, "no memory");
  if (input_nbytes == 0) /* fmemopen() takes none for an error */
    return -1;
  memory_stream output = {NULL, NULL, 0};
  const char *sentence = serve(encoder, input, input_nbytes, &output);

  size_t at = 0, answer_at = 0;
  int is_whole = 1;
  while (is_whole && at < input_nbytes) {
    const uint32_t nbytes = input_nbytes - at >= HEAD_NBYTES ? read_big_endian(input + at) : 0;
    is_whole = nbytes >= OPTIONS_NBYTES && nbytes <= MAX_REQUEST_NBYTES && nbytes <= input_nbytes - at - HEAD_NBYTES;
    if (!is_whole)
      break;
    answer_at += check_answer(judge, input + at + HEAD_NBYTES, nbytes, (uint8_t *)output.bytes + answer_at,
                              output.nbytes - answer_at);
    at += HEAD_NBYTES + nbytes;
  }
  fuzz_require(answer_at == output.nbytes, "%zu bytes too many", output.nbytes - answer_at);
  fuzz_require(is_whole == (sentence == NULL), "%s", sentence ? sentence : "no complaint");
  if (sentence)
    fuzz_require_sentence(sentence);
  free(output.bytes);
  return 0;
}
