/*
 * core_digest [ENGINE]: checksums of what it makes of a fixed sample of texts and options, symbols and images apart.
 * They must be the same wherever this is built; scripts/test-machines.js compares them.
 *
 * Exit code 1: an encoder can't be had; 77: this machine can't run that engine.
 */
#include <stdio.h>

#include "sample.h"

enum { ROUND_COUNT = 8, VERSION_COUNT = 40, SCALE_KINDS = 12 };

/* FNV-1a */
static uint64_t add_bytes(uint64_t hash, const uint8_t *bytes, size_t nbytes) {
  for (size_t i = 0; i < nbytes; i++)
    hash = (hash ^ bytes[i]) * 0x100000001B3;
  return hash;
}

typedef struct output_digest {
  uint64_t symbols, images;
} output_digest;

/* Refusals count, too. */
static void add_call(output_digest *digest, qrpng_encoder *encoder, const symbol_sample *sample,
                     const qrpng_options *options) {
  qrpng_symbol symbol;
  uint8_t status = (uint8_t)qrpng_encode_modules(encoder, sample->text, sample->text_nbytes, options, &symbol);
  digest->symbols = add_bytes(digest->symbols, &status, 1);
  digest->symbols = add_bytes(digest->symbols, symbol.modules, (size_t)(symbol.side * symbol.side));

  const uint8_t *png;
  size_t png_nbytes;
  status = (uint8_t)qrpng_encode(encoder, sample->text, sample->text_nbytes, options, &png, &png_nbytes);
  digest->images = add_bytes(digest->images, &status, 1);
  digest->images = add_bytes(digest->images, png, png_nbytes);
}

/* Scales that are looked up, scales that are written run by run, and widths up to the largest. */
static void choose_geometry(qrpng_options *options, random_source *source) {
  int kind = random_below(source, SCALE_KINDS);
  options->margin = random_below(source, 8);
  options->scale = kind == 0 ? 0 : kind;
  options->width = kind == 0 ? 100 + random_below(source, QRPNG_MAX_SIDE_PX - 100) : 0;
}

/* Every format, with fractions of modules and colours. */
static void choose_style(qrpng_options *options, random_source *source) {
  options->format = (qrpng_format)random_below(source, QRPNG_FORMAT_ASCII + 1);
  options->margin += random_below(source, 1000) / 1e3;
  options->dark = (uint32_t)random_bits(source);
  options->light = (uint32_t)random_bits(source);
  options->is_inverted = random_below(source, 2);
  options->dpi = random_below(source, QRPNG_MAX_DPI + 1);
  options->mask_rule = random_below(source, 2) ? QRPNG_MASK_RULE_ISO : QRPNG_MASK_RULE_LIBQRENCODE;
  options->title = "a & b";
  options->title_nbytes = 5;
}

static void add_sample(output_digest *digest, qrpng_encoder *encoder, const char *engine, int version, qrpng_level ecl,
                       random_source *source) {
  symbol_sample sample;
  sample_mix(&sample, version, ecl, source);
  qrpng_options options = qrpng_default_options();
  options.engine = engine;
  options.ecl = ecl;
  choose_geometry(&options, source);
  add_call(digest, encoder, &sample, &options); /* split by the library */

  options.version = version;
  options.mask = random_below(source, 9) - 1;
  options.segments = sample.segments;
  options.segment_count = sample.segment_count;
  add_call(digest, encoder, &sample, &options);

  options.mask = QRPNG_BEST_MASK;
  choose_style(&options, source);
  add_call(digest, encoder, &sample, &options);

  options.format = QRPNG_FORMAT_PNG;
  options.effort = 1;
  add_call(digest, encoder, &sample, &options);
}

int main(int argc, char **argv) {
  const char *engine = argc > 1 ? argv[1] : NULL;
  if (qrpng_engine_libraries(engine, NULL, 0) < 0)
    return 77;
  qrpng_encoder *encoder;
  if (qrpng_encoder_create(&encoder) != QRPNG_OK)
    return 1;
  output_digest digest = {0xCBF29CE484222325, 0xCBF29CE484222325};
  random_source source = {1};
  for (int round = 0; round < ROUND_COUNT; round++)
    for (int version = 1; version <= VERSION_COUNT; version++)
      for (qrpng_level ecl = QRPNG_LEVEL_L; ecl <= QRPNG_LEVEL_H; ecl++)
        add_sample(&digest, encoder, engine, version, ecl, &source);
  qrpng_encoder_destroy(encoder);
  printf("symbols %016llx images %016llx\n", (unsigned long long)digest.symbols, (unsigned long long)digest.images);
  return 0;
}
