#include "codewords.h"

#include <string.h>

#include "../version.h"

typedef struct bit_writer {
  uint8_t *next;
  uint64_t pending; /* the lowest pending_nbits are still to be written */
  int pending_nbits;
} bit_writer;

/* nbits is at most 24. */
static inline void put(bit_writer *writer, uint32_t value, int nbits) {
  writer->pending = writer->pending << nbits | value;
  writer->pending_nbits += nbits;
  while (writer->pending_nbits >= 8) {
    writer->pending_nbits -= 8;
    *writer->next++ = (uint8_t)(writer->pending >> writer->pending_nbits);
  }
}

static void put_numeric(bit_writer *writer, const uint8_t *text, size_t count) {
  static const int nbits[] = {0, 4, 7, 10};
  for (size_t i = 0; i < count; i += 3) {
    size_t group = count - i < 3 ? count - i : 3;
    uint32_t value = 0;
    for (size_t k = 0; k < group; k++)
      value = 10 * value + text[i + k] - '0';
    put(writer, value, nbits[group]);
  }
}

static void put_alphanumeric(bit_writer *writer, const uint8_t *text, size_t count) {
  size_t i = 0;
  for (; i + 1 < count; i += 2)
    put(writer, (uint32_t)(45 * qrpng_alphanumeric_value(text[i]) + qrpng_alphanumeric_value(text[i + 1])), 11);
  if (i < count)
    put(writer, (uint32_t)qrpng_alphanumeric_value(text[i]), 6);
}

/* Each output byte straddles two bytes of the text, by the same number of bits all along. */
static void put_bytes(bit_writer *writer, const uint8_t *text, size_t count) {
  int low_nbits = writer->pending_nbits;
  uint32_t before = (uint32_t)writer->pending;
  for (size_t i = 0; i < count; i++) {
    writer->next[i] = (uint8_t)(before << (8 - low_nbits) | text[i] >> low_nbits);
    before = text[i];
  }
  writer->next += count;
  writer->pending = before;
}

static void put_kanji(bit_writer *writer, const uint8_t *text, size_t count) {
  for (size_t i = 0; i < count; i++) {
    uint32_t code = (uint32_t)text[2 * i] << 8 | text[2 * i + 1];
    code -= code < 0xE040 ? 0x8140 : 0xC140;
    put(writer, (code >> 8) * 0xC0 + (code & 0xFF), 13);
  }
}

static void put_segment(bit_writer *writer, qrpng_segment segment, const uint8_t *text, int version) {
  typedef void put_characters(bit_writer *, const uint8_t *, size_t);
  static put_characters *const put_payload[] = {put_numeric, put_alphanumeric, put_bytes, put_kanji};
  size_t count = qrpng_character_count(segment);
  put(writer, 1u << segment.mode, 4);
  put(writer, (uint32_t)count, qrpng_count_bits(segment.mode, version));
  put_payload[segment.mode](writer, text, count);
}

int fast_write_data_codewords(const qrpng_message *message, uint8_t codewords[QRPNG_MAX_CODEWORDS]) {
  bit_writer writer = {.next = codewords};
  const uint8_t *text = message->text;
  for (size_t i = 0; i < message->segment_count; i++) {
    put_segment(&writer, message->segments[i], text, message->version);
    text += message->segments[i].nbytes;
  }

  int capacity_nbits = qrpng_data_capacity_bits(message->version, message->ecl);
  int left_nbits = capacity_nbits - (int)(8 * (writer.next - codewords)) - writer.pending_nbits;
  put(&writer, 0, left_nbits < 4 ? left_nbits : 4); /* terminator */
  put(&writer, 0, -writer.pending_nbits & 7);
  uint8_t *end = codewords + capacity_nbits / 8;
  for (uint8_t pad = 0xEC; writer.next < end; pad ^= 0xEC ^ 0x11)
    *writer.next++ = pad;
  return capacity_nbits / 8;
}
