/*
 * Random symbols, each of which depends on its number alone: the fast engine's modules against libqrencode's on every
 * dispatch path, what is drawn of them in every format against those modules, and the standard's mask against a score
 * that is added up module by module.
 *
 * npm run symbols checks a million of them.
 */
#include "core_test.h"

#include <math.h>
#include <string.h>

#include "../images/strict_drawn.h"
#include "../images/strict_png.h"
#include "iso_mask.h"
#include "libqrencode.h"
#include "symbol_check.h"

enum { FORMAT_COUNT = QRPNG_FORMAT_ASCII + 1, ISO_EVERY = 10 /* symbols: eight masks are scored for each */ };

static struct random_fixture {
  symbol_checker checker;
  qrpng_encoder *drawer; /* keeps what one path draws while others follow */
  strict_reader *reader;
  long first, count;
} shared;

static int set_up(void **state) {
  *state = &shared;
  if (qrpng_encoder_create(&shared.drawer) != QRPNG_OK || !(shared.reader = strict_reader_create()))
    return -1;
  return symbol_checker_create(&shared.checker);
}

static int tear_down(void **state) {
  (void)state;
  symbol_checker_destroy(&shared.checker);
  qrpng_encoder_destroy(shared.drawer);
  strict_reader_destroy(shared.reader);
  return 0;
}

/* Versions 1 to 40, small ones more often: half of them are 1 to 3, one of 200 is the largest. */
static int random_version(random_source *source) {
  double at = (double)random_below(source, 1 << 30) / (1 << 30);
  return 1 + (int)(40 * at * at * at * at * at);
}

static random_source source_of(long number, uint64_t use) {
  return (random_source){(uint64_t)number << 8 | use};
}

static void random_sample(symbol_sample *sample, random_source *source) {
  int version = random_version(source);
  qrpng_level ecl = (qrpng_level)random_below(source, 4);
  if (random_below(source, 3) == 0)
    sample_draw(sample, version, ecl, libqrencode_data_modules(version), source);
  else
    sample_mix(sample, version, ecl, source);
  if (random_below(source, 2))
    sample->version = 0;
}

static void agree_on_random_symbols(void **state) {
  (void)state;
  static uint8_t modules[MAX_MODULES];
  long count_of_version[41] = {0};
  for (long number = shared.first; number < shared.first + shared.count; number++) {
    symbol_sample sample;
    random_source source = source_of(number, 0);
    random_sample(&sample, &source);
    count_of_version[check_same_symbol(&shared.checker, &sample, modules, "random symbol", number)]++;
  }
  long fewest = shared.count;
  for (int version = 1; version <= 40; version++)
    fewest = count_of_version[version] < fewest ? count_of_version[version] : fewest;
  print_message("%ld random symbols are the same on %d paths, at least %ld of each version\n", shared.count,
                shared.checker.path_count, fewest);
  if (shared.count >= 20000)
    assert_true(fewest > 20);
}

/* By a width, or by a scale; SVG also by neither. One in 50 is as large as it can be. */
static void choose_size(qrpng_options *options, int side, random_source *source) {
  double total = side + 2 * options->margin;
  int is_large = random_below(source, 50) == 0, most = (int)(QRPNG_MAX_SIDE_PX / total);
  options->width = options->scale = 0;
  if (options->format == QRPNG_FORMAT_SVG && random_below(source, 3) == 0)
    return;
  if (random_below(source, 2))
    options->scale = 1 + random_below(source, is_large || most < 4 ? most : 4);
  else
    options->width =
        is_large ? QRPNG_MAX_SIDE_PX - random_below(source, 64) : (int)ceil(total) + random_below(source, 200);
}

static uint32_t random_colour(random_source *source) {
  static const uint32_t alphas[] = {0x00, 0x80, 0xFF, 0xFF};
  return ((uint32_t)random_bits(source) & 0xFFFFFF00) | alphas[random_below(source, 4)];
}

static void choose_drawing(qrpng_options *options, int side, random_source *source) {
  static const char *const titles[] = {"", "a & b <c>", "\xC3\xA9 \xE8\xAA\x9E \xF0\x9F\x98\x80 \"'"};
  options->format = (qrpng_format)random_below(source, FORMAT_COUNT);
  options->margin = random_below(source, QRPNG_MAX_MARGIN_MODULES);
  if (random_below(source, 2))
    options->margin += random_below(source, 1000) / 1e3;
  choose_size(options, side, source);
  if (options->format != QRPNG_FORMAT_PNG && options->format != QRPNG_FORMAT_SVG && options->width == 0)
    options->width = 200;
  if (random_below(source, 2)) {
    options->dark = random_colour(source);
    options->light = random_colour(source);
  }
  options->is_inverted = random_below(source, 2);
  options->dpi = random_below(source, 2) ? 0 : 1 + random_below(source, QRPNG_MAX_DPI);
  options->effort = random_below(source, 2);
  if (random_below(source, 2)) {
    options->title = titles[random_below(source, 3)];
    options->title_nbytes = strlen(options->title);
  }
}

static const char *complain_of_drawing(const uint8_t *output, size_t output_nbytes, const qrpng_symbol *symbol,
                                       const qrpng_options *options) {
  if (options->format == QRPNG_FORMAT_SVG)
    return strict_check_svg(output, output_nbytes, symbol, options);
  if (options->format != QRPNG_FORMAT_PNG)
    return strict_check_text(output, output_nbytes, symbol, options);
  strict_image image;
  const char *complaint = strict_read(shared.reader, output, output_nbytes, &image);
  return complaint ? complaint : strict_compare_symbol(shared.reader, &image, symbol, options);
}

static void check_drawing(const symbol_sample *sample, const qrpng_symbol *symbol, qrpng_options options, long number) {
  const uint8_t *first = NULL;
  size_t first_nbytes = 0;
  for (int i = 0; i < shared.checker.path_count; i++) {
    qrpng_encoder *encoder = i == 0 ? shared.drawer : shared.checker.encoder;
    const uint8_t *output;
    size_t output_nbytes;
    options.engine = shared.checker.paths[i];
    if (qrpng_encode(encoder, sample->text, sample->text_nbytes, &options, &output, &output_nbytes) != QRPNG_OK)
      fail_msg("random symbol %ld, format %d: %s says: %s", number, options.format, options.engine,
               qrpng_error_message(encoder));
    if (i > 0) {
      if (output_nbytes != first_nbytes || memcmp(output, first, output_nbytes) != 0)
        fail_msg("random symbol %ld, format %d: other bytes by %s", number, options.format, options.engine);
      continue;
    }
    const char *complaint = complain_of_drawing(output, output_nbytes, symbol, &options);
    if (complaint)
      fail_msg("random symbol %ld, format %d: %s", number, options.format, complaint);
    first = output;
    first_nbytes = output_nbytes;
  }
}

static void draw_random_symbols(void **state) {
  (void)state;
  static uint8_t modules[MAX_MODULES];
  long count_of_format[FORMAT_COUNT] = {0};
  for (long number = shared.first; number < shared.first + shared.count; number++) {
    symbol_sample sample;
    random_source source = source_of(number, 0), drawing_source = source_of(number, 1);
    random_sample(&sample, &source);
    int version = libqrencode_modules(&sample, modules);
    qrpng_symbol symbol = {.version = version, .side = 17 + 4 * version, .modules = modules};
    qrpng_options options = options_for_sample(&sample, NULL, QRPNG_BEST_MASK);
    choose_drawing(&options, symbol.side, &drawing_source);
    check_drawing(&sample, &symbol, options, number);
    count_of_format[options.format]++;
  }
  print_message("%ld random symbols are drawn as they are: %ld as PNG, %ld as SVG, %ld as text\n", shared.count,
                count_of_format[QRPNG_FORMAT_PNG], count_of_format[QRPNG_FORMAT_SVG],
                shared.count - count_of_format[QRPNG_FORMAT_PNG] - count_of_format[QRPNG_FORMAT_SVG]);
}

/* Stores the modules with that mask. */
static int best_iso_mask(const symbol_sample *sample, uint8_t modules[MAX_MODULES]) {
  int best = 0, least = 0;
  for (int mask = 0; mask < 8; mask++) {
    qrpng_symbol symbol;
    assert_int_equal(encode_sample(&shared.checker, sample, NULL, mask, &symbol), QRPNG_OK);
    int penalty = iso_penalty(symbol.modules, symbol.side);
    if (mask > 0 && penalty >= least)
      continue;
    best = mask;
    least = penalty;
    memcpy(modules, symbol.modules, (size_t)(symbol.side * symbol.side));
  }
  return best;
}

/* Returns whether libqrencode's rule finds another one. */
static int check_iso_mask(const symbol_sample *sample, long number) {
  static uint8_t modules[MAX_MODULES];
  qrpng_symbol symbol;
  int expected = best_iso_mask(sample, modules);
  qrpng_options options = options_for_sample(sample, NULL, QRPNG_BEST_MASK);
  options.mask_rule = QRPNG_MASK_RULE_ISO;
  for (int i = 0; i < shared.checker.path_count; i++) {
    options.engine = shared.checker.paths[i];
    assert_int_equal(qrpng_encode_modules(shared.checker.encoder, sample->text, sample->text_nbytes, &options, &symbol),
                     QRPNG_OK);
    if (symbol.mask != expected || read_mask(symbol.modules, symbol.side, sample->ecl) != expected)
      fail_msg("random symbol %ld: mask %d instead of %d by %s", number, symbol.mask, expected, options.engine);
    if (memcmp(symbol.modules, modules, (size_t)(symbol.side * symbol.side)) != 0)
      fail_msg("random symbol %ld: other modules than with mask %d by %s", number, expected, options.engine);
  }
  assert_int_equal(encode_sample(&shared.checker, sample, NULL, QRPNG_BEST_MASK, &symbol), QRPNG_OK);
  return symbol.mask != expected;
}

static void take_the_mask_that_the_standard_asks_for(void **state) {
  (void)state;
  long differing = 0, count = 0;
  for (long number = shared.first; number < shared.first + shared.count; number++) {
    if (number % ISO_EVERY != 0)
      continue;
    symbol_sample sample;
    random_source source = source_of(number, 0);
    random_sample(&sample, &source);
    differing += check_iso_mask(&sample, number);
    count++;
  }
  print_message("%ld random symbols have the mask of the standard, %ld another one than by libqrencode's rule\n", count,
                differing);
  assert_true(count < 100 || differing > 0);
}

int run_random_tests(long first, long count) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(agree_on_random_symbols),
      cmocka_unit_test(draw_random_symbols),
      cmocka_unit_test(take_the_mask_that_the_standard_asks_for),
  };
  shared.first = first;
  shared.count = count;
  return cmocka_run_group_tests_name("random", tests, set_up, tear_down);
}
