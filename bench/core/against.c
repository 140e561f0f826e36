/*
 * Two builds of the shared library in one process: core_against LIBRARY OTHER_LIBRARY ENGINE TEXTS_FILE ROUNDS
 *
 * Each round encodes all texts (each ended by a NUL) at level L, 200 px wide, with one build and then with the other,
 * the order changing from round to round, so that both meet the same neighbours on the machine. Prints a JSON line: the
 * rounds' CPU times a text in µs as [library, other library], and how many images of a round before differ.
 */
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "qrpng.h"
#include "texts.h"

enum { BUILDS = 2 };

/* One build: what its library exports, and an encoder. */
typedef struct core_build {
  qrpng_status (*create)(qrpng_encoder **encoder);
  qrpng_status (*encode)(qrpng_encoder *encoder, const void *text, size_t text_nbytes, const qrpng_options *options,
                         const uint8_t **png, size_t *png_nbytes);
  qrpng_encoder *encoder;
} core_build;

static void fail(const char *what) {
  fprintf(stderr, "core_against: %s\n", what);
  exit(1);
}

static void load(core_build *build, const char *path) {
  void *library = dlopen(path, RTLD_NOW | RTLD_LOCAL);
  if (!library)
    fail(dlerror());
  *(void **)&build->create = dlsym(library, "qrpng_encoder_create");
  *(void **)&build->encode = dlsym(library, "qrpng_encode");
  if (!build->create || !build->encode)
    fail("the builds have different interfaces: one of them lacks a function.");
  if (build->create(&build->encoder) != QRPNG_OK)
    fail("out of memory.");
}

typedef struct png_image {
  const uint8_t *png;
  size_t nbytes;
} png_image;

static png_image encode(const core_build *build, const qrpng_options *options, const text_list *texts, size_t i) {
  png_image image;
  if (build->encode(build->encoder, texts->text[i], texts->nbytes[i], options, &image.png, &image.nbytes) != QRPNG_OK)
    fail("a text can't be encoded.");
  return image;
}

static size_t count_differing(const core_build builds[BUILDS], const qrpng_options *options, const text_list *texts) {
  size_t differing = 0;
  for (size_t i = 0; i < texts->count; i++) {
    png_image one = encode(&builds[0], options, texts, i), other = encode(&builds[1], options, texts, i);
    differing += one.nbytes != other.nbytes || memcmp(one.png, other.png, one.nbytes) != 0;
  }
  return differing;
}

static double cpu_micros(void) {
  struct timespec now;
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return (double)now.tv_sec * 1e6 + (double)now.tv_nsec / 1e3;
}

static double micros_per_text(const core_build *build, const qrpng_options *options, const text_list *texts) {
  double start = cpu_micros();
  for (size_t i = 0; i < texts->count; i++)
    encode(build, options, texts, i);
  return (cpu_micros() - start) / (double)texts->count;
}

int main(int argc, char **argv) {
  if (argc != 6)
    fail("usage: core_against LIBRARY OTHER_LIBRARY ENGINE TEXTS_FILE ROUNDS");
  static text_list texts;
  core_build builds[BUILDS];
  for (int i = 0; i < BUILDS; i++)
    load(&builds[i], argv[1 + i]);
  if (!read_texts(argv[4], &texts))
    fail("there are no texts, or they can't be read.");
  qrpng_options options = {
      .width = 200, .margin = 4, .mask = QRPNG_BEST_MASK, .dark = 0x000000FF, .light = 0xFFFFFFFF, .engine = argv[3]};

  printf("{\"differing\": %zu, \"micros\": [", count_differing(builds, &options, &texts));
  for (int round = 0, rounds = atoi(argv[5]); round < rounds; round++) {
    double micros[BUILDS];
    for (int i = 0; i < BUILDS; i++) {
      int turn = (round + i) % BUILDS;
      micros[turn] = micros_per_text(&builds[turn], &options, &texts);
    }
    printf("%s[%.4f, %.4f]", round > 0 ? ", " : "", micros[0], micros[1]);
  }
  puts("]}");
  return 0;
}
