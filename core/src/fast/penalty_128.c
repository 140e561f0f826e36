/* Vectors of 128 bits, for x86-64-v2. */
#ifdef __x86_64__
#define FUNCTION_NAME fast_penalties_128
#define LANES 2
#define TARGET "sse4.2,popcnt"
#include "penalty_rules.h"
#endif
