/*
 * Draws images of all sizes with engine fast, reads each of them strictly, and compares its pixels with those of engine
 * reference, or with the modules where the mask is fixed, which engine reference can't do. Ends at the first
 * difference, with the arguments that repeat it.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "strict_png.h"
#include "version.h"

static const char usage[] =
    "Usage: png_sweep [--full] [--save FOLDER]\n"
    "       png_sweep --image VERSION,MARGIN,WIDTH,SCALE,MASK FOLDER\n"
    "Checks a choice of images, or all of them, and saves them as PNG files if asked to;\n"
    "or checks one image and saves it as both engines draw it.\n";

/* Its text follows from these numbers, too. */
typedef struct sweep_picture {
  int version, margin, width, scale, mask;
} sweep_picture;

enum { MAX_TEXT_NBYTES = 2953, MAX_PNG_NBYTES = 1 << 20, MAX_NAME_NBYTES = 64 };

typedef struct png_sweeper {
  qrpng_encoder *encoder, *judge;
  strict_reader *reader, *judges_reader;
  const char *folder; /* NULL: nothing is saved */
  int saves_both_engines;
  long stride, visited, checked; /* each stride-th image that is visited is checked */
  sweep_picture picture;
  qrpng_options options;
  uint8_t text[MAX_TEXT_NBYTES], png[MAX_PNG_NBYTES];
  size_t text_nbytes, png_nbytes;
} png_sweeper;

static void format_name(char name[MAX_NAME_NBYTES], const sweep_picture *picture) {
  snprintf(name, MAX_NAME_NBYTES, "%d,%d,%d,%d,%d", picture->version, picture->margin, picture->width, picture->scale,
           picture->mask);
}

static void fail(const png_sweeper *sweeper, const char *complaint) {
  char name[MAX_NAME_NBYTES];
  format_name(name, &sweeper->picture);
  fprintf(stderr, "png_sweep: %s\nRepeat it with: build/Release/png_sweep --image %s .\n", complaint, name);
  exit(1);
}

static void save(const png_sweeper *sweeper, const uint8_t *png, size_t png_nbytes) {
  char name[MAX_NAME_NBYTES], path[4096];
  format_name(name, &sweeper->picture);
  snprintf(path, sizeof path, "%s/%s-%s.png", sweeper->folder, sweeper->options.engine, name);
  FILE *file = fopen(path, "wb");
  if (!file || fwrite(png, 1, png_nbytes, file) != png_nbytes || fclose(file) != 0)
    fail(sweeper, "the image can't be saved");
}

/* Random bytes that fill the version; or, where the mask is fixed, zeros, which show the bare mask. */
static void choose_text(png_sweeper *sweeper) {
  enum { LONGEST_HEADER_NBITS = 20 };
  const sweep_picture *picture = &sweeper->picture;
  const int numbers[] = {picture->version, picture->margin, picture->width, picture->scale};
  uint64_t state = 0x9E3779B97F4A7C15;
  for (int i = 0; i < 4; i++)
    state = (state ^ (uint64_t)numbers[i]) * 0xD6E8FEB86659FD93;
  sweeper->options.ecl = (qrpng_level)(state >> 62);
  int capacity_bits = qrpng_data_capacity_bits(picture->version, sweeper->options.ecl);
  sweeper->text_nbytes = (size_t)(capacity_bits - LONGEST_HEADER_NBITS) / 8;
  for (size_t i = 0; i < sweeper->text_nbytes; i++) {
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    sweeper->text[i] = picture->mask == QRPNG_BEST_MASK ? (uint8_t)(state >> 56) : 0;
  }
}

static void draw(png_sweeper *sweeper, qrpng_encoder *encoder, const uint8_t **png, size_t *png_nbytes) {
  if (qrpng_encode(encoder, sweeper->text, sweeper->text_nbytes, &sweeper->options, png, png_nbytes) != QRPNG_OK)
    fail(sweeper, qrpng_error_message(encoder));
}

/* Twice: the second time the geometry is known from the first. */
static void draw_fast(png_sweeper *sweeper, int effort) {
  const uint8_t *png;
  size_t png_nbytes;
  sweeper->options.engine = "fast";
  sweeper->options.effort = effort;
  draw(sweeper, sweeper->encoder, &png, &png_nbytes);
  if (png_nbytes > sizeof sweeper->png)
    fail(sweeper, "the image is larger than anything expected");
  memcpy(sweeper->png, png, png_nbytes);
  sweeper->png_nbytes = png_nbytes;
  draw(sweeper, sweeper->encoder, &png, &png_nbytes);
  if (png_nbytes != sweeper->png_nbytes || memcmp(png, sweeper->png, png_nbytes) != 0)
    fail(sweeper, "the same image has other bytes when it is drawn again");
  if (sweeper->folder)
    save(sweeper, png, png_nbytes);
}

static void judge_by_reference(png_sweeper *sweeper, const strict_image *image) {
  const uint8_t *png;
  size_t png_nbytes;
  strict_image expected;
  sweeper->options.engine = "reference";
  draw(sweeper, sweeper->judge, &png, &png_nbytes);
  if (sweeper->saves_both_engines)
    save(sweeper, png, png_nbytes);
  const char *complaint = strict_read(sweeper->judges_reader, png, png_nbytes, &expected);
  if (complaint)
    fail(sweeper, complaint);
  complaint = strict_compare_images(sweeper->reader, image, &expected);
  if (complaint)
    fail(sweeper, complaint);
}

static void judge_by_modules(png_sweeper *sweeper, const strict_image *image) {
  qrpng_symbol symbol;
  if (qrpng_encode_modules(sweeper->judge, sweeper->text, sweeper->text_nbytes, &sweeper->options, &symbol) != QRPNG_OK)
    fail(sweeper, qrpng_error_message(sweeper->judge));
  const char *complaint = strict_compare_symbol(sweeper->reader, image, &symbol, &sweeper->options);
  if (complaint)
    fail(sweeper, complaint);
}

/* The same image with more effort: other bytes, no more of them, and the same pixels. */
static void check_effort(png_sweeper *sweeper, const strict_image *image) {
  strict_image smaller;
  size_t png_nbytes = sweeper->png_nbytes;
  draw_fast(sweeper, 1);
  const char *complaint = strict_read(sweeper->judges_reader, sweeper->png, sweeper->png_nbytes, &smaller);
  if (!complaint)
    complaint = strict_compare_images(sweeper->reader, image, &smaller);
  if (!complaint && sweeper->png_nbytes > png_nbytes)
    complaint = "more effort makes more bytes";
  if (complaint)
    fail(sweeper, complaint);
}

static void check(png_sweeper *sweeper, const sweep_picture *picture) {
  strict_image image;
  sweeper->picture = *picture;
  sweeper->options = (qrpng_options){
      .width = picture->width,
      .scale = picture->scale,
      .margin = picture->margin,
      .version = picture->version,
      .mask = picture->mask,
      .dark = 0x000000FF,
      .light = 0xFFFFFFFF,
  };
  choose_text(sweeper);
  draw_fast(sweeper, 0);
  const char *complaint = strict_read(sweeper->reader, sweeper->png, sweeper->png_nbytes, &image);
  if (complaint)
    fail(sweeper, complaint);
  if (image.data_chunks != 1)
    fail(sweeper, "there is more than one IDAT");
  if (picture->mask == QRPNG_BEST_MASK)
    judge_by_reference(sweeper, &image);
  else
    judge_by_modules(sweeper, &image);
  check_effort(sweeper, &image);
  sweeper->checked++;
}

static void visit(png_sweeper *sweeper, sweep_picture picture) {
  if (sweeper->visited++ % sweeper->stride == 0)
    check(sweeper, &picture);
}

static int total_modules(int version, int margin) {
  return qrpng_side_of_version(version) + 2 * margin;
}

static void visit_widths(png_sweeper *sweeper) {
  static const int versions[] = {1, 7, 12, 28, 40}, margins[] = {0, 1, 3, 4, QRPNG_MAX_MARGIN_MODULES};
  for (int v = 0; v < 5; v++)
    for (int m = 0; m < 5; m++)
      for (int width = total_modules(versions[v], margins[m]); width <= QRPNG_MAX_SIDE_PX; width++)
        visit(sweeper, (sweep_picture){versions[v], margins[m], width, 0, QRPNG_BEST_MASK});
}

static void visit_smallest_widths(png_sweeper *sweeper) {
  for (int version = 1; version <= QRPNG_MAX_VERSION; version++)
    for (int margin = 0; margin <= QRPNG_MAX_MARGIN_MODULES; margin++)
      for (int more = 0; more <= 16; more++)
        visit(sweeper, (sweep_picture){version, margin, total_modules(version, margin) + more, 0, QRPNG_BEST_MASK});
}

/* Where rows are longer than a match, which rows are filtered depends on the scale. */
static void visit_wide(png_sweeper *sweeper) {
  enum { FIRST_WIDTH = 2057 };
  for (int version = 1; version <= QRPNG_MAX_VERSION; version++)
    for (int width = FIRST_WIDTH + version % 8; width <= QRPNG_MAX_SIDE_PX; width += 8)
      visit(sweeper, (sweep_picture){version, (version + width / 8) % 33, width, 0, QRPNG_BEST_MASK});
}

static void visit_scales(png_sweeper *sweeper) {
  for (int version = 1; version <= QRPNG_MAX_VERSION; version++)
    for (int margin = 0; margin <= QRPNG_MAX_MARGIN_MODULES; margin++)
      for (int scale = 1; scale * total_modules(version, margin) <= QRPNG_MAX_SIDE_PX; scale++)
        visit(sweeper, (sweep_picture){version, margin, 0, scale, QRPNG_BEST_MASK});
}

static void visit_scales_of_version_1(png_sweeper *sweeper) {
  for (int scale = 1; scale * total_modules(1, 0) <= QRPNG_MAX_SIDE_PX; scale++)
    visit(sweeper, (sweep_picture){1, 0, 0, scale, QRPNG_BEST_MASK});
}

static void visit_masks(png_sweeper *sweeper) {
  for (int version = 1; version <= QRPNG_MAX_VERSION; version++)
    for (int mask = 0; mask < 8; mask++)
      for (int scale = 1; scale * total_modules(version, mask) <= QRPNG_MAX_SIDE_PX; scale++)
        visit(sweeper, (sweep_picture){version, mask, 0, scale, mask});
}

static const struct sweep {
  const char *title;
  void (*visit)(png_sweeper *sweeper);
  long stride; /* of a choice: prime, so that it doesn't keep step with anything */
} sweeps[] = {
    {"every width for some versions and margins", visit_widths, 137},
    {"the smallest widths for every version and margin", visit_smallest_widths, 23},
    {"wide images of every version", visit_wide, 41},
    {"every scale for every version and margin", visit_scales, 149},
    {"every scale of version 1", visit_scales_of_version_1, 1},
    {"every scale for every version and mask", visit_masks, 67},
};

static void sweep_all(png_sweeper *sweeper, int is_full) {
  for (size_t i = 0; i < sizeof sweeps / sizeof sweeps[0]; i++) {
    time_t begin = time(NULL);
    sweeper->visited = sweeper->checked = 0;
    sweeper->stride = is_full ? 1 : sweeps[i].stride;
    sweeps[i].visit(sweeper);
    printf("%s: %ld of %ld images in %.0f s\n", sweeps[i].title, sweeper->checked, sweeper->visited,
           difftime(time(NULL), begin));
    fflush(stdout);
  }
}

static int parse(int argc, char **argv, png_sweeper *sweeper, int *is_full, sweep_picture *one) {
  for (int i = 1; i < argc; i++) {
    if (strcmp(argv[i], "--full") == 0) {
      *is_full = 1;
    } else if (strcmp(argv[i], "--save") == 0 && i + 1 < argc) {
      sweeper->folder = argv[++i];
    } else if (strcmp(argv[i], "--image") == 0 && i + 2 < argc &&
               sscanf(argv[i + 1], "%d,%d,%d,%d,%d", &one->version, &one->margin, &one->width, &one->scale,
                      &one->mask) == 5 &&
               one->version >= 1 && one->version <= QRPNG_MAX_VERSION) {
      sweeper->folder = argv[i + 2];
      sweeper->saves_both_engines = 1;
      i += 2;
    } else {
      return -1;
    }
  }
  return 0;
}

int main(int argc, char **argv) {
  int is_full = 0;
  sweep_picture one = {0};
  png_sweeper *sweeper = calloc(1, sizeof *sweeper);
  if (!sweeper || qrpng_encoder_create(&sweeper->encoder) != QRPNG_OK ||
      qrpng_encoder_create(&sweeper->judge) != QRPNG_OK || !(sweeper->reader = strict_reader_create()) ||
      !(sweeper->judges_reader = strict_reader_create())) {
    fputs("png_sweep: there is not enough memory\n", stderr);
    return 1;
  }
  if (parse(argc, argv, sweeper, &is_full, &one) != 0) {
    fputs(usage, stderr);
    return 2;
  }
  if (one.version)
    check(sweeper, &one);
  else
    sweep_all(sweeper, is_full);
  qrpng_encoder_destroy(sweeper->encoder);
  qrpng_encoder_destroy(sweeper->judge);
  strict_reader_destroy(sweeper->reader);
  strict_reader_destroy(sweeper->judges_reader);
  free(sweeper);
  return 0;
}
