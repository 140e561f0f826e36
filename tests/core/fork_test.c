/*
 * core_fork_test: processes that are forked while threads make their first images. Nothing that such a thread holds at
 * that moment is ever given back in the child, which must make the same images nevertheless. A program of its own, so
 * that each round starts in a process that has made no image yet.
 *
 * Exit code 1: a child hung, failed or made other images.
 */
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "qrpng.h"

/* A child that takes so long hangs: it needs some milliseconds. */
enum { ROUND_COUNT = 4, THREAD_COUNT = 2, MAX_CHILDREN = 32, VERSION_COUNT = 40, CHILD_TIMEOUT_S = 60 };

static atomic_int ready_threads;

/* FNV-1a over an image of each version; 0 if one can't be made. */
static uint64_t checksum_of_images(void) {
  qrpng_encoder *encoder;
  if (qrpng_encoder_create(&encoder) != QRPNG_OK)
    return 0;
  uint64_t hash = 0xCBF29CE484222325;
  qrpng_options options = qrpng_default_options();
  for (options.version = 1; options.version <= VERSION_COUNT && hash != 0; options.version++) {
    const uint8_t *png;
    size_t png_nbytes;
    qrpng_status status = qrpng_encode(encoder, "hello", 5, &options, &png, &png_nbytes);
    for (size_t i = 0; i < png_nbytes; i++)
      hash = (hash ^ png[i]) * 0x100000001B3;
    hash = status == QRPNG_OK ? hash : 0;
  }
  qrpng_encoder_destroy(encoder);
  return hash;
}

static void *encode_in_a_thread(void *checksum) {
  *(uint64_t *)checksum = checksum_of_images();
  atomic_fetch_add(&ready_threads, 1);
  return NULL;
}

/* Returns the end of a pipe in which the child's checksum will be. */
static int start_child(void) {
  int ends[2];
  if (pipe(ends) != 0)
    return -1;
  pid_t pid = fork();
  if (pid == 0) {
    alarm(CHILD_TIMEOUT_S);
    uint64_t checksum = checksum_of_images();
    _exit(write(ends[1], &checksum, sizeof checksum) == sizeof checksum ? 0 : 1);
  }
  close(ends[1]);
  return pid > 0 ? ends[0] : -1;
}

/* Returns the number of children that did not do as they should, or -1 if the test itself failed. */
static int run_round(void) {
  pthread_t threads[THREAD_COUNT];
  uint64_t checksums[THREAD_COUNT];
  int children[MAX_CHILDREN], child_count = 0, failed_count = 0;
  for (int i = 0; i < THREAD_COUNT; i++)
    if (pthread_create(&threads[i], NULL, encode_in_a_thread, &checksums[i]) != 0)
      return -1;
  while (child_count < MAX_CHILDREN && atomic_load(&ready_threads) < THREAD_COUNT)
    children[child_count++] = start_child();
  for (int i = 0; i < THREAD_COUNT; i++)
    pthread_join(threads[i], NULL);

  for (int i = 0; i < child_count; i++) {
    uint64_t checksum = 0;
    if (children[i] < 0)
      return -1;
    ssize_t nread = read(children[i], &checksum, sizeof checksum);
    failed_count += nread != sizeof checksum || checksum == 0 || checksum != checksums[0];
  }
  printf("%d of %d children failed\n", failed_count, child_count);
  return failed_count;
}

int main(void) {
  int failed_rounds = 0;
  for (int i = 0; i < ROUND_COUNT; i++) {
    fflush(stdout);
    pid_t pid = fork();
    if (pid == 0)
      exit(run_round() == 0 ? 0 : 1);
    int status;
    if (pid < 0 || waitpid(pid, &status, 0) != pid || status != 0)
      failed_rounds++;
  }
  return failed_rounds == 0 ? 0 : 1;
}
