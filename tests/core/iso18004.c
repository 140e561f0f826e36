#include "iso18004.h"

int segment_bits(qrpng_mode mode, int version, int characters) {
  static const int count_bits[3][4] = {{10, 9, 8, 8}, {12, 11, 16, 10}, {14, 13, 16, 12}};
  int header = 4 + count_bits[version <= 9 ? 0 : version <= 26 ? 1 : 2][mode];
  switch (mode) {
  case QRPNG_MODE_NUMERIC:
    return header + 10 * (characters / 3) + (characters % 3 == 2 ? 7 : characters % 3 == 1 ? 4 : 0);
  case QRPNG_MODE_ALPHANUMERIC:
    return header + 11 * (characters / 2) + 6 * (characters % 2);
  case QRPNG_MODE_BYTE:
    return header + 8 * characters;
  default:
    return header + 13 * characters;
  }
}

int characters_in(qrpng_mode mode, int version, int bits) {
  int characters = 0, step = 4096;
  for (; step > 0; step /= 2)
    if (segment_bits(mode, version, characters + step) <= bits)
      characters += step;
  return characters;
}

int mask_inverts(int mask, int i, int j) {
  switch (mask) {
  case 0:
    return (i + j) % 2 == 0;
  case 1:
    return i % 2 == 0;
  case 2:
    return j % 3 == 0;
  case 3:
    return (i + j) % 3 == 0;
  case 4:
    return (i / 2 + j / 3) % 2 == 0;
  case 5:
    return i * j % 2 + i * j % 3 == 0;
  case 6:
    return (i * j % 2 + i * j % 3) % 2 == 0;
  default:
    return ((i + j) % 2 + i * j % 3) % 2 == 0;
  }
}

unsigned format_information(qrpng_level ecl, int mask) {
  static const unsigned sequences[4][8] = {
      {0x77C4, 0x72F3, 0x7DAA, 0x789D, 0x662F, 0x6318, 0x6C41, 0x6976},
      {0x5412, 0x5125, 0x5E7C, 0x5B4B, 0x45F9, 0x40CE, 0x4F97, 0x4AA0},
      {0x355F, 0x3068, 0x3F31, 0x3A06, 0x24B4, 0x2183, 0x2EDA, 0x2BED},
      {0x1689, 0x13BE, 0x1CE7, 0x19D0, 0x0762, 0x0255, 0x0D0C, 0x083B},
  };
  return sequences[ecl][mask];
}

void format_position(int copy, int index, int side, int *row, int *column) {
  static const int around_corner[15][2] = {{8, 0}, {8, 1}, {8, 2}, {8, 3}, {8, 4}, {8, 5}, {8, 7}, {8, 8},
                                           {7, 8}, {5, 8}, {4, 8}, {3, 8}, {2, 8}, {1, 8}, {0, 8}};
  if (copy == 0) {
    *row = around_corner[index][0];
    *column = around_corner[index][1];
  } else {
    *row = index < 7 ? side - 1 - index : 8;
    *column = index < 7 ? 8 : side - 15 + index;
  }
}
