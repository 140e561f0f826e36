#include "batch_progress.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "complain.h"

enum { BAR_COLUMNS = 24, LINE_SIZE = 160, NUMBER_SIZE = 32 };

static double seconds_since(const struct timespec *begin) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (double)(now.tv_sec - begin->tv_sec) + (double)(now.tv_nsec - begin->tv_nsec) * 1e-9;
}

/* 1,234,567 */
static const char *format_number(uint64_t number, char text[NUMBER_SIZE]) {
  char digits[NUMBER_SIZE];
  const int length = snprintf(digits, sizeof digits, "%" PRIu64, number);
  int used = 0;
  for (int i = 0; i < length; i++) {
    if (i > 0 && (length - i) % 3 == 0)
      text[used++] = ',';
    text[used++] = digits[i];
  }
  text[used] = '\0';
  return text;
}

static const char *format_time(double seconds, char text[NUMBER_SIZE]) {
  const uint64_t s = seconds < 1e9 ? (uint64_t)(seconds + 0.5) : (uint64_t)1e9;
  if (s >= 3600)
    snprintf(text, NUMBER_SIZE, "%" PRIu64 " h %" PRIu64 " min", s / 3600, s % 3600 / 60);
  else if (s >= 60)
    snprintf(text, NUMBER_SIZE, "%" PRIu64 " min %" PRIu64 " s", s / 60, s % 60);
  else
    snprintf(text, NUMBER_SIZE, "%" PRIu64 " s", s);
  return text;
}

void progress_begin(batch_progress *progress) {
  *progress = (batch_progress){.is_terminal = isatty(STDERR_FILENO)};
  pthread_mutex_init(&progress->lock, NULL);
  clock_gettime(CLOCK_MONOTONIC, &progress->begin);
}

static void clear(batch_progress *progress) {
  if (progress->is_drawn)
    fputs("\r\x1b[K", stderr);
  progress->is_drawn = false;
}

static int format_bar(char *line, double done) {
  char bar[BAR_COLUMNS + 1];
  const int filled = (int)(done * BAR_COLUMNS);
  memset(bar, '-', BAR_COLUMNS);
  memset(bar, '#', (size_t)filled);
  bar[BAR_COLUMNS] = '\0';
  return snprintf(line, LINE_SIZE, "[%s] %3d %%  ", bar, (int)(done * 100));
}

void progress_draw(batch_progress *progress, const batch_counts *counts, double done) {
  if (!progress->is_terminal)
    return;
  const double elapsed_s = seconds_since(&progress->begin);
  const uint64_t count = counts->written + counts->kept + counts->refused;
  char line[LINE_SIZE], number[NUMBER_SIZE], rate[NUMBER_SIZE], left[NUMBER_SIZE];
  int used = done >= 0 ? format_bar(line, done) : 0;
  used += snprintf(line + used, LINE_SIZE - (size_t)used, "%s codes  %s/s", format_number(count, number),
                   format_number((uint64_t)((double)count / elapsed_s), rate));
  if (done > 0)
    snprintf(line + used, LINE_SIZE - (size_t)used, "  %s left", format_time(elapsed_s * (1 - done) / done, left));

  struct winsize window;
  const bool is_known = ioctl(STDERR_FILENO, TIOCGWINSZ, &window) == 0 && window.ws_col > 0;
  pthread_mutex_lock(&progress->lock);
  fprintf(stderr, "\r%.*s\x1b[K", is_known ? window.ws_col - 1 : LINE_SIZE, line);
  progress->is_drawn = true;
  pthread_mutex_unlock(&progress->lock);
}

void progress_complain(batch_progress *progress, const char *what, uint64_t number, const char *sentence) {
  pthread_mutex_lock(&progress->lock);
  clear(progress);
  complain(0, "%s %" PRIu64 ": %s", what, number, sentence);
  pthread_mutex_unlock(&progress->lock);
}

void progress_end(batch_progress *progress, const batch_counts *counts) {
  clear(progress);
  if (progress->is_terminal) {
    char written[NUMBER_SIZE], kept[NUMBER_SIZE], time[NUMBER_SIZE];
    fprintf(stderr, "%s codes written, %s there already, in %s.\n", format_number(counts->written, written),
            format_number(counts->kept, kept), format_time(seconds_since(&progress->begin), time));
  }
  pthread_mutex_destroy(&progress->lock);
}
