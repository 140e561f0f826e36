#include "libqrencode.h"
#include "core_test.h"

#include <qrencode.h>
#include <string.h>

static const QRecLevel levels[] = {QR_ECLEVEL_L, QR_ECLEVEL_M, QR_ECLEVEL_Q, QR_ECLEVEL_H};

static QRcode *encode(const symbol_sample *sample) {
  static const QRencodeMode modes[] = {QR_MODE_NUM, QR_MODE_AN, QR_MODE_8, QR_MODE_KANJI};
  QRinput *input = QRinput_new2(sample->version, levels[sample->ecl]);
  assert_non_null(input);
  const uint8_t *text = sample->text;
  for (size_t i = 0; i < sample->segment_count; i++) {
    qrpng_segment segment = sample->segments[i];
    assert_int_equal(QRinput_append(input, modes[segment.mode], (int)segment.nbytes, text), 0);
    text += segment.nbytes;
  }
  QRcode *code = QRcode_encodeInput(input);
  QRinput_free(input);
  return code;
}

int libqrencode_modules(const symbol_sample *sample, uint8_t modules[MAX_MODULES]) {
  QRcode *code = encode(sample);
  if (!code)
    return 0;
  int version = code->version;
  for (int i = 0; i < code->width * code->width; i++)
    modules[i] = code->data[i] & 1; /* the other bits say what kind of module it is */
  QRcode_free(code);
  return version;
}

int libqrencode_version_of_text(const char *text, qrpng_level ecl) {
  QRcode *code = QRcode_encodeString(text, 0, levels[ecl], QR_MODE_8, 1);
  int version = code ? code->version : 0;
  QRcode_free(code);
  return version;
}

const uint8_t *libqrencode_data_modules(int version) {
  enum { IS_FUNCTION = 0x80 };
  static uint8_t data_modules[40][MAX_MODULES], known[40];
  uint8_t *modules = data_modules[version - 1];
  if (known[version - 1])
    return modules;
  QRcode *code = QRcode_encodeData(1, (const unsigned char *)"a", version, QR_ECLEVEL_L);
  assert_non_null(code);
  assert_int_equal(code->version, version);
  for (int i = 0; i < code->width * code->width; i++)
    modules[i] = !(code->data[i] & IS_FUNCTION);
  QRcode_free(code);
  known[version - 1] = 1;
  return modules;
}
