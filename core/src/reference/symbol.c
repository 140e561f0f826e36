#include <errno.h>
#include <qrencode.h>
#include <string.h>

#include "reference.h"

/* Returns 0, or -1 with errno set. */
static int append_segments(QRinput *input, const qrpng_message *message) {
  static const QRencodeMode modes[] = {QR_MODE_NUM, QR_MODE_AN, QR_MODE_8, QR_MODE_KANJI};
  const uint8_t *text = message->text;
  for (size_t i = 0; i < message->segment_count; i++) {
    const qrpng_segment *segment = &message->segments[i];
    if (QRinput_append(input, modes[segment->mode], (int)segment->nbytes, text) != 0)
      return -1;
    text += segment->nbytes;
  }
  return 0;
}

static QRcode *encode(const qrpng_message *message) {
  static const QRecLevel levels[] = {QR_ECLEVEL_L, QR_ECLEVEL_M, QR_ECLEVEL_Q, QR_ECLEVEL_H};
  QRinput *input = QRinput_new2(message->version, levels[message->ecl]);
  if (!input)
    return NULL;
  QRcode *code = append_segments(input, message) == 0 ? QRcode_encodeInput(input) : NULL;
  int first_errno = errno;
  QRinput_free(input);
  errno = first_errno;
  return code;
}

qrpng_status reference_encode_symbol(void *opaque, const qrpng_message *message) {
  reference_state *state = opaque;
  errno = 0;
  QRcode *code = encode(message);
  if (!code)
    return errno == ENOMEM ? QRPNG_OUT_OF_MEMORY : QRPNG_INTERNAL;
  if (code->version != message->version) {
    QRcode_free(code);
    return QRPNG_INTERNAL;
  }

  int side = state->side_modules = code->width, words = words_of_side(side);
  memset(state->rows, 0, sizeof state->rows);
  for (int y = 0; y < side; y++)
    for (int x = 0; x < side; x++) /* the other bits say what kind of module it is */
      state->rows[y * words + x / 64] |= (uint64_t)(code->data[y * side + x] & 1) << x % 64;
  QRcode_free(code);
  return QRPNG_OK;
}
