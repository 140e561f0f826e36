/* The CRC by each means, against its definition bit by bit. */
#include "core_test.h"

#include "fast/checksums.h"
#include "random.h"

enum { LONGEST = 400, PLACES = 16 };

static uint32_t crc_by_bits(const uint8_t *bytes, size_t nbytes) {
  uint32_t crc = 0xFFFFFFFF;
  for (size_t i = 0; i < nbytes; i++) {
    crc ^= bytes[i];
    for (int bit = 0; bit < 8; bit++)
      crc = crc >> 1 ^ (crc & 1) * 0xEDB88320;
  }
  return ~crc;
}

static uint32_t crc_by_tables(crc_tables *tables, const uint8_t *bytes, size_t nbytes) {
  return ~fast_crc32_update(tables, 0xFFFFFFFF, bytes, nbytes);
}

typedef uint32_t crc_function(crc_tables *tables, const uint8_t *bytes, size_t nbytes);

static void check_all_lengths(crc_function *crc) {
  random_source source = {1};
  crc_tables tables = {0};
  static uint8_t bytes[PLACES + LONGEST];
  for (size_t nbytes = 0; nbytes <= LONGEST; nbytes++) {
    for (size_t i = 0; i < sizeof bytes; i++)
      bytes[i] = (uint8_t)random_bits(&source);
    const uint8_t *begin = bytes + nbytes % PLACES;
    assert_int_equal(crc(&tables, begin, nbytes), crc_by_bits(begin, nbytes));
  }
  assert_int_equal(crc(&tables, (const uint8_t *)"123456789", 9), 0xCBF43926);
}

static void crc_is_the_same_by_each_means(void **state) {
  (void)state;
  check_all_lengths(crc_by_tables);
  check_all_lengths(fast_crc32);
#ifdef __x86_64__
  if (fast_supports_clmul())
    check_all_lengths(fast_crc32_clmul);
  else
    print_message("this machine can't multiply without carries\n");
#endif
}

int run_checksums_tests(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(crc_is_the_same_by_each_means)};
  return cmocka_run_group_tests_name("checksums", tests, NULL, NULL);
}
