#include <png.h>
#include <setjmp.h>
#include <stdlib.h>
#include <string.h>

#include "reference.h"

enum { MAX_ROW_NBYTES = QRPNG_MAX_SIDE_PX / 8 };

/*
 * Chosen for speed on images of this kind: level 1 finds the long matches that repeated rows are, the small memory
 * level saves clearing a hash table larger than the image, and a window below 13 bits would no longer reach across
 * them.
 */
enum { ZLIB_LEVEL = 1, ZLIB_WINDOW_BITS = 13, ZLIB_MEM_LEVEL = 5 };

static png_voidp png_malloc_from_arena(png_structp png, png_alloc_size_t nbytes) {
  return arena_alloc(png_get_mem_ptr(png), nbytes);
}

static void png_free_with_arena(png_structp png, png_voidp memory) {
  (void)png;
  (void)memory;
}

static void fail(png_structp png, png_const_charp message) {
  (void)message;
  png_longjmp(png, 1);
}

static void ignore_warning(png_structp png, png_const_charp message) {
  (void)png;
  (void)message;
}

static void append(png_structp png, png_bytep bytes, size_t nbytes) {
  reference_state *state = png_get_io_ptr(png);
  size_t wanted = state->png_nbytes + nbytes;
  if (wanted > state->png_capacity) {
    size_t capacity = wanted > 4096 ? 2 * wanted : 4096;
    uint8_t *grown = realloc(state->png, capacity);
    if (!grown)
      png_error(png, "out of memory");
    state->png = grown;
    state->png_capacity = capacity;
  }
  memcpy(state->png + state->png_nbytes, bytes, nbytes);
  state->png_nbytes = wanted;
}

static void flush(png_structp png) {
  (void)png;
}

static void clear_bits(uint8_t *row, int begin, int end) {
  int first = begin / 8, last = end / 8;
  uint8_t before = (uint8_t)(~(0xFF >> begin % 8)), after = (uint8_t)(0xFF >> end % 8);
  if (first == last) {
    row[first] &= before | after;
    return;
  }
  row[first] &= before;
  memset(row + first + 1, 0, (size_t)(last - first - 1));
  if (after != 0xFF)
    row[last] &= after;
}

static int is_dark(const uint64_t *modules, int i) {
  return modules[i / 64] >> i % 64 & 1;
}

/* modules is NULL for a row of the quiet zone. */
static void draw_row(uint8_t row[MAX_ROW_NBYTES], const uint64_t *modules, const qrpng_geometry *geometry) {
  memset(row, 0xFF, MAX_ROW_NBYTES);
  if (!modules)
    return;
  for (int i = 0; i < geometry->side_modules; i++) {
    if (!is_dark(modules, i))
      continue;
    int begin = i;
    while (i < geometry->side_modules && is_dark(modules, i))
      i++;
    clear_bits(row, geometry->offset_px + begin * geometry->scale_px, geometry->offset_px + i * geometry->scale_px);
  }
}

/* Writes the same row count times: as it is (filter None), then as zeros (filter Up). */
static void write_rows(png_structp png, const uint8_t *row, int count) {
  for (int i = 0; i < count; i++) {
    if (i < 2)
      png_set_filter(png, PNG_FILTER_TYPE_BASE, i == 0 ? PNG_FILTER_VALUE_NONE : PNG_FILTER_VALUE_UP);
    png_write_row(png, row);
  }
}

static void write_image(png_structp png, const reference_state *state, const qrpng_geometry *geometry) {
  uint8_t row[MAX_ROW_NBYTES];
  draw_row(row, NULL, geometry);
  write_rows(png, row, geometry->offset_px);
  for (int y = 0; y < geometry->side_modules; y++) {
    draw_row(row, state->rows + y * words_of_side(geometry->side_modules), geometry);
    write_rows(png, row, geometry->scale_px);
  }
  draw_row(row, NULL, geometry);
  write_rows(png, row, geometry->side_px - geometry->offset_px - geometry->side_modules * geometry->scale_px);
}

static void set_style(png_structp png, png_infop info, const qrpng_png_style *style) {
  if (style->dpi) {
    png_uint_32 resolution = qrpng_pixels_per_metre(style->dpi);
    png_set_pHYs(png, info, resolution, resolution, PNG_RESOLUTION_METER);
  }
  if (qrpng_is_black_on_white(style))
    return;
  png_color palette[2];
  png_byte alpha[2];
  for (int i = 0; i < 2; i++) {
    uint32_t colour = i == 0 ? style->dark : style->light;
    palette[i] = (png_color){(png_byte)(colour >> 24), (png_byte)(colour >> 16), (png_byte)(colour >> 8)};
    alpha[i] = (png_byte)colour;
  }
  png_set_PLTE(png, info, palette, 2);
  int alpha_count = alpha[1] != 0xFF ? 2 : alpha[0] != 0xFF ? 1 : 0;
  if (alpha_count > 0)
    png_set_tRNS(png, info, alpha, alpha_count, NULL);
}

/* libpng jumps back to here from any error, so everything that it may jump out of lies below this function. */
static qrpng_status write_png(png_structp png, png_infop info, reference_state *state, const qrpng_geometry *geometry,
                              const qrpng_png_style *style) {
  if (setjmp(png_jmpbuf(png)))
    return QRPNG_OUT_OF_MEMORY; /* the only error left: all arguments are checked, the output is memory */

  png_uint_32 side_px = (png_uint_32)geometry->side_px;
  png_set_write_fn(png, state, append, flush);
  png_set_compression_level(png, ZLIB_LEVEL);
  png_set_compression_window_bits(png, ZLIB_WINDOW_BITS);
  png_set_compression_mem_level(png, ZLIB_MEM_LEVEL);
  /* libpng keeps the row before only if a filter that needs it was allowed when the first row is written. */
  png_set_filter(png, PNG_FILTER_TYPE_BASE, PNG_FILTER_NONE | PNG_FILTER_UP);
  int colour_type = qrpng_is_black_on_white(style) ? PNG_COLOR_TYPE_GRAY : PNG_COLOR_TYPE_PALETTE;
  png_set_IHDR(png, info, side_px, side_px, 1, colour_type, PNG_INTERLACE_NONE, PNG_COMPRESSION_TYPE_DEFAULT,
               PNG_FILTER_TYPE_DEFAULT);
  set_style(png, info, style);
  png_write_info(png, info);
  write_image(png, state, geometry);
  png_write_end(png, NULL);
  return QRPNG_OK;
}

qrpng_status reference_write_png(void *opaque, const qrpng_geometry *geometry, const qrpng_png_style *style,
                                 const uint8_t **png_bytes, size_t *png_nbytes) {
  reference_state *state = opaque;
  state->png_nbytes = 0;
  arena_reset(&state->png_memory);

  png_structp png = png_create_write_struct_2(PNG_LIBPNG_VER_STRING, NULL, fail, ignore_warning, &state->png_memory,
                                              png_malloc_from_arena, png_free_with_arena);
  if (!png)
    return QRPNG_OUT_OF_MEMORY;
  png_infop info = png_create_info_struct(png);
  qrpng_status status = info ? write_png(png, info, state, geometry, style) : QRPNG_OUT_OF_MEMORY;
  png_destroy_write_struct(&png, info ? &info : NULL);
  if (status == QRPNG_OK) {
    *png_bytes = state->png;
    *png_nbytes = state->png_nbytes;
  }
  return status;
}
