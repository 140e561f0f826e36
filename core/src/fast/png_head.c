#include "png_head.h"

static uint8_t *put_chunk(uint8_t *next, const char type[4], const uint8_t *data, size_t data_nbytes, crc_tables *crc) {
  next = put_big_endian(next, (uint32_t)data_nbytes);
  memcpy(next, type, 4);
  memcpy(next + 4, data, data_nbytes);
  return put_big_endian(next + 4 + data_nbytes, fast_crc32(crc, next, 4 + data_nbytes));
}

static uint8_t *put_header(uint8_t *next, int side_px, int has_palette, crc_tables *crc) {
  uint8_t data[13] = {[8] = 1, [9] = has_palette ? 3 : 0};
  put_big_endian(data, (uint32_t)side_px);
  put_big_endian(data + 4, (uint32_t)side_px);
  return put_chunk(next, "IHDR", data, sizeof data, crc);
}

static uint8_t *put_resolution(uint8_t *next, int dpi, crc_tables *crc) {
  uint8_t data[9] = {[8] = 1}; /* the unit: metres */
  put_big_endian(data, qrpng_pixels_per_metre(dpi));
  put_big_endian(data + 4, qrpng_pixels_per_metre(dpi));
  return put_chunk(next, "pHYs", data, sizeof data, crc);
}

/* Colours with their transparency, if there is any: 0 for dark pixels, 1 for light ones. */
static uint8_t *put_palette(uint8_t *next, const qrpng_png_style *style, crc_tables *crc) {
  const uint32_t colours[2] = {style->dark, style->light};
  uint8_t rgb[6], alpha[2];
  for (int i = 0; i < 2; i++) {
    for (int k = 0; k < 3; k++)
      rgb[3 * i + k] = (uint8_t)(colours[i] >> (24 - 8 * k));
    alpha[i] = (uint8_t)colours[i];
  }
  next = put_chunk(next, "PLTE", rgb, sizeof rgb, crc);
  size_t alpha_count = alpha[1] != 0xFF ? 2 : alpha[0] != 0xFF ? 1 : 0;
  return alpha_count ? put_chunk(next, "tRNS", alpha, alpha_count, crc) : next;
}

static void build(png_head *head, crc_tables *crc) {
  static const uint8_t signature[] = {0x89, 'P', 'N', 'G', '\r', '\n', 0x1A, '\n'};
  int has_palette = !qrpng_is_black_on_white(&head->style);
  memcpy(head->bytes, signature, sizeof signature);
  uint8_t *next = put_header(head->bytes + sizeof signature, head->side_px, has_palette, crc);
  if (head->style.dpi)
    next = put_resolution(next, head->style.dpi, crc);
  if (has_palette)
    next = put_palette(next, &head->style, crc);
  head->nbytes = (int)(next - head->bytes);
}

uint8_t *fast_put_png_head(png_head *head, int side_px, const qrpng_png_style *style, crc_tables *crc, uint8_t *png) {
  if (head->side_px != side_px || head->style.dark != style->dark || head->style.light != style->light ||
      head->style.dpi != style->dpi) {
    head->side_px = side_px;
    head->style = *style;
    build(head, crc);
  }
  memcpy(png, head->bytes, sizeof head->bytes);
  return png + head->nbytes;
}
