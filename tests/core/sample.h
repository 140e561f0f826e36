/* Texts, and the segments that they are split into, for symbols of all kinds. */
#ifndef SAMPLE_H
#define SAMPLE_H

#include <stddef.h>

#include "qrpng.h"
#include "random.h"

enum { MAX_TEXT_NBYTES = 7089, MAX_SAMPLE_SEGMENTS = 64, MAX_SIDE = 177, MAX_MODULES = MAX_SIDE * MAX_SIDE };

typedef struct symbol_sample {
  uint8_t text[MAX_TEXT_NBYTES];
  size_t text_nbytes;
  qrpng_segment segments[MAX_SAMPLE_SEGMENTS];
  size_t segment_count;
  int version; /* that is asked for; 0: the smallest */
  qrpng_level ecl;
} symbol_sample;

/* Adds a segment of characters that the mode holds: all different, or repeating after a few, so that the symbol isn't
 * always noise. */
void sample_add(symbol_sample *sample, qrpng_mode mode, int characters, random_source *source);

/* One segment of each mode and length comes up, and where they are cut is free: all fits the version. */
void sample_mix(symbol_sample *sample, int version, qrpng_level ecl, random_source *source);

/*
 * Bytes chosen so that some mask turns the data modules into a picture: areas and runs of one colour, stripes and
 * finder-like patterns of all sizes, an unbalanced rest. What the rules of mask penalties look for is rare in noise.
 */
void sample_draw(symbol_sample *sample, int version, qrpng_level ecl, const uint8_t *data_modules,
                 random_source *source);

#endif
