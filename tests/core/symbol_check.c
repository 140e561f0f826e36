#include "symbol_check.h"

#include <string.h>

#include "core_test.h"
#include "iso18004.h"
#include "libqrencode.h"

int symbol_checker_create(symbol_checker *checker) {
  static const char *const names[] = {"fast", "fast:baseline", "fast:128", "fast:256", "fast:512"};
  if (qrpng_encoder_create(&checker->encoder) != QRPNG_OK)
    return -1;
  checker->path_count = 0;
  for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
    qrpng_options options = qrpng_default_options();
    options.engine = names[i];
    if (qrpng_check_options(checker->encoder, &options) == QRPNG_OK)
      checker->paths[checker->path_count++] = names[i];
    else
      print_message("this machine can't run %s\n", names[i]);
  }
  return checker->path_count >= 2 ? 0 : -1; /* the default, and fast:baseline everywhere */
}

void symbol_checker_destroy(symbol_checker *checker) {
  qrpng_encoder_destroy(checker->encoder);
}

qrpng_options options_for_sample(const symbol_sample *sample, const char *path, int mask) {
  qrpng_options options = qrpng_default_options();
  options.ecl = sample->ecl;
  options.version = sample->version;
  options.mask = mask;
  options.engine = path;
  options.segments = sample->segments;
  options.segment_count = sample->segment_count;
  return options;
}

qrpng_status encode_sample(const symbol_checker *checker, const symbol_sample *sample, const char *path, int mask,
                           qrpng_symbol *symbol) {
  qrpng_options options = options_for_sample(sample, path, mask);
  return qrpng_encode_modules(checker->encoder, sample->text, sample->text_nbytes, &options, symbol);
}

int check_same_symbol(const symbol_checker *checker, const symbol_sample *sample, uint8_t modules[MAX_MODULES],
                      const char *what, long number) {
  int version = libqrencode_modules(sample, modules);
  if (version == 0)
    fail_msg("%s %ld: libqrencode can't encode it", what, number);
  for (int i = 0; i < checker->path_count; i++) {
    qrpng_symbol symbol;
    qrpng_status status = encode_sample(checker, sample, checker->paths[i], QRPNG_BEST_MASK, &symbol);
    if (status != QRPNG_OK)
      fail_msg("%s %ld: %s says: %s", what, number, checker->paths[i], qrpng_error_message(checker->encoder));
    if (symbol.version != version)
      fail_msg("%s %ld: %s takes version %d, libqrencode %d", what, number, checker->paths[i], symbol.version, version);
    if (memcmp(symbol.modules, modules, (size_t)(symbol.side * symbol.side)) != 0)
      fail_msg("%s %ld: %s gives other modules than libqrencode, version %d, level %c", what, number, checker->paths[i],
               version, "LMQH"[sample->ecl]);
  }
  return version;
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

int read_mask(const uint8_t *modules, int side, qrpng_level ecl) {
  for (int mask = 0; mask < 8; mask++)
    if (read_format(modules, side, 0) == format_information(ecl, mask))
      return mask;
  fail_msg("version %d, level %c: the format information is wrong", (side - 17) / 4, "LMQH"[ecl]);
  return -1;
}
