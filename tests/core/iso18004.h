/*
 * What the tests know of ISO/IEC 18004 by themselves, without asking the code under test. The one thing taken from
 * there is the data capacity of a version in bits; symbol_test.c holds that against libqrencode.
 */
#ifndef ISO18004_H
#define ISO18004_H

#include "qrpng.h"

/* Bits of a segment of that many characters, its header included (7.4). */
int segment_bits(qrpng_mode mode, int version, int characters);

/* How many characters a segment of at most that many bits holds; 0 if it holds none. */
int characters_in(qrpng_mode mode, int version, int bits);

/* Whether the mask inverts that module if it is a data module (table 10). */
int mask_inverts(int mask, int row, int column);

/* All 15 bits of the format information, the first one highest (annex C). */
unsigned format_information(qrpng_level ecl, int mask);

/* Where bit 14 - index of the format information stands, in the first or second copy (figure 25). */
void format_position(int copy, int index, int side, int *row, int *column);

#endif
