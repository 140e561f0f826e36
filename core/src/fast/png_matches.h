/*
 * The unfiltered rows of an image as tokens of deflate, chosen by a search among what was written before: fewer bytes
 * than png.c writes, in more time. docs/fast-engine.md explains it.
 */
#ifndef QRPNG_PNG_MATCHES_H
#define QRPNG_PNG_MATCHES_H

#include "../geometry.h"
#include "../rows.h"
#include "deflate_tokens.h"

/*
 * Stops are the places in a row where a token may begin. From scale 8 up there are two for each module x: 2 x is the
 * byte in which the module begins, 2 x + 1 the first one of its colour alone, which may be the same. Below, each byte
 * is a stop.
 */
enum { MAX_STOPS = 2 * (QRPNG_MAX_SIDE_MODULES + 1) };

/* Where a module begins; bytes are counted from the first that holds a part of the symbol. */
typedef struct module_place {
  uint16_t stop, byte, first_pure_byte;
} module_place;

/* A window is what a match may begin with: all modules from one on, seen from a stop. Only those of the same phase have
 * the same bytes. */
typedef struct match_window {
  uint16_t module, byte, phase;
} match_window;

/* For scales below 8: the values of a byte by the modules in it, of which it may have so many. */
enum { MAX_BYTE_MODULES = 8, MAX_PHASES = 8 };
typedef uint8_t byte_values[1 << MAX_BYTE_MODULES];

/* All that depends on the geometry alone. */
typedef struct match_plan {
  qrpng_geometry geometry;
  int stride, first_byte, byte_count, right_byte_count, rows_above, rows_below; /* as png_plan has them */
  int is_by_byte, lead_px;                                                      /* light pixels in the first byte */
  int stop_count, window_count, first_window;
  int short_key_nbits, long_key_nbits, phase_count;
  module_place modules[QRPNG_MAX_SIDE_MODULES + 1];
  match_window windows[MAX_STOPS];
  byte_values values[MAX_PHASES + 1]; /* by phase; the last ones are of a first byte with light pixels */
} match_plan;

/* What was written at some place: the next 64 modules, and how many there are up to the end of the row. */
typedef struct match_source {
  uint64_t modules;
  int32_t place; /* in bytes of the image; in the last of equal rows */
  int32_t count;
} match_source;

/* One for each window, after one that stands for none. The latest ones are found by their first modules. */
enum {
  SOURCES = 1 + QRPNG_MAX_SIDE_MODULES * QRPNG_MAX_SIDE_MODULES,
  SHORT_KEYS = 1 << 13,
  LONG_KEYS = 1 << 15,
  CANDIDATES = 2
};

/* Modules, distance, and what its code costs. */
typedef struct match_candidate {
  uint16_t modules, distance;
  uint32_t cost;
} match_candidate;

/* In 1/8 bit, by length; in the upper half of a word, as parse_node has them. */
enum { MAX_ROW_NBYTES = (QRPNG_MAX_SIDE_PX + 7) / 8 };
typedef uint64_t length_costs[MAX_ROW_NBYTES + 1];

/* At most four tokens for a module, or one for each byte of a row, and some between rows. */
enum { MAX_TOKENS = (4 * QRPNG_MAX_SIDE_MODULES + 16) * QRPNG_MAX_SIDE_MODULES };

/* Zeroed before its first use. */
typedef struct match_state {
  match_plan plan; /* of the geometry used last */
  length_costs match_costs, stretch_costs[2];
  match_candidate candidates[MAX_STOPS][CANDIDATES];
  uint16_t latest_short[SHORT_KEYS], latest_long[LONG_KEYS];
  match_source sources[SOURCES];
  unsigned source_count;
  token_block block;
  deflate_token tokens[MAX_TOKENS];
  size_t token_count;
} match_state;

/* Finds the tokens of an image whose rows are all unfiltered. Returns the bits of their block, or SIZE_MAX if there is
 * nothing to find in such an image. */
size_t fast_find_matches(match_state *state, const qrpng_geometry *geometry, const uint64_t *rows);

/* Writes that block, from a whole byte on. */
void fast_put_matches(bit_sink *sink, const match_state *state);

#endif
