/*
 * The penalties of the eight masks as ISO/IEC 18004, 7.8.3, reads literally: of the complete symbol, which the quiet
 * zone is no part of. A finder-like pattern is one of eleven modules, four of them light, before or behind; where both
 * are, both count. libqrencode's rules, which penalty_rules.h has, differ in this, and in how they round the balance.
 */
#ifndef QRPNG_ISO_PENALTY_H
#define QRPNG_ISO_PENALTY_H

#include "penalty.h"

fast_penalty_function fast_iso_penalties;

#endif
