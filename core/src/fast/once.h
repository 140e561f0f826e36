/* Tables that are built at first use: once, whichever thread comes first, and only read from then on. */
#ifndef QRPNG_ONCE_H
#define QRPNG_ONCE_H

#include <pthread.h>
#include <stdatomic.h>

typedef atomic_bool once_flag_t;

/* Calls build(argument) unless it was called for this flag before. Builders don't run at the same time. */
static inline void build_once(once_flag_t *done, pthread_mutex_t *mutex, void (*build)(int), int argument) {
  if (atomic_load_explicit(done, memory_order_acquire))
    return;
  pthread_mutex_lock(mutex);
  if (!atomic_load_explicit(done, memory_order_relaxed)) {
    build(argument);
    atomic_store_explicit(done, 1, memory_order_release);
  }
  pthread_mutex_unlock(mutex);
}

#endif
