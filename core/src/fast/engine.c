#include <stdio.h>
#include <stdlib.h>

#include "png.h"
#include "symbol.h"

typedef struct fast_state {
  symbol_state symbol;
  png_state png;
  fast_penalty_function *penalties;
  match_state *matches; /* from the first image on that asks for them */
  void *allocation;
} fast_state;

#ifdef __x86_64__
/* All that TARGET says in penalty_*.c. */
static int supports_128(void) {
  return __builtin_cpu_supports("sse4.2") && __builtin_cpu_supports("popcnt");
}

static int supports_256(void) {
  return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("popcnt");
}

static int supports_512(void) {
  return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512vpopcntdq") &&
         __builtin_cpu_supports("popcnt");
}
#endif

/* Memory from calloc costs nothing before it is written to, and most of a state is written to only by large images. */
static void *create_with(fast_penalty_function *penalties) {
  const size_t alignment = _Alignof(fast_state);
  void *allocation = calloc(1, sizeof(fast_state) + alignment);
  if (!allocation)
    return NULL;
  fast_state *state = (fast_state *)(((uintptr_t)allocation + alignment - 1) / alignment * alignment);
  state->allocation = allocation;
  state->penalties = penalties;
  return state;
}

static void *create_baseline(void) {
  return create_with(fast_penalties_baseline);
}

#ifdef __x86_64__
static void *create_128(void) {
  return create_with(fast_penalties_128);
}

static void *create_256(void) {
  return create_with(fast_penalties_256);
}

static void *create_512(void) {
  return create_with(fast_penalties_512);
}
#endif

static void *create_widest(void) {
#ifdef __x86_64__
  if (supports_512())
    return create_512();
  if (supports_256())
    return create_256();
  if (supports_128())
    return create_128();
#endif
  return create_baseline();
}

static void destroy(void *state) {
  free(((fast_state *)state)->matches);
  free(((fast_state *)state)->allocation);
}

static qrpng_status encode_symbol(void *opaque, const qrpng_message *message) {
  fast_state *state = opaque;
  fast_encode_symbol(&state->symbol, message, state->penalties);
  return QRPNG_OK;
}

static qrpng_rows get_rows(void *opaque) {
  const fast_state *state = opaque;
  return (qrpng_rows){state->symbol.rows, state->symbol.side};
}

static qrpng_status write_png(void *opaque, const qrpng_geometry *geometry, const qrpng_png_style *style,
                              const uint8_t **png, size_t *png_nbytes) {
  fast_state *state = opaque;
  if (style->effort > 0 && !state->matches)
    state->matches = calloc(1, sizeof *state->matches);
  if (style->effort > 0 && !state->matches)
    return QRPNG_OUT_OF_MEMORY;
  match_state *matches = style->effort > 0 ? state->matches : NULL;
  *png_nbytes = fast_write_png(&state->png, geometry, style, state->symbol.rows, matches);
  *png = state->png.png;
  return QRPNG_OK;
}

static int describe_libraries(char *buffer, size_t size) {
  return snprintf(buffer, size, "no libraries");
}

#define SHARED_BY_ALL_PATHS                                                                                            \
  .can_choose_mask = 1, .destroy = destroy, .encode_symbol = encode_symbol, .get_rows = get_rows,                      \
  .write_png = write_png, .describe_libraries = describe_libraries

const qrpng_engine qrpng_fast_engine = {.name = "fast", .is_listed = 1, .create = create_widest, SHARED_BY_ALL_PATHS};
const qrpng_engine qrpng_fast_baseline_engine = {
    .name = "fast:baseline", .create = create_baseline, SHARED_BY_ALL_PATHS};
#ifdef __x86_64__
const qrpng_engine qrpng_fast_128_engine = {
    .name = "fast:128", .is_supported = supports_128, .create = create_128, SHARED_BY_ALL_PATHS};
const qrpng_engine qrpng_fast_256_engine = {
    .name = "fast:256", .is_supported = supports_256, .create = create_256, SHARED_BY_ALL_PATHS};
const qrpng_engine qrpng_fast_512_engine = {
    .name = "fast:512", .is_supported = supports_512, .create = create_512, SHARED_BY_ALL_PATHS};
#endif
