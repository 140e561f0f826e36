/*
 * The fast engine's symbols against libqrencode's for the same segments, on every dispatch path that this machine can
 * run: each version, level and mode at its capacity, random symbols, and all masks.
 *
 * The random run is longer on request: build/Release/core_test --random-symbols 1000000
 */
#include "core_test.h"

#include <string.h>

#include "iso18004.h"
#include "iso_mask.h"
#include "libqrencode.h"
#include "version.h"

static const char *const mode_names[] = {"numeric", "alphanumeric", "byte", "kanji"};

typedef struct fixture {
  qrpng_encoder *encoder; /* one for all, so that each symbol comes after one of another size */
  const char *paths[5];   /* engine names */
  int path_count;
  long symbol_count; /* of the random run */
} fixture;

static fixture shared;

static int set_up(void **state) {
  static const char *const names[] = {"fast", "fast:baseline", "fast:128", "fast:256", "fast:512"};
  *state = &shared;
  if (qrpng_encoder_create(&shared.encoder) != QRPNG_OK)
    return -1;
  shared.path_count = 0;
  for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
    qrpng_options options = qrpng_default_options();
    options.engine = names[i];
    if (qrpng_check_options(shared.encoder, &options) == QRPNG_OK)
      shared.paths[shared.path_count++] = names[i];
    else
      print_message("this machine can't run %s\n", names[i]);
  }
  return shared.path_count >= 2 ? 0 : -1; /* the default, and fast:baseline everywhere */
}

static int tear_down(void **state) {
  (void)state;
  qrpng_encoder_destroy(shared.encoder);
  return 0;
}

static qrpng_options options_for(const symbol_sample *sample, const char *path, int mask) {
  qrpng_options options = qrpng_default_options();
  options.ecl = sample->ecl;
  options.version = sample->version;
  options.mask = mask;
  options.engine = path;
  options.segments = sample->segments;
  options.segment_count = sample->segment_count;
  return options;
}

static qrpng_status encode(const symbol_sample *sample, const char *path, int mask, qrpng_symbol *symbol) {
  qrpng_options options = options_for(sample, path, mask);
  return qrpng_encode_modules(shared.encoder, sample->text, sample->text_nbytes, &options, symbol);
}

/* Returns the version. */
static int check_same_symbol(const symbol_sample *sample, const char *what, long number) {
  static uint8_t modules[MAX_MODULES];
  int version = libqrencode_modules(sample, modules);
  if (version == 0)
    fail_msg("%s %ld: libqrencode can't encode it", what, number);
  for (int i = 0; i < shared.path_count; i++) {
    qrpng_symbol symbol;
    qrpng_status status = encode(sample, shared.paths[i], QRPNG_BEST_MASK, &symbol);
    if (status != QRPNG_OK)
      fail_msg("%s %ld: %s says: %s", what, number, shared.paths[i], qrpng_error_message(shared.encoder));
    if (symbol.version != version)
      fail_msg("%s %ld: %s takes version %d, libqrencode %d", what, number, shared.paths[i], symbol.version, version);
    if (memcmp(symbol.modules, modules, (size_t)(symbol.side * symbol.side)) != 0)
      fail_msg("%s %ld: %s gives other modules than libqrencode, version %d, level %c", what, number, shared.paths[i],
               version, "LMQH"[sample->ecl]);
  }
  return version;
}

/* One segment of that many characters, at the smallest version for it. */
static int version_for(qrpng_mode mode, qrpng_level ecl, int characters, random_source *source) {
  symbol_sample sample = {.ecl = ecl};
  sample_add(&sample, mode, characters, source);
  return check_same_symbol(&sample, mode_names[mode], characters);
}

static void fills_every_version_to_its_capacity(void **state) {
  (void)state;
  random_source source = {1};
  for (int version = 1; version <= 40; version++) {
    for (qrpng_level ecl = QRPNG_LEVEL_L; ecl <= QRPNG_LEVEL_H; ecl++) {
      for (qrpng_mode mode = QRPNG_MODE_NUMERIC; mode <= QRPNG_MODE_KANJI; mode++) {
        int most = characters_in(mode, version, qrpng_data_capacity_bits(version, ecl));
        assert_int_equal(version_for(mode, ecl, most, &source), version);
        assert_int_equal(version_for(mode, ecl, most - 1, &source), version);
        if (mode == QRPNG_MODE_NUMERIC && version < 40) /* where a character more costs the fewest bits */
          assert_int_equal(version_for(mode, ecl, most + 1, &source), version + 1);
      }
    }
  }
}

static void refuses_what_no_version_holds(void **state) {
  (void)state;
  random_source source = {2};
  static uint8_t modules[MAX_MODULES];
  for (qrpng_level ecl = QRPNG_LEVEL_L; ecl <= QRPNG_LEVEL_H; ecl++) {
    for (qrpng_mode mode = QRPNG_MODE_NUMERIC; mode <= QRPNG_MODE_KANJI; mode++) {
      symbol_sample sample = {.ecl = ecl};
      int most = characters_in(mode, 40, qrpng_data_capacity_bits(40, ecl));
      if (most + 1 > MAX_TEXT_NBYTES)
        continue;
      qrpng_symbol symbol;
      sample_add(&sample, mode, most + 1, &source);
      assert_int_equal(libqrencode_modules(&sample, modules), 0);
      assert_int_equal(encode(&sample, NULL, QRPNG_BEST_MASK, &symbol), QRPNG_TEXT_TOO_LONG);
    }
  }
}

/* Versions 1 to 40, small ones more often: half of them are 1 to 3, one of 200 is the largest. */
static int random_version(random_source *source) {
  double at = (double)random_below(source, 1 << 30) / (1 << 30);
  return 1 + (int)(40 * at * at * at * at * at);
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

/* Each symbol depends on its number alone. */
static void agrees_on_random_symbols(void **state) {
  (void)state;
  long count_of_version[41] = {0};
  for (long number = 0; number < shared.symbol_count; number++) {
    random_source source = {(uint64_t)number << 8};
    symbol_sample sample;
    random_sample(&sample, &source);
    count_of_version[check_same_symbol(&sample, "random symbol", number)]++;
  }
  long fewest = shared.symbol_count;
  for (int version = 1; version <= 40; version++)
    fewest = count_of_version[version] < fewest ? count_of_version[version] : fewest;
  print_message("%ld random symbols are the same on %d paths; at least %ld of each version\n", shared.symbol_count,
                shared.path_count, fewest);
  if (shared.symbol_count >= 20000)
    assert_true(fewest > 20);
}

static unsigned read_format(const uint8_t *modules, int side, int copy) {
  unsigned bits = 0;
  for (int i = 0; i < 15; i++) {
    int row, column;
    format_position(copy, i, side, &row, &column);
    bits = bits << 1 | modules[row * side + column];
  }
  return bits;
}

/* The mask that the format information names. */
static int read_mask(const uint8_t *modules, int side, qrpng_level ecl) {
  for (int mask = 0; mask < 8; mask++)
    if (read_format(modules, side, 0) == format_information(ecl, mask))
      return mask;
  fail_msg("version %d, level %c: the format information is wrong", (side - 17) / 4, "LMQH"[ecl]);
  return -1;
}

/* Makes a symbol of the other mask out of one with the best mask. */
static void change_mask(uint8_t *modules, int version, qrpng_level ecl, int best_mask, int mask) {
  const uint8_t *data_modules = libqrencode_data_modules(version);
  int side = 17 + 4 * version;
  for (int row = 0; row < side; row++)
    for (int column = 0; column < side; column++)
      if (data_modules[row * side + column])
        modules[row * side + column] ^=
            (uint8_t)(mask_inverts(mask, row, column) ^ mask_inverts(best_mask, row, column));
  for (int copy = 0; copy < 2; copy++) {
    for (int i = 0; i < 15; i++) {
      int row, column;
      format_position(copy, i, side, &row, &column);
      modules[row * side + column] = format_information(ecl, mask) >> (14 - i) & 1;
    }
  }
}

static void applies_every_mask(void **state) {
  (void)state;
  static uint8_t best[MAX_MODULES], expected[MAX_MODULES];
  random_source source = {3};
  for (int version = 1; version <= 40; version++) {
    for (qrpng_level ecl = QRPNG_LEVEL_L; ecl <= QRPNG_LEVEL_H; ecl++) {
      symbol_sample sample;
      sample_mix(&sample, version, ecl, &source);
      assert_int_equal(libqrencode_modules(&sample, best), version);
      int side = 17 + 4 * version, best_mask = read_mask(best, side, ecl);
      for (int mask = 0; mask < 8; mask++) {
        memcpy(expected, best, sizeof expected);
        change_mask(expected, version, ecl, best_mask, mask);
        for (int i = 0; i < shared.path_count; i++) {
          qrpng_symbol symbol;
          assert_int_equal(encode(&sample, shared.paths[i], mask, &symbol), QRPNG_OK);
          assert_int_equal(symbol.side, side);
          if (memcmp(symbol.modules, expected, (size_t)(side * side)) != 0)
            fail_msg("version %d, level %c, mask %d: wrong modules", version, "LMQH"[ecl], mask);
        }
      }
    }
  }
}

static int best_iso_mask(const symbol_sample *sample) {
  int best = 0, least = 0;
  for (int mask = 0; mask < 8; mask++) {
    qrpng_symbol symbol;
    assert_int_equal(encode(sample, NULL, mask, &symbol), QRPNG_OK);
    int penalty = iso_penalty(symbol.modules, symbol.side);
    if (mask == 0 || penalty < least) {
      best = mask;
      least = penalty;
    }
  }
  return best;
}

/* The rule has no paths of its own: the default engine speaks for all. Each symbol depends on its number alone. */
static void takes_the_mask_that_the_standard_asks_for(void **state) {
  (void)state;
  long differing = 0, count = shared.symbol_count / 10;
  for (long number = 0; number < count; number++) {
    random_source source = {(uint64_t)number << 8 | 1};
    symbol_sample sample;
    random_sample(&sample, &source);
    qrpng_options options = options_for(&sample, NULL, QRPNG_BEST_MASK);
    options.mask_rule = QRPNG_MASK_RULE_ISO;
    qrpng_symbol symbol;
    assert_int_equal(qrpng_encode_modules(shared.encoder, sample.text, sample.text_nbytes, &options, &symbol),
                     QRPNG_OK);
    int iso_mask = symbol.mask;
    if (iso_mask != read_mask(symbol.modules, symbol.side, sample.ecl))
      fail_msg("random symbol %ld: mask %d is told, and another one drawn", number, iso_mask);
    assert_int_equal(encode(&sample, NULL, QRPNG_BEST_MASK, &symbol), QRPNG_OK);
    differing += symbol.mask != iso_mask;
    int expected = best_iso_mask(&sample);
    if (iso_mask != expected)
      fail_msg("random symbol %ld: mask %d instead of %d", number, iso_mask, expected);
  }
  print_message("%ld random symbols have the mask of the standard; %ld are not as libqrencode's\n", count, differing);
  assert_true(differing > 0);
}

int run_symbol_tests(long random_symbols) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(fills_every_version_to_its_capacity),
      cmocka_unit_test(refuses_what_no_version_holds),
      cmocka_unit_test(applies_every_mask),
      cmocka_unit_test(agrees_on_random_symbols),
      cmocka_unit_test(takes_the_mask_that_the_standard_asks_for),
  };
  shared.symbol_count = random_symbols;
  return cmocka_run_group_tests_name("symbol", tests, set_up, tear_down);
}
