/* As much of POSIX threads as the core asks for. An instance of the module has one thread, so a lock is always free. */
#ifndef QRPNG_WASM_PTHREAD_H
#define QRPNG_WASM_PTHREAD_H

typedef struct pthread_mutex_t {
  char unused;
} pthread_mutex_t;

#define PTHREAD_MUTEX_INITIALIZER {0}

static inline int pthread_mutex_lock(pthread_mutex_t *mutex) {
  (void)mutex;
  return 0;
}

static inline int pthread_mutex_unlock(pthread_mutex_t *mutex) {
  (void)mutex;
  return 0;
}

#endif
