#include "sample.h"

#include <string.h>

#include "iso18004.h"
#include "version.h"

static const char alphanumerics[] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:";

/* Writes one character. Returns its bytes. */
static size_t write_character(uint8_t *text, qrpng_mode mode, random_source *source) {
  if (mode == QRPNG_MODE_NUMERIC)
    text[0] = (uint8_t)('0' + random_below(source, 10));
  else if (mode == QRPNG_MODE_ALPHANUMERIC)
    text[0] = (uint8_t)alphanumerics[random_below(source, 45)];
  else if (mode == QRPNG_MODE_BYTE)
    text[0] = (uint8_t)random_bits(source);
  else {
    int lead = random_below(source, 0x9F - 0x81 + 1 + 0xEB - 0xE0 + 1);
    text[0] = (uint8_t)(lead <= 0x9F - 0x81 ? 0x81 + lead : 0xE0 + lead - (0x9F - 0x81 + 1));
    text[1] = (uint8_t)(0x40 + random_below(source, (text[0] == 0xEB ? 0xBF : 0xFC) - 0x40 + 1));
    return 2;
  }
  return 1;
}

void sample_add(symbol_sample *sample, qrpng_mode mode, int characters, random_source *source) {
  size_t begin = sample->text_nbytes;
  int period = random_below(source, 3) > 0 ? characters : 1 + random_below(source, 4);
  for (int i = 0; i < characters; i++) {
    uint8_t *next = sample->text + sample->text_nbytes;
    size_t nbytes = mode == QRPNG_MODE_KANJI ? 2 : 1;
    if (i < period)
      write_character(next, mode, source);
    else
      memcpy(next, next - (size_t)period * nbytes, nbytes);
    sample->text_nbytes += nbytes;
  }
  sample->segments[sample->segment_count++] = (qrpng_segment){.mode = mode, .nbytes = sample->text_nbytes - begin};
}

void sample_mix(symbol_sample *sample, int version, qrpng_level ecl, random_source *source) {
  int left = qrpng_data_capacity_bits(version, ecl), may_stop_early = random_below(source, 2);
  *sample = (symbol_sample){.version = version, .ecl = ecl};
  while (sample->segment_count < MAX_SAMPLE_SEGMENTS) {
    qrpng_mode mode = (qrpng_mode)random_below(source, 4);
    int most = characters_in(mode, version, left);
    if (most == 0)
      break;
    int characters = 1 + random_below(source, most);
    if (random_below(source, 4) > 0) /* short ones, so that there are many */
      characters = 1 + random_below(source, characters < 20 ? characters : 20);
    else if (random_below(source, 3) == 0)
      characters = most;
    sample_add(sample, mode, characters, source);
    left -= segment_bits(mode, version, characters);
    if (may_stop_early && random_below(source, 8) == 0)
      break;
  }
}

typedef struct symbol_picture {
  enum { FLAT, NOISE, STRIPES, FINDERS, CHECKS, PICTURE_COUNT } kind;
  int unit, phase, skew, is_upright;
  int dark_percent, noise_percent;
} symbol_picture;

static symbol_picture choose_picture(random_source *source) {
  symbol_picture picture = {
      .kind = (unsigned)random_below(source, PICTURE_COUNT),
      .unit = 1 + random_below(source, 5),
      .phase = random_below(source, 64),
      .skew = random_below(source, 2) ? 0 : random_below(source, 12),
      .is_upright = random_below(source, 2),
      .dark_percent = 10 + random_below(source, 81),
      .noise_percent = random_below(source, 2) ? 0 : random_below(source, 6),
  };
  return picture;
}

static int is_dark(const symbol_picture *picture, int row, int column, random_source *source) {
  int along = picture->is_upright ? row : column, across = picture->is_upright ? column : row;
  int step = (along + picture->skew * across + picture->phase) / picture->unit;
  int flip = picture->noise_percent > 0 && random_below(source, 100) < picture->noise_percent;
  switch (picture->kind) {
  case FLAT:
    return (picture->phase % 2) ^ flip;
  case NOISE:
    return random_below(source, 100) < picture->dark_percent;
  case STRIPES:
    return (step % 2) ^ flip;
  case FINDERS:
    return ("10111010000"[step % 11] - '0') ^ flip;
  default:
    return ((step + across / picture->unit) % 2) ^ flip;
  }
}

/* The codewords as they are placed, from the modules in the order of 7.7.3. */
static void read_codewords(const symbol_picture *picture, const uint8_t *data_modules, int side, int mask,
                           uint8_t *codewords, random_source *source) {
  int position = 0, is_up = 1;
  for (int right = side - 1; right > 0; right -= 2, is_up = !is_up) {
    if (right == 6)
      right = 5;
    for (int i = 0; i < 2 * side; i++) {
      int row = is_up ? side - 1 - i / 2 : i / 2, column = right - i % 2;
      if (!data_modules[row * side + column])
        continue;
      int bit = is_dark(picture, row, column, source) ^ mask_inverts(mask, row, column);
      codewords[position / 8] |= (uint8_t)(bit << (7 - position % 8));
      position++;
    }
  }
}

/* From the order in which codewords are placed to that in which they are filled (7.6). */
static void restore_order(const uint8_t *codewords, qrpng_blocks blocks, uint8_t *data) {
  int first_long = blocks.count - blocks.long_count;
  for (int i = 0; i <= blocks.data_codewords; i++)
    for (int b = i < blocks.data_codewords ? 0 : first_long; b < blocks.count; b++)
      data[b * blocks.data_codewords + (b > first_long ? b - first_long : 0) + i] = *codewords++;
}

void sample_draw(symbol_sample *sample, int version, qrpng_level ecl, const uint8_t *data_modules,
                 random_source *source) {
  symbol_picture picture = choose_picture(source);
  uint8_t codewords[3706 + 1] = {0}, data[3706] = {0}; /* + 1: bits that are left over */
  read_codewords(&picture, data_modules, 17 + 4 * version, random_below(source, 8), codewords, source);
  restore_order(codewords, qrpng_blocks_of_version(version, ecl), data);

  int characters = characters_in(QRPNG_MODE_BYTE, version, qrpng_data_capacity_bits(version, ecl));
  int header_bits = segment_bits(QRPNG_MODE_BYTE, version, 0); /* 12 or 20: each byte straddles two codewords */
  *sample = (symbol_sample){.version = version, .ecl = ecl, .text_nbytes = (size_t)characters, .segment_count = 1};
  sample->segments[0] = (qrpng_segment){.mode = QRPNG_MODE_BYTE, .nbytes = (size_t)characters};
  for (int i = 0; i < characters; i++) {
    const uint8_t *pair = data + header_bits / 8 + i;
    sample->text[i] = (uint8_t)(pair[0] << 4 | pair[1] >> 4);
  }
}
