/* What a fuzzer's input means: a call of the library. tests/fuzz/seeds.js writes the same format. */
#ifndef FUZZ_CALL_H
#define FUZZ_CALL_H

#include <stddef.h>
#include <stdint.h>

#include "qrpng.h"
#include "require.h"

enum { CALL_HEAD_NBYTES = 27, CALL_SEGMENT_NBYTES = 3, MAX_CALL_TEXT_NBYTES = 8000 };

/* How an input begins, numbers with the low byte first. */
enum call_field {
  CALL_FLAGS = 0,
  CALL_LEVEL = 1,
  CALL_VERSION = 2,
  CALL_MASK = 3,
  CALL_MARGIN = 4,
  CALL_WIDTH = 5,       /* 2 bytes */
  CALL_SCALE = 7,       /* 2 bytes */
  CALL_TEXT_NBYTES = 9, /* 2 bytes; the text is repeated up to this length; 0: once */
  CALL_ENGINE = 11,
  CALL_SEGMENT_COUNT = 12,
  CALL_FORMAT = 13,
  CALL_DARK = 14,            /* 4 bytes */
  CALL_LIGHT = 18,           /* 4 bytes */
  CALL_DPI = 22,             /* 2 bytes */
  CALL_MARGIN_FRACTION = 24, /* 256ths, and thousandths of these in the byte after it */
  CALL_TITLE_NBYTES = 26,    /* the segments follow: mode, length in 2 bytes; then the title; then the text */
};

enum call_flag {
  CALL_IS_RAW = 1,       /* numbers are meant as they are; otherwise they are brought into their ranges */
  CALL_IS_LARGE = 2,     /* widths up to the limit; otherwise up to 511 px, for speed */
  CALL_HAS_SEGMENTS = 4, /* also if there are none */
  CALL_IS_INVERTED = 8,
  CALL_BY_ISO = 16,      /* the mask rule */
  CALL_HAS_TITLE = 32,   /* also if it is empty */
  CALL_HAS_COLOURS = 64, /* otherwise black and white */
  CALL_HAS_EFFORT = 128,
};

typedef struct fuzz_call {
  qrpng_options options; /* its segments and title are memory of their own size, so that sanitizers see its end */
  uint8_t *text;         /* likewise */
  size_t text_nbytes;
} fuzz_call;

/* NULL, the listed engines, each path of engine fast that this machine has, and a name that is none. */
const char *fuzz_engine(unsigned index);

/* The paths of engine fast that this machine has: index 0, 1, …; NULL after the last. */
const char *fuzz_fast_engine(size_t index);

/* Returns 0, or -1 if the input is too short. */
int fuzz_decode_call(const uint8_t *input, size_t input_nbytes, fuzz_call *call);
void fuzz_free_call(fuzz_call *call);

#endif
