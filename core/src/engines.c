#include "engines.h"

#include <string.h>

const qrpng_engine *const qrpng_engines[QRPNG_ENGINE_COUNT] = {
    [QRPNG_DEFAULT_ENGINE] = &qrpng_fast_engine,
#ifdef QRPNG_WITH_REFERENCE
    [QRPNG_REFERENCE_ENGINE] = &qrpng_reference_engine,
#endif
    [QRPNG_FAST_BASELINE_ENGINE] = &qrpng_fast_baseline_engine,
#ifdef __x86_64__
    [QRPNG_FAST_128_ENGINE] = &qrpng_fast_128_engine,
    [QRPNG_FAST_256_ENGINE] = &qrpng_fast_256_engine,
    [QRPNG_FAST_512_ENGINE] = &qrpng_fast_512_engine,
#endif
};

const char *qrpng_engine_name(size_t index) {
  for (size_t i = 0; i < QRPNG_ENGINE_COUNT; i++)
    if (qrpng_engines[i]->is_listed && index-- == 0)
      return qrpng_engines[i]->name;
  return NULL;
}

size_t qrpng_find_engine(const char *name) {
  size_t index = 0;
  while (name && index < QRPNG_ENGINE_COUNT && strcmp(qrpng_engines[index]->name, name) != 0)
    index++;
  int is_supported =
      index == QRPNG_ENGINE_COUNT || !qrpng_engines[index]->is_supported || qrpng_engines[index]->is_supported();
  return is_supported ? index : QRPNG_ENGINE_COUNT;
}

int qrpng_engine_libraries(const char *name, char *buffer, size_t size) {
  size_t index = qrpng_find_engine(name);
  return index < QRPNG_ENGINE_COUNT ? qrpng_engines[index]->describe_libraries(buffer, size) : -1;
}
