#include "bare.h"

#include <png.h>
#include <qrencode.h>
#include <stdlib.h>
#include <string.h>

enum { WIDTH_PX = 200, MARGIN_MODULES = 4, ROW_NBYTES = WIDTH_PX / 8 };

typedef struct png_output {
  uint8_t *bytes;
  size_t nbytes, capacity;
} png_output;

static void append(png_structp png, png_bytep bytes, size_t nbytes) {
  png_output *output = png_get_io_ptr(png);
  if (output->nbytes + nbytes > output->capacity) {
    output->capacity = 2 * (output->nbytes + nbytes);
    output->bytes = realloc(output->bytes, output->capacity);
    if (!output->bytes)
      png_error(png, "out of memory");
  }
  memcpy(output->bytes + output->nbytes, bytes, nbytes);
  output->nbytes += nbytes;
}

static void flush(png_structp png) {
  (void)png;
}

static void draw_row(uint8_t *row, const QRcode *code, int y, int scale, int offset) {
  memset(row, 0xFF, ROW_NBYTES);
  for (int x = 0; y >= 0 && y < code->width && x < code->width; x++)
    if (code->data[y * code->width + x] & 1)
      for (int px = offset + x * scale; px < offset + (x + 1) * scale; px++)
        row[px / 8] &= (uint8_t)(~(0x80 >> px % 8));
}

static void write_image(png_structp png, const QRcode *code) {
  int scale = WIDTH_PX / (code->width + 2 * MARGIN_MODULES), offset = (WIDTH_PX - scale * code->width) / 2;
  uint8_t row[ROW_NBYTES];
  int previous_y = -2;
  for (int py = 0; py < WIDTH_PX; py++) {
    int y = py < offset ? -1 : (py - offset) / scale;
    if (y >= code->width)
      y = code->width;
    if (y != previous_y)
      draw_row(row, code, y, scale, offset);
    png_set_filter(png, PNG_FILTER_TYPE_BASE, y == previous_y ? PNG_FILTER_VALUE_UP : PNG_FILTER_VALUE_NONE);
    png_write_row(png, row);
    previous_y = y;
  }
}

static size_t write_png(const QRcode *code, png_output *output) {
  png_structp png = png_create_write_struct(PNG_LIBPNG_VER_STRING, NULL, NULL, NULL);
  png_infop info = png_create_info_struct(png);
  if (setjmp(png_jmpbuf(png)))
    return 0;
  png_set_write_fn(png, output, append, flush);
  png_set_compression_level(png, 1);
  png_set_filter(png, PNG_FILTER_TYPE_BASE, PNG_FILTER_NONE | PNG_FILTER_UP);
  png_set_IHDR(png, info, WIDTH_PX, WIDTH_PX, 1, PNG_COLOR_TYPE_GRAY, PNG_INTERLACE_NONE, PNG_COMPRESSION_TYPE_DEFAULT,
               PNG_FILTER_TYPE_DEFAULT);
  png_write_info(png, info);
  write_image(png, code);
  png_write_end(png, NULL);
  png_destroy_write_struct(&png, &info);
  return output->nbytes;
}

static QRcode *encode(const char *text) {
  return QRcode_encodeString(text, 0, QR_ECLEVEL_L, QR_MODE_8, 1);
}

int bare_encode_modules(const char *text) {
  QRcode *code = encode(text);
  int side = code ? code->width : 0;
  QRcode_free(code);
  return side;
}

size_t bare_encode(const char *text, uint8_t **png) {
  png_output output = {0};
  QRcode *code = encode(text);
  if (!code)
    return 0;
  size_t png_nbytes = write_png(code, &output);
  QRcode_free(code);
  *png = output.bytes;
  return png_nbytes;
}
