#include "strict_png.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

enum { MAX_ROW_NBYTES = QRPNG_MAX_SIDE_PX / 8, MAX_DATA_NBYTES = (1 + MAX_ROW_NBYTES) * QRPNG_MAX_SIDE_PX };
enum { FILTER_NONE = 0, FILTER_UP = 2 };

struct strict_reader {
  z_stream inflater;
  char complaint[128];
  uint8_t data[MAX_DATA_NBYTES + 1]; /* filtered rows, with room for one byte too many */
  uint8_t rows[MAX_ROW_NBYTES * QRPNG_MAX_SIDE_PX];
};

typedef struct png_chunk {
  const char *type;
  const uint8_t *data;
  uint32_t data_nbytes;
} png_chunk;

typedef struct palette_state {
  int is_wanted, has_colours, has_alpha;
} palette_state;

strict_reader *strict_reader_create(void) {
  strict_reader *reader = calloc(1, sizeof *reader);
  if (!reader)
    return NULL;
  if (inflateInit(&reader->inflater) == Z_OK)
    return reader;
  free(reader);
  return NULL;
}

void strict_reader_destroy(strict_reader *reader) {
  if (!reader)
    return;
  inflateEnd(&reader->inflater);
  free(reader);
}

__attribute__((format(printf, 2, 3))) static const char *complain(strict_reader *reader, const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  vsnprintf(reader->complaint, sizeof reader->complaint, format, arguments);
  va_end(arguments);
  return reader->complaint;
}

static uint32_t big_endian(const uint8_t *bytes) {
  return (uint32_t)bytes[0] << 24 | (uint32_t)bytes[1] << 16 | (uint32_t)bytes[2] << 8 | bytes[3];
}

/* Takes the chunk at *next and moves *next behind it. */
static const char *read_chunk(strict_reader *reader, const uint8_t **next, const uint8_t *end, png_chunk *chunk) {
  enum { FRAME_NBYTES = 12 };
  size_t left = (size_t)(end - *next);
  *chunk = (png_chunk){.type = "none"};
  if (left < FRAME_NBYTES)
    return complain(reader, "%zu bytes are left where a chunk should begin", left);
  const uint8_t *head = *next;
  chunk->data_nbytes = big_endian(head);
  if (chunk->data_nbytes > left - FRAME_NBYTES)
    return complain(reader, "a chunk of %u bytes is cut off", chunk->data_nbytes);
  chunk->type = (const char *)head + 4;
  chunk->data = head + 8;
  const uint8_t *tail = chunk->data + chunk->data_nbytes;
  if (crc32(0, head + 4, chunk->data_nbytes + 4) != big_endian(tail))
    return complain(reader, "the CRC of chunk %.4s is wrong", chunk->type);
  *next = tail + 4;
  return NULL;
}

static int is_type(const png_chunk *chunk, const char *type) {
  return memcmp(chunk->type, type, 4) == 0;
}

static const char *read_header(strict_reader *reader, const png_chunk *chunk, strict_image *image,
                               palette_state *palette) {
  static const uint8_t one_bit_gray[] = {1, 0, 0, 0, 0}, one_bit_palette[] = {1, 3, 0, 0, 0};
  if (!is_type(chunk, "IHDR") || chunk->data_nbytes != 13)
    return "the first chunk is no IHDR of 13 bytes";
  palette->is_wanted = memcmp(chunk->data + 8, one_bit_palette, sizeof one_bit_palette) == 0;
  if (!palette->is_wanted && memcmp(chunk->data + 8, one_bit_gray, sizeof one_bit_gray) != 0)
    return "the image has not 1 bit, gray or with a palette, without interlace";
  uint32_t width = big_endian(chunk->data), height = big_endian(chunk->data + 4);
  if (width != height || width < 1 || width > QRPNG_MAX_SIDE_PX)
    return complain(reader, "the image has %u x %u px", width, height);
  image->side_px = (int)width;
  image->row_nbytes = (width + 7) / 8;
  return NULL;
}

static uint32_t rgba(const uint8_t *rgb) {
  return (uint32_t)rgb[0] << 24 | (uint32_t)rgb[1] << 16 | (uint32_t)rgb[2] << 8 | 0xFF;
}

/* Of PLTE, tRNS and pHYs each at most one, as the header says; those after the header in any order that the standard
 * allows. */
static const char *read_style(strict_reader *reader, const png_chunk *chunk, palette_state *palette,
                              strict_image *image) {
  if (is_type(chunk, "pHYs") && chunk->data_nbytes == 9 && chunk->data[8] == 1 && image->pixels_per_metre == 0) {
    image->pixels_per_metre = big_endian(chunk->data);
    return image->pixels_per_metre != 0 && image->pixels_per_metre == big_endian(chunk->data + 4)
               ? NULL
               : "the resolution isn't as it should be";
  }
  if (palette->is_wanted && !palette->has_colours && is_type(chunk, "PLTE") && chunk->data_nbytes == 6) {
    palette->has_colours = 1;
    image->dark = rgba(chunk->data);
    image->light = rgba(chunk->data + 3);
    return NULL;
  }
  if (palette->has_colours && !palette->has_alpha && is_type(chunk, "tRNS")) {
    palette->has_alpha = 1;
    size_t count = chunk->data_nbytes;
    if (count < 1 || count > 2 || chunk->data[count - 1] == 0xFF)
      return "the transparency isn't as short as it could be";
    image->dark = (image->dark & 0xFFFFFF00) | chunk->data[0];
    image->light = (image->light & 0xFFFFFF00) | (count == 2 ? chunk->data[1] : 0xFF);
    return NULL;
  }
  return complain(reader, "chunk %.4s is out of place", chunk->type);
}

/* From IHDR to before the first IDAT. */
static const char *read_head(strict_reader *reader, const uint8_t **next, const uint8_t *end, strict_image *image) {
  png_chunk chunk;
  palette_state palette = {0};
  const char *complaint = read_chunk(reader, next, end, &chunk);
  if (!complaint)
    complaint = read_header(reader, &chunk, image, &palette);
  for (const uint8_t *begin = *next; !complaint; begin = *next) {
    complaint = read_chunk(reader, next, end, &chunk);
    if (!complaint && is_type(&chunk, "IDAT")) {
      *next = begin;
      break;
    }
    if (!complaint)
      complaint = read_style(reader, &chunk, &palette, image);
  }
  if (!complaint && palette.is_wanted && !palette.has_colours)
    return "there is no palette";
  if (!palette.is_wanted) {
    image->dark = 0x000000FF;
    image->light = 0xFFFFFFFF;
  }
  return complaint;
}

/* zlib itself checks the stream's header and its Adler-32. */
static const char *inflate_chunk(strict_reader *reader, const png_chunk *chunk, int *has_ended) {
  z_stream *inflater = &reader->inflater;
  if (*has_ended)
    return "an IDAT follows the end of the compressed stream";
  inflater->next_in = (Bytef *)chunk->data;
  inflater->avail_in = chunk->data_nbytes;
  int result = inflate(inflater, Z_NO_FLUSH);
  if (result != Z_OK && result != Z_STREAM_END && result != Z_BUF_ERROR)
    return complain(reader, "the compressed stream is bad: %s", inflater->msg ? inflater->msg : zError(result));
  *has_ended = result == Z_STREAM_END;
  if (inflater->avail_in > 0)
    return complain(reader, "%u bytes of an IDAT are not part of the image", inflater->avail_in);
  return NULL;
}

static const char *read_data(strict_reader *reader, const uint8_t **next, const uint8_t *end, strict_image *image,
                             png_chunk *behind) {
  size_t expected = (1 + image->row_nbytes) * (size_t)image->side_px;
  int has_ended = 0;
  inflateReset(&reader->inflater);
  reader->inflater.next_out = reader->data;
  reader->inflater.avail_out = (uInt)expected + 1;
  const char *complaint;
  while (!(complaint = read_chunk(reader, next, end, behind)) && is_type(behind, "IDAT")) {
    image->data_chunks++;
    complaint = inflate_chunk(reader, behind, &has_ended);
    if (complaint)
      return complaint;
  }
  if (complaint)
    return complaint;
  if (!has_ended)
    return "the compressed stream has no end";
  if (reader->inflater.total_out != expected)
    return complain(reader, "%lu bytes of rows instead of %zu", reader->inflater.total_out, expected);
  return NULL;
}

/* Of the last byte of a row, those that are pixels. */
static uint8_t last_bits(const strict_image *image) {
  return (uint8_t)(0xFF << (8 * image->row_nbytes - (size_t)image->side_px));
}

static const char *unfilter(strict_reader *reader, const strict_image *image) {
  size_t row_nbytes = image->row_nbytes;
  for (int y = 0; y < image->side_px; y++) {
    const uint8_t *filtered = reader->data + (size_t)y * (1 + row_nbytes);
    uint8_t *row = reader->rows + (size_t)y * row_nbytes;
    memcpy(row, filtered + 1, row_nbytes);
    if (filtered[0] == FILTER_UP && y > 0)
      for (size_t i = 0; i < row_nbytes; i++)
        row[i] = (uint8_t)(row[i] + (row - row_nbytes)[i]);
    else if (filtered[0] != FILTER_NONE && filtered[0] != FILTER_UP)
      return complain(reader, "row %d has filter %d: None and Up are all that this reader expects", y, filtered[0]);
  }
  for (int y = 0; y < image->side_px; y++)
    reader->rows[(size_t)(y + 1) * row_nbytes - 1] &= last_bits(image);
  return NULL;
}

const char *strict_read(strict_reader *reader, const uint8_t *png, size_t png_nbytes, strict_image *image) {
  static const uint8_t signature[] = {0x89, 'P', 'N', 'G', '\r', '\n', 0x1A, '\n'};
  *image = (strict_image){.rows = reader->rows};
  if (png_nbytes < sizeof signature || memcmp(png, signature, sizeof signature) != 0)
    return "the file has no PNG signature";
  const uint8_t *next = png + sizeof signature, *end = png + png_nbytes;
  png_chunk chunk;
  const char *complaint = read_head(reader, &next, end, image);
  if (!complaint)
    complaint = read_data(reader, &next, end, image, &chunk);
  if (complaint)
    return complaint;
  if (!is_type(&chunk, "IEND") || chunk.data_nbytes != 0)
    return complain(reader, "chunk %.4s stands where IEND should", chunk.type);
  if (next != end)
    return complain(reader, "%zu bytes follow IEND", (size_t)(end - next));
  return unfilter(reader, image);
}

static const char *compare_row(strict_reader *reader, const strict_image *image, int y, const uint8_t *expected) {
  const uint8_t *row = image->rows + (size_t)y * image->row_nbytes;
  if (memcmp(row, expected, image->row_nbytes) == 0)
    return NULL;
  size_t i = 0;
  while (row[i] == expected[i])
    i++;
  return complain(reader, "row %d differs in pixels %zu to %zu", y, 8 * i, 8 * i + 7);
}

static const char *compare_style(strict_reader *reader, const strict_image *image, uint32_t dark, uint32_t light,
                                 uint32_t pixels_per_metre) {
  if (image->dark != dark || image->light != light)
    return complain(reader, "the colours are %08X and %08X instead of %08X and %08X", image->dark, image->light, dark,
                    light);
  if (image->pixels_per_metre != pixels_per_metre)
    return complain(reader, "%u px a metre instead of %u", image->pixels_per_metre, pixels_per_metre);
  return NULL;
}

const char *strict_compare_images(strict_reader *reader, const strict_image *image, const strict_image *other) {
  const char *complaint = compare_style(reader, image, other->dark, other->light, other->pixels_per_metre);
  if (image->side_px != other->side_px)
    return complain(reader, "the sides are %d px and %d px", image->side_px, other->side_px);
  for (int y = 0; y < image->side_px && !complaint; y++)
    complaint = compare_row(reader, image, y, other->rows + (size_t)y * other->row_nbytes);
  return complaint;
}

static void draw_modules(uint8_t *row, const uint8_t *modules, int side, int scale_px, int offset_px) {
  for (int i = 0; i < side * scale_px; i++)
    if (modules[i / scale_px])
      row[(offset_px + i) / 8] &= (uint8_t)(~(0x80 >> (offset_px + i) % 8));
}

const char *strict_compare_symbol(strict_reader *reader, const strict_image *image, const qrpng_symbol *symbol,
                                  const qrpng_options *options) {
  double total = symbol->side + 2 * options->margin;
  int scale_px = options->width ? (int)(options->width / total) : options->scale;
  int side_px = options->width ? options->width : (int)(options->scale * total);
  if (image->side_px != side_px)
    return complain(reader, "the side is %d px instead of %d px", image->side_px, side_px);
  uint32_t pixels_per_metre = (uint32_t)(options->dpi / 0.0254 + 0.5);
  const char *complaint = compare_style(reader, image, options->dark, options->light, pixels_per_metre);

  uint8_t light[MAX_ROW_NBYTES], expected[MAX_ROW_NBYTES];
  int symbol_px = scale_px * symbol->side, offset_px = (side_px - symbol_px) / 2, drawn = -1;
  memset(light, 0xFF, sizeof light);
  light[image->row_nbytes - 1] = last_bits(image);
  for (int y = 0; y < side_px && !complaint; y++) {
    if (y < offset_px || y >= offset_px + symbol_px) {
      complaint = compare_row(reader, image, y, light);
      continue;
    }
    int module_y = (y - offset_px) / scale_px;
    if (module_y != drawn) {
      memcpy(expected, light, sizeof light);
      draw_modules(expected, symbol->modules + module_y * symbol->side, symbol->side, scale_px, offset_px);
      drawn = module_y;
    }
    complaint = compare_row(reader, image, y, expected);
  }
  return complaint;
}
