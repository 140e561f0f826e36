/*
 * One sample of one contender: core_bench CONTENDER TEXTS_FILE TIME_MS
 *
 * Encodes the texts (one a line) in turn at level L, 200 px wide, for at least TIME_MS of CPU time after one untimed
 * pass, and prints a JSON line. CONTENDER is "bare", "ENGINE" (text to PNG) or "ENGINE/modules" (text to modules).
 * TIME_MS 0 means one pass: what an instruction counter wants.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "bare.h"
#include "qrpng.h"

enum { MAX_TEXTS = 10000 };

typedef struct texts {
  size_t count;
  char *text[MAX_TEXTS];
  size_t nbytes[MAX_TEXTS];
} texts;

typedef struct contender {
  qrpng_encoder *encoder; /* NULL: bare */
  qrpng_options options;
  int modules_only;
} contender;

static void fail(const char *what) {
  fprintf(stderr, "core_bench: %s\n", what);
  exit(1);
}

static void read_texts(const char *path, texts *texts) {
  FILE *file = fopen(path, "r");
  if (!file)
    fail("the texts can't be read.");
  char *line = NULL;
  size_t capacity = 0;
  for (ssize_t length; texts->count < MAX_TEXTS && (length = getline(&line, &capacity, file)) > 0;) {
    if (line[length - 1] == '\n')
      line[--length] = '\0';
    texts->text[texts->count] = strdup(line);
    texts->nbytes[texts->count++] = (size_t)length;
  }
  free(line);
  fclose(file);
  if (texts->count == 0)
    fail("there are no texts.");
}

static contender find_contender(const char *name) {
  contender contender = {.options = qrpng_default_options()};
  static char engine[64];
  if (strcmp(name, "bare") == 0)
    return contender;
  snprintf(engine, sizeof engine, "%.*s", (int)strcspn(name, "/"), name);
  contender.options.engine = engine;
  contender.modules_only = strstr(name, "/modules") != NULL;
  if (qrpng_encoder_create(&contender.encoder) != QRPNG_OK)
    fail("out of memory.");
  if (qrpng_check_options(contender.encoder, &contender.options) != QRPNG_OK)
    fail(qrpng_error_message(contender.encoder));
  return contender;
}

/* Returns the length of the PNG, or 0 where there is none. */
static size_t encode(const contender *contender, const char *text, size_t text_nbytes) {
  const uint8_t *png;
  size_t png_nbytes = 0;
  if (!contender->encoder) {
    uint8_t *owned = NULL;
    png_nbytes = bare_encode(text, &owned);
    free(owned);
    if (png_nbytes == 0)
      fail("the bare loop failed.");
    return png_nbytes;
  }
  qrpng_symbol symbol;
  qrpng_status status =
      contender->modules_only
          ? qrpng_encode_modules(contender->encoder, text, text_nbytes, &contender->options, &symbol)
          : qrpng_encode_png(contender->encoder, text, text_nbytes, &contender->options, &png, &png_nbytes);
  if (status != QRPNG_OK)
    fail(qrpng_error_message(contender->encoder));
  return png_nbytes;
}

static double encode_all(const contender *contender, const texts *texts) {
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

int main(int argc, char **argv) {
  if (argc != 4)
    fail("usage: core_bench CONTENDER TEXTS_FILE TIME_MS");
  static texts texts;
  read_texts(argv[2], &texts);
  contender contender = find_contender(argv[1]);
  double wanted_micros = atof(argv[3]) * 1e3;

  double passes = 0, png_nbytes = encode_all(&contender, &texts), start = cpu_micros(), elapsed = 0;
  while (elapsed < wanted_micros) {
    encode_all(&contender, &texts);
    passes++;
    elapsed = cpu_micros() - start;
  }
  double calls = passes * (double)texts.count;
  printf("{\"cpuMicrosPerText\": %.4f, \"pngBytes\": %.1f, \"calls\": %.0f}\n", calls ? elapsed / calls : 0,
         png_nbytes / (double)texts.count, calls);
  qrpng_encoder_destroy(contender.encoder);
  return 0;
}
