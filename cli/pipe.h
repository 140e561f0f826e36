/*
 * qrpng --pipe: one process that answers many requests, in the order in which they came.
 *
 * Integers are big-endian. A request is
 *   u32  length of what follows, 4 to 65536
 *   u8   ecl, the error correction level: 0 L, 1 M, 2 Q, 3 H
 *   u8   margin in modules
 *   u16  width in px
 *   the text
 * and an answer is
 *   u32  length of what follows
 *   u8   0: a PNG follows; 1: the request is refused, 2: making the image failed, and a sentence that says why follows
 *   the PNG or the sentence
 * Requests may be sent before earlier ones are answered. The process ends at the end of its input.
 */
#ifndef QRPNG_CLI_PIPE_H
#define QRPNG_CLI_PIPE_H

#include "qrpng.h"

/* Serves standard input until its end. Returns NULL then, or a sentence about input that is cut off or malformed. */
const char *serve_pipe(qrpng_encoder *encoder, const char *engine);

#endif
