/* Vectors of 128 bits, with what every machine of its kind has. */
#define FUNCTION_NAME fast_penalties_baseline
#define LANES 2
#include "penalty_rules.h"
