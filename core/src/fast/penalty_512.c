/* Vectors of 512 bits, with their own population count. */
#ifdef __x86_64__
#define FUNCTION_NAME fast_penalties_512
#define LANES 8
#define TARGET "avx512f,avx512vpopcntdq,popcnt"
#include "penalty_rules.h"
#endif
