/* What an engine is to the pipeline: a symbol is encoded into the engine's own state, then drawn from there. */
#ifndef QRPNG_ENGINE_H
#define QRPNG_ENGINE_H

#include "geometry.h"
#include "qrpng.h"

/* The longest text that any symbol holds: digits, version 40, level L (ISO/IEC 18004, table 7). */
#define QRPNG_MAX_TEXT_NBYTES 7089
#define QRPNG_MAX_SIDE_MODULES 177

typedef struct qrpng_engine {
  const char *name;
  void *(*create)(void); /* NULL: out of memory */
  void (*destroy)(void *state);
  /* text_nbytes is 1 to QRPNG_MAX_TEXT_NBYTES. Stores the version. */
  qrpng_status (*encode_symbol)(void *state, const uint8_t *text, size_t text_nbytes, qrpng_level ecl, int *version);
  /* Both show the symbol encoded last; what they return stays valid until the next call with this state. */
  const uint8_t *(*get_modules)(void *state);
  qrpng_status (*write_png)(void *state, const qrpng_geometry *geometry, const uint8_t **png, size_t *png_nbytes);
  int (*describe_libraries)(char *buffer, size_t size); /* as snprintf */
} qrpng_engine;

extern const qrpng_engine qrpng_reference_engine;

/* NULL: the default engine. Returns NULL if there is none of that name. */
const qrpng_engine *qrpng_find_engine(const char *name);

#endif
