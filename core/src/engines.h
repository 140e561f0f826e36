/* The engines built in, and how one is found by its name. */
#ifndef QRPNG_ENGINES_H
#define QRPNG_ENGINES_H

#include "engine.h"

/* Their places in the table, the default's first. */
enum {
  QRPNG_DEFAULT_ENGINE,
#ifdef QRPNG_WITH_REFERENCE
  QRPNG_REFERENCE_ENGINE,
#endif
  QRPNG_FAST_BASELINE_ENGINE,
#ifdef __x86_64__
  QRPNG_FAST_128_ENGINE,
  QRPNG_FAST_256_ENGINE,
  QRPNG_FAST_512_ENGINE,
#endif
  QRPNG_ENGINE_COUNT,
};

extern const qrpng_engine *const qrpng_engines[QRPNG_ENGINE_COUNT];

/* NULL: the default engine. Returns QRPNG_ENGINE_COUNT if there is none of that name, or this machine can't run it. */
size_t qrpng_find_engine(const char *name);

#endif
