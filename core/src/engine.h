/* What an engine is to the pipeline: a symbol is encoded into the engine's own state, then drawn from there. */
#ifndef QRPNG_ENGINE_H
#define QRPNG_ENGINE_H

#include "geometry.h"
#include "rows.h"
#include "segments.h"

/* What of a PNG doesn't depend on its symbol and size; the fields of qrpng_options. */
typedef struct qrpng_png_style {
  uint32_t dark, light;
  int dpi, effort;
} qrpng_png_style;

static inline int qrpng_is_black_on_white(const qrpng_png_style *style) {
  return style->dark == 0x000000FF && style->light == 0xFFFFFFFF;
}

/* What a PNG calls the resolution: rounded. */
static inline uint32_t qrpng_pixels_per_metre(int dpi) {
  return ((uint32_t)dpi * 10000 + 127) / 254;
}

typedef struct qrpng_engine {
  const char *name;
  int is_listed;             /* by qrpng_engine_name() */
  int can_choose_mask;       /* options.mask may be 0 to 7, and mask_rule any */
  int (*is_supported)(void); /* by this machine; NULL: by every one */
  void *(*create)(void);     /* NULL: out of memory */
  void (*destroy)(void *state);
  qrpng_status (*encode_symbol)(void *state, const qrpng_message *message);
  /* Both show the symbol encoded last; what they return stays valid until the next call with this state. */
  qrpng_rows (*get_rows)(void *state);
  qrpng_status (*write_png)(void *state, const qrpng_geometry *geometry, const qrpng_png_style *style,
                            const uint8_t **png, size_t *png_nbytes);
  int (*describe_libraries)(char *buffer, size_t size); /* as snprintf */
} qrpng_engine;

extern const qrpng_engine qrpng_fast_engine;
#ifdef QRPNG_WITH_REFERENCE
extern const qrpng_engine qrpng_reference_engine;
#endif

/* The fast engine with its instructions fixed: those that every machine of its kind has, or vectors of so many bits.
 * They are not listed, and missing where the machine can't run them. */
extern const qrpng_engine qrpng_fast_baseline_engine;
#ifdef __x86_64__
extern const qrpng_engine qrpng_fast_128_engine, qrpng_fast_256_engine, qrpng_fast_512_engine;
#endif

#endif
