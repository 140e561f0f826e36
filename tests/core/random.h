/* Random numbers that depend on nothing but their seed. */
#ifndef RANDOM_H
#define RANDOM_H

#include <stdint.h>

typedef struct random_source {
  uint64_t state; /* any seed will do */
} random_source;

/* SplitMix64 (Steele, Lea, Flood 2014) */
static inline uint64_t random_bits(random_source *source) {
  uint64_t z = source->state += 0x9E3779B97F4A7C15;
  z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9;
  z = (z ^ z >> 27) * 0x94D049BB133111EB;
  return z ^ z >> 31;
}

/* 0 to limit - 1. */
static inline int random_below(random_source *source, int limit) {
  return (int)((random_bits(source) >> 32) * (uint64_t)limit >> 32);
}

#endif
