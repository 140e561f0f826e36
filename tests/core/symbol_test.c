/*
 * The fast engine's symbols against libqrencode's for the same segments, on every dispatch path that this machine can
 * run: each version, level and mode at its capacity, and all masks. random_test.c has symbols by chance.
 */
#include "core_test.h"

#include <string.h>

#include "iso18004.h"
#include "libqrencode.h"
#include "symbol_check.h"
#include "version.h"

static const char *const mode_names[] = {"numeric", "alphanumeric", "byte", "kanji"};

static symbol_checker shared;

static int set_up(void **state) {
  *state = &shared;
  return symbol_checker_create(&shared);
}

static int tear_down(void **state) {
  (void)state;
  symbol_checker_destroy(&shared);
  return 0;
}

/* One segment of that many characters, at the smallest version for it. */
static int version_for(qrpng_mode mode, qrpng_level ecl, int characters, random_source *source) {
  symbol_sample sample = {.ecl = ecl};
  sample_add(&sample, mode, characters, source);
  static uint8_t modules[MAX_MODULES];
  return check_same_symbol(&shared, &sample, modules, mode_names[mode], characters);
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
      assert_int_equal(encode_sample(&shared, &sample, NULL, QRPNG_BEST_MASK, &symbol), QRPNG_TEXT_TOO_LONG);
    }
  }
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
          assert_int_equal(encode_sample(&shared, &sample, shared.paths[i], mask, &symbol), QRPNG_OK);
          assert_int_equal(symbol.side, side);
          if (memcmp(symbol.modules, expected, (size_t)(side * side)) != 0)
            fail_msg("version %d, level %c, mask %d: wrong modules", version, "LMQH"[ecl], mask);
        }
      }
    }
  }
}

int run_symbol_tests(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(fills_every_version_to_its_capacity),
      cmocka_unit_test(refuses_what_no_version_holds),
      cmocka_unit_test(applies_every_mask),
  };
  return cmocka_run_group_tests_name("symbol", tests, set_up, tear_down);
}
