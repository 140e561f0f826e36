#include <png.h>
#include <qrencode.h>
#include <stdio.h>
#include <stdlib.h>
#include <zlib.h>

#include "reference.h"

static void *create(void) {
  return calloc(1, sizeof(reference_state));
}

static void destroy(void *opaque) {
  reference_state *state = opaque;
  arena_free(&state->png_memory);
  free(state->png);
  free(state);
}

static qrpng_rows get_rows(void *opaque) {
  const reference_state *state = opaque;
  return (qrpng_rows){state->rows, state->side_modules};
}

static int describe_libraries(char *buffer, size_t size) {
  return snprintf(buffer, size, "libqrencode %s, libpng %s, zlib %s", QRcode_APIVersionString(),
                  png_get_libpng_ver(NULL), zlibVersion());
}

const qrpng_engine qrpng_reference_engine = {
    .name = "reference",
    .is_listed = 1,
    .create = create,
    .destroy = destroy,
    .encode_symbol = reference_encode_symbol,
    .get_rows = get_rows,
    .write_png = reference_write_png,
    .describe_libraries = describe_libraries,
};
