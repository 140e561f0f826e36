#include <errno.h>
#include <qrencode.h>
#include <string.h>

#include "reference.h"

static QRcode *encode(reference_state *state, const uint8_t *text, size_t text_nbytes, QRecLevel level) {
  if (!memchr(text, '\0', text_nbytes)) {
    memcpy(state->text, text, text_nbytes);
    state->text[text_nbytes] = '\0';
    QRcode *code = QRcode_encodeString(state->text, 0, level, QR_MODE_8, 1);
    if (code || errno != ERANGE)
      return code;
    errno = 0; /* its split into segments can be longer than plain bytes, which may still fit */
  }
  return QRcode_encodeData((int)text_nbytes, text, 0, level);
}

qrpng_status reference_encode_symbol(void *opaque, const uint8_t *text, size_t text_nbytes, qrpng_level ecl,
                                     int *version) {
  static const QRecLevel levels[] = {QR_ECLEVEL_L, QR_ECLEVEL_M, QR_ECLEVEL_Q, QR_ECLEVEL_H};
  reference_state *state = opaque;

  errno = 0;
  QRcode *code = encode(state, text, text_nbytes, levels[ecl]);
  if (!code)
    return errno == ERANGE ? QRPNG_TEXT_TOO_LONG : errno == ENOMEM ? QRPNG_OUT_OF_MEMORY : QRPNG_INTERNAL;

  *version = code->version;
  state->side_modules = code->width;
  size_t module_count = (size_t)code->width * (size_t)code->width;
  for (size_t i = 0; i < module_count; i++)
    state->modules[i] = code->data[i] & 1; /* the other bits say what kind of module it is */
  QRcode_free(code);
  return QRPNG_OK;
}
