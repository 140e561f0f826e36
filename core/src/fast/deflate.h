/* What a deflate stream is made of (RFC 1951), for streams whose shape is known in advance. */
#ifndef QRPNG_DEFLATE_H
#define QRPNG_DEFLATE_H

#include "fast.h"

enum {
  END_OF_BLOCK = 256,
  FIRST_LENGTH_SYMBOL = 257,
  LITERAL_SYMBOLS = 286,
  DISTANCE_SYMBOLS = 30,
  MIN_MATCH = 3,
  MAX_MATCH = 258,
};

/* Bits in the order of a stream: the first one lowest. */
typedef struct bit_string {
  uint64_t bits;
  int nbits;
} bit_string;

/* Writes up to eight bytes beyond the last one that is complete. */
typedef struct bit_sink {
  uint8_t *next;
  uint64_t pending; /* fewer than 8 bits */
  int pending_nbits;
} bit_sink;

/* nbits is at most MAX_SINK_NBITS. */
enum { MAX_SINK_NBITS = 56 };
static inline void sink_put(bit_sink *sink, uint64_t bits, int nbits) {
  uint64_t pending = sink->pending | bits << sink->pending_nbits;
  int total_nbits = sink->pending_nbits + nbits;
  store_word(sink->next, pending);
  sink->next += total_nbits / 8;
  sink->pending = pending >> (total_nbits & ~7);
  sink->pending_nbits = total_nbits & 7;
}

static inline void sink_put_string(bit_sink *sink, bit_string string) {
  sink_put(sink, string.bits, string.nbits);
}

/* Appends; together at most 64 bits. */
static inline void string_append(bit_string *string, bit_string more) {
  string->bits |= more.bits << string->nbits;
  string->nbits += more.nbits;
}

/* A block's codes. A symbol of weight 0 gets no code. */
typedef struct deflate_codes {
  bit_string literals[LITERAL_SYMBOLS]; /* and lengths */
  bit_string distances[DISTANCE_SYMBOLS];
} deflate_codes;

/* Literal codes are at most max_nbits long (6 to 15). */
void deflate_build_codes(const uint32_t literal_weights[LITERAL_SYMBOLS],
                         const uint32_t distance_weights[DISTANCE_SYMBOLS], int max_nbits, deflate_codes *codes);

/* The head of a block with dynamic codes that is the only one (3.2.7). */
void deflate_put_head(bit_sink *sink, const deflate_codes *codes);

/* The symbol of a match length from 3 to 258, and of a distance from 1 to 32768 (3.2.5). */
int deflate_length_symbol(int length);
int deflate_distance_symbol(int distance);

/* Symbols and extra bits of a match. */
bit_string deflate_match(const deflate_codes *codes, int length, int distance);

#endif
