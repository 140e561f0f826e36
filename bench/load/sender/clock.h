#ifndef SENDER_CLOCK_H
#define SENDER_CLOCK_H

#include <stdint.h>
#include <time.h>

enum { NS_PER_SECOND = 1000 * 1000 * 1000, NS_PER_MS = 1000 * 1000 };

static inline int64_t now_ns(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (int64_t)now.tv_sec * NS_PER_SECOND + now.tv_nsec;
}

#endif
