/* All bits find their place, and no more memory is touched than is documented: sanitizers watch the ends. */
#include "core_test.h"

#include <stdlib.h>

#include "fast/placement.h"
#include "fast/reed_solomon.h"
#include "random.h"

/* What fast_interleave_codewords may touch behind its data and codewords. */
enum { INTERLEAVE_SLACK_NBYTES = 7 };

static int count_bytes_bits(const uint8_t *bytes, int count) {
  int bits = 0;
  for (int i = 0; i < count; i++)
    bits += __builtin_popcount(bytes[i]);
  return bits;
}

static int count_words_bits(const uint64_t *words, int count) {
  int bits = 0;
  for (int i = 0; i < count; i++)
    bits += __builtin_popcountll(words[i]);
  return bits;
}

static uint8_t *random_bytes(int count, int room, random_source *source) {
  uint8_t *bytes = calloc((size_t)room, 1);
  assert_non_null(bytes);
  for (int i = 0; i < count; i++)
    bytes[i] = (uint8_t)random_bits(source);
  return bytes;
}

static void places_every_bit(void **state) {
  (void)state;
  static layout_tables tables;
  static uint64_t columns[MAX_LINE_WORDS];
  random_source source = {1};
  for (int version = 1; version <= QRPNG_MAX_VERSION; version++) {
    int count = qrpng_codewords_of_version(version);
    uint8_t *codewords = random_bytes(count, count + READ_SLACK_NBYTES, &source);
    const symbol_layout *layout = fast_layout_of_version(&tables, version);
    int line_words = layout->side * layout->words;
    fast_place_codewords(layout, codewords, count, columns);
    assert_int_equal(count_words_bits(columns, line_words),
                     count_words_bits(layout->function_columns, line_words) + count_bytes_bits(codewords, count));
    free(codewords);
  }
}

static void interleaves_within_its_buffers(void **state) {
  (void)state;
  static ecc_tables tables;
  random_source source = {2};
  for (int version = 1; version <= QRPNG_MAX_VERSION; version++) {
    for (qrpng_level ecl = QRPNG_LEVEL_L; ecl <= QRPNG_LEVEL_H; ecl++) {
      int data_count = qrpng_data_capacity_bits(version, ecl) / 8, count = qrpng_codewords_of_version(version);
      uint8_t *data = random_bytes(data_count, data_count + INTERLEAVE_SLACK_NBYTES, &source);
      uint8_t *codewords = random_bytes(0, count + INTERLEAVE_SLACK_NBYTES, &source);
      qrpng_blocks blocks = qrpng_blocks_of_version(version, ecl);
      assert_int_equal(fast_interleave_codewords(&tables, data, blocks, codewords), count);
      assert_int_equal(count_bytes_bits(codewords, data_count), count_bytes_bits(data, data_count));
      free(data);
      free(codewords);
    }
  }
}

int run_placement_tests(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(places_every_bit),
      cmocka_unit_test(interleaves_within_its_buffers),
  };
  return cmocka_run_group_tests_name("placement", tests, NULL, NULL);
}
