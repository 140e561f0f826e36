/* Vectors of 256 bits. */
#ifdef __x86_64__
#define FUNCTION_NAME fast_penalties_256
#define LANES 4
#define TARGET "avx2,popcnt"
#include "penalty_rules.h"
#endif
