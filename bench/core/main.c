/*
 * One sample of one contender: core_bench CONTENDER TEXTS_FILE TIME_MS PASSES
 *
 * Encodes the texts (each ended by a NUL) in turn at level L, 200 px wide, for at least TIME_MS of CPU time and PASSES
 * passes, after one pass that is not timed, and prints a JSON line. CONTENDER is "bare" or an engine, for text to PNG;
 * "/modules" behind it stops at the modules, and behind an engine the name of an output makes that. core_bench engines:
 * lists the engines that run here.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "bare.h"
#include "qrpng.h"
#include "texts.h"

typedef struct bench_contender {
  qrpng_encoder *encoder; /* NULL: bare */
  qrpng_options options;
  int modules_only;
} bench_contender;

static void fail(const char *what) {
  fprintf(stderr, "core_bench: %s\n", what);
  exit(1);
}

/* Narrowest vectors first; not all of them are listed by the library. */
static void list_engines(void) {
  static const char *const names[] = {"reference", "fast:baseline", "fast:128", "fast:256", "fast:512"};
  for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
    if (qrpng_engine_libraries(names[i], NULL, 0) >= 0)
      puts(names[i]);
}

/* Returns 0 if there is no such output. */
static int choose_output(qrpng_options *options, const char *name) {
  static const struct {
    const char *name;
    qrpng_format format;
    uint32_t dark;
  } outputs[] = {
      {"png", QRPNG_FORMAT_PNG, 0x000000FF},           {"palette", QRPNG_FORMAT_PNG, 0x10206080},
      {"svg", QRPNG_FORMAT_SVG, 0x000000FF},           {"utf8", QRPNG_FORMAT_UTF8, 0x000000FF},
      {"terminal", QRPNG_FORMAT_TERMINAL, 0x000000FF}, {"terminal-small", QRPNG_FORMAT_TERMINAL_SMALL, 0x000000FF},
      {"ascii", QRPNG_FORMAT_ASCII, 0x000000FF},
  };
  for (size_t i = 0; i < sizeof outputs / sizeof outputs[0]; i++) {
    if (strcmp(name, outputs[i].name) != 0)
      continue;
    options->format = outputs[i].format;
    options->dark = outputs[i].dark;
    return 1;
  }
  return 0;
}

static bench_contender find_contender(const char *name) {
  bench_contender contender = {.options = qrpng_default_options(), .modules_only = strstr(name, "/modules") != NULL};
  const char *slash = strchr(name, '/');
  if (slash && !contender.modules_only && !choose_output(&contender.options, slash + 1))
    fail("there is no such output.");
  static char engine[64];
  snprintf(engine, sizeof engine, "%.*s", (int)strcspn(name, "/"), name);
  if (strcmp(engine, "bare") == 0)
    return contender;
  contender.options.engine = engine;
  if (qrpng_encoder_create(&contender.encoder) != QRPNG_OK)
    fail("out of memory.");
  if (qrpng_check_options(contender.encoder, &contender.options) != QRPNG_OK)
    fail(qrpng_error_message(contender.encoder));
  return contender;
}

static size_t encode_bare(const char *text, int modules_only) {
  if (modules_only) {
    if (!bare_encode_modules(text))
      fail("libqrencode failed.");
    return 0;
  }
  uint8_t *png = NULL;
  size_t png_nbytes = bare_encode(text, &png);
  free(png);
  if (png_nbytes == 0)
    fail("the bare loop failed.");
  return png_nbytes;
}

/* Returns the length of the PNG, or 0 where there is none. */
static size_t encode(const bench_contender *contender, const char *text, size_t text_nbytes) {
  if (!contender->encoder)
    return encode_bare(text, contender->modules_only);
  const uint8_t *png;
  size_t png_nbytes = 0;
  qrpng_symbol symbol;
  qrpng_status status =
      contender->modules_only
          ? qrpng_encode_modules(contender->encoder, text, text_nbytes, &contender->options, &symbol)
          : qrpng_encode(contender->encoder, text, text_nbytes, &contender->options, &png, &png_nbytes);
  if (status != QRPNG_OK)
    fail(qrpng_error_message(contender->encoder));
  return png_nbytes;
}

static double encode_all(const bench_contender *contender, const text_list *texts) {
  double total_nbytes = 0;
  for (size_t i = 0; i < texts->count; i++)
    total_nbytes += (double)encode(contender, texts->text[i], texts->nbytes[i]);
  return total_nbytes;
}

static double cpu_micros(void) {
  struct timespec now;
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return (double)now.tv_sec * 1e6 + (double)now.tv_nsec / 1e3;
}

static void measure(const bench_contender *contender, const text_list *texts, double wanted_micros,
                    double wanted_passes) {
  double passes = 0, png_nbytes = encode_all(contender, texts), start = cpu_micros(), elapsed = 0;
  while (elapsed < wanted_micros || passes < wanted_passes) {
    encode_all(contender, texts);
    passes++;
    elapsed = cpu_micros() - start;
  }
  double calls = passes * (double)texts->count;
  printf("{\"cpuMicrosPerText\": %.4f, \"pngBytes\": %.4f, \"calls\": %.0f}\n", calls ? elapsed / calls : 0,
         png_nbytes / (double)texts->count, calls);
}

int main(int argc, char **argv) {
  if (argc == 2 && strcmp(argv[1], "engines") == 0) {
    list_engines();
    return 0;
  }
  if (argc != 5)
    fail("usage: core_bench CONTENDER TEXTS_FILE TIME_MS PASSES, or core_bench engines");
  static text_list texts;
  if (!read_texts(argv[2], &texts))
    fail("there are no texts, or they can't be read.");
  bench_contender contender = find_contender(argv[1]);
  measure(&contender, &texts, atof(argv[3]) * 1e3, atof(argv[4]));
  qrpng_encoder_destroy(contender.encoder);
  return 0;
}
