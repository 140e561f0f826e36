/*
 * core_threads_test [ENGINE]: eight threads that start at once, in a process that has made no image yet, and encode
 * all versions and levels. They must all get the same images. A program of its own, so that nothing is warm, and so
 * that ThreadSanitizer sees it alone.
 *
 * Exit code 1: they differ; 77: this machine can't run that engine.
 */
#include <pthread.h>
#include <stdio.h>
#include <string.h>

#include "qrpng.h"

enum { THREAD_COUNT = 8, VERSION_COUNT = 40, LEVEL_COUNT = 4 };

typedef struct thread_job {
  const char *engine;
  int first_version; /* to start with */
  qrpng_status status;
  uint64_t checksums[VERSION_COUNT][LEVEL_COUNT];
  pthread_t thread;
} thread_job;

static pthread_barrier_t barrier;

/* FNV-1a */
static uint64_t checksum(const uint8_t *bytes, size_t nbytes) {
  uint64_t hash = 0xCBF29CE484222325;
  for (size_t i = 0; i < nbytes; i++)
    hash = (hash ^ bytes[i]) * 0x100000001B3;
  return hash;
}

static qrpng_status encode(qrpng_encoder *encoder, thread_job *job, int version, qrpng_level ecl) {
  static const char text[] = "12345abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
  qrpng_options options = qrpng_default_options();
  options.engine = job->engine;
  options.ecl = ecl;
  options.version = version;
  options.width = 0;
  options.scale = 1 + version % 11;
  size_t wanted = (size_t)version * 4, text_nbytes = wanted < sizeof text - 1 ? wanted : sizeof text - 1, png_nbytes;
  const uint8_t *png;
  qrpng_status status = qrpng_encode(encoder, text, text_nbytes, &options, &png, &png_nbytes);
  if (status == QRPNG_OK)
    job->checksums[version - 1][ecl] = checksum(png, png_nbytes);
  return status;
}

static void *run(void *argument) {
  thread_job *job = argument;
  qrpng_encoder *encoder;
  job->status = qrpng_encoder_create(&encoder);
  pthread_barrier_wait(&barrier);
  for (int i = 0; i < VERSION_COUNT && job->status == QRPNG_OK; i++)
    for (qrpng_level ecl = QRPNG_LEVEL_L; ecl <= QRPNG_LEVEL_H && job->status == QRPNG_OK; ecl++)
      job->status = encode(encoder, job, 1 + (job->first_version - 1 + i) % VERSION_COUNT, ecl);
  qrpng_encoder_destroy(encoder);
  return NULL;
}

int main(int argc, char **argv) {
  static thread_job jobs[THREAD_COUNT];
  const char *engine = argc > 1 ? argv[1] : qrpng_engine_name(0);
  if (qrpng_engine_libraries(engine, NULL, 0) < 0)
    return 77;

  pthread_barrier_init(&barrier, NULL, THREAD_COUNT);
  for (int i = 0; i < THREAD_COUNT; i++) {
    jobs[i].engine = engine;
    jobs[i].first_version = 1 + i / 2 * 10; /* two threads each begin with the same table, the pairs with others */
    if (pthread_create(&jobs[i].thread, NULL, run, &jobs[i]) != 0) {
      perror("pthread_create");
      return 1;
    }
  }
  for (int i = 0; i < THREAD_COUNT; i++)
    pthread_join(jobs[i].thread, NULL);

  for (int i = 0; i < THREAD_COUNT; i++) {
    if (jobs[i].status != QRPNG_OK) {
      fprintf(stderr, "thread %d: %s\n", i, qrpng_status_message(jobs[i].status));
      return 1;
    }
    if (memcmp(jobs[i].checksums, jobs[0].checksums, sizeof jobs[0].checksums) != 0) {
      fprintf(stderr, "thread %d has other images than thread 0\n", i);
      return 1;
    }
  }
  printf("%d threads, %d symbols each: the same images\n", THREAD_COUNT, VERSION_COUNT * LEVEL_COUNT);
  return 0;
}
