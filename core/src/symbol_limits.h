/* The largest symbol: version 40. */
#ifndef QRPNG_SYMBOL_LIMITS_H
#define QRPNG_SYMBOL_LIMITS_H

#define QRPNG_MAX_SIDE_MODULES 177
#define QRPNG_MAX_CODEWORDS 3706

/* The longest text that any symbol holds: digits at level L (ISO/IEC 18004, table 7). */
#define QRPNG_MAX_TEXT_NBYTES 7089

#endif
