#include "access_log.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { BUFFER_NBYTES = 512 * 1024, LINE_SIZE = 320, GATHER_MS = 20, CLOSE_SECONDS = 1 };

struct access_log {
  int file;
  bool is_ours; /* to be closed */
  bool is_running, has_failed;
  pthread_t thread;
  pthread_mutex_t mutex; /* for what follows */
  pthread_cond_t is_filled;
  char *filling, *writing;
  size_t nbytes;
  size_t dropped_count;
  bool is_closing;
};

access_log *access_log_open(const char *path) {
  access_log *log = calloc(1, sizeof *log);
  char *buffers = malloc((size_t)2 * BUFFER_NBYTES);
  if (!log || !buffers) {
    fputs("qrpng-server: There is not enough memory for the access log.\n", stderr);
    free(log);
    free(buffers);
    return NULL;
  }
  log->is_ours = strcmp(path, "-") != 0;
  log->file = log->is_ours ? open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0640) : STDOUT_FILENO;
  if (log->file < 0) {
    fprintf(stderr, "qrpng-server: The access log %s can't be opened: %s.\n", path, strerror(errno));
    free(log);
    free(buffers);
    return NULL;
  }
  log->filling = buffers;
  log->writing = buffers + BUFFER_NBYTES;
  pthread_mutex_init(&log->mutex, NULL);
  pthread_cond_init(&log->is_filled, NULL);
  return log;
}

typedef struct log_line {
  char bytes[LINE_SIZE];
  size_t nbytes;
} log_line;

__attribute__((format(printf, 2, 3))) static void append(log_line *line, const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  /* NOLINTNEXTLINE(clang-analyzer-valist.Uninitialized): it doesn't see va_start() in every build */
  line->nbytes += (size_t)vsnprintf(line->bytes + line->nbytes, LINE_SIZE - line->nbytes, format, arguments);
  va_end(arguments);
}

/* RFC 3339, in UTC. */
static void append_time(log_line *line) {
  struct timespec now;
  struct tm parts;
  clock_gettime(CLOCK_REALTIME, &now);
  gmtime_r(&now.tv_sec, &parts);
  append(line, "{\"time\":\"%04d-%02d-%02dT%02d:%02d:%02d.%03ldZ\"", parts.tm_year + 1900, parts.tm_mon + 1,
         parts.tm_mday, parts.tm_hour, parts.tm_min, parts.tm_sec, now.tv_nsec / 1000000);
}

/* LINE_SIZE is enough, and nothing needs to be escaped: all of it is ours, but a traceparent of digits and dashes. */
static void format_line(const access_entry *entry, log_line *line) {
  append_time(line);
  if (entry->method)
    append(line, ",\"method\":\"%s\"", entry->method);
  if (entry->path)
    append(line, ",\"path\":\"%s\"", entry->path);
  append(line, ",\"status\":%u,\"bytes\":%u", entry->status, entry->body_nbytes);
  if (entry->method)
    append(line, ",\"us\":%llu", (unsigned long long)entry->duration_us);
  if (entry->traceparent[0])
    append(line, ",\"traceparent\":\"%s\"", entry->traceparent);
  append(line, "}\n");
}

void access_log_add(access_log *log, const access_entry *entry) {
  log_line line = {.nbytes = 0};
  format_line(entry, &line);
  pthread_mutex_lock(&log->mutex);
  const bool was_empty = log->nbytes == 0;
  if (log->nbytes + line.nbytes > BUFFER_NBYTES) {
    log->dropped_count++;
  } else {
    memcpy(log->filling + log->nbytes, line.bytes, line.nbytes);
    log->nbytes += line.nbytes;
  }
  pthread_mutex_unlock(&log->mutex);
  if (was_empty)
    pthread_cond_signal(&log->is_filled);
}

/* What can't be written is lost; of the first time it is told. */
static void write_all(access_log *log, const char *bytes, size_t nbytes) {
  while (nbytes > 0) {
    ssize_t written = write(log->file, bytes, nbytes);
    if (written >= 0) {
      bytes += written;
      nbytes -= (size_t)written;
    } else if (errno != EINTR) {
      if (!log->has_failed)
        fprintf(stderr, "qrpng-server: The access log can't be written: %s.\n", strerror(errno));
      log->has_failed = true;
      return;
    }
  }
}

static void write_dropped(access_log *log, size_t dropped_count) {
  log_line line = {.nbytes = 0};
  append_time(&line);
  append(&line, ",\"dropped\":%zu}\n", dropped_count);
  write_all(log, line.bytes, line.nbytes);
}

/* Takes what there is. Returns whether there was anything, or more may come. */
static bool take_lines(access_log *log, size_t *nbytes, size_t *dropped_count) {
  pthread_mutex_lock(&log->mutex);
  while (log->nbytes == 0 && !log->is_closing)
    pthread_cond_wait(&log->is_filled, &log->mutex);
  char *filled = log->filling;
  *nbytes = log->nbytes;
  *dropped_count = log->dropped_count;
  log->filling = log->writing;
  log->writing = filled;
  log->nbytes = 0;
  log->dropped_count = 0;
  const bool goes_on = *nbytes > 0 || !log->is_closing;
  pthread_mutex_unlock(&log->mutex);
  return goes_on;
}

static void *run(void *argument) {
  const struct timespec pause = {.tv_nsec = GATHER_MS * 1000000L};
  access_log *log = argument;
  size_t nbytes, dropped_count;
  while (take_lines(log, &nbytes, &dropped_count)) {
    write_all(log, log->writing, nbytes);
    if (dropped_count > 0)
      write_dropped(log, dropped_count);
    nanosleep(&pause, NULL); /* so that under load many lines are written at once */
  }
  return NULL;
}

int access_log_start(access_log *log) {
  log->is_running = pthread_create(&log->thread, NULL, run, log) == 0;
  return log->is_running ? 0 : -1;
}

static bool end_thread(access_log *log) {
  struct timespec end;
  if (!log->is_running)
    return true;
  pthread_mutex_lock(&log->mutex);
  log->is_closing = true;
  pthread_mutex_unlock(&log->mutex);
  pthread_cond_signal(&log->is_filled);
  clock_gettime(CLOCK_REALTIME, &end);
  end.tv_sec += CLOSE_SECONDS;
  return pthread_timedjoin_np(log->thread, NULL, &end) == 0;
}

void access_log_close(access_log *log) {
  if (!log || !end_thread(log)) /* nobody reads: the thread ends with the process, and needs all of it until then */
    return;
  if (log->is_ours)
    close(log->file);
  pthread_cond_destroy(&log->is_filled);
  pthread_mutex_destroy(&log->mutex);
  free(log->filling < log->writing ? log->filling : log->writing); /* both are one block */
  free(log);
}

static bool is_hex(const char *digits, size_t count) {
  for (size_t i = 0; i < count; i++)
    if (!((digits[i] >= '0' && digits[i] <= '9') || (digits[i] >= 'a' && digits[i] <= 'f')))
      return false;
  return true;
}

/* version-trace_id-parent_id-flags; of version ff there is none, and a later one may be longer. */
void traceparent_copy(char copy[TRACEPARENT_NBYTES + 1], slice value) {
  const char *at = value.bytes;
  copy[0] = '\0';
  if (value.nbytes < TRACEPARENT_NBYTES || !is_hex(at, 2) || memcmp(at, "ff", 2) == 0 || at[2] != '-' ||
      !is_hex(at + 3, 32) || at[35] != '-' || !is_hex(at + 36, 16) || at[52] != '-' || !is_hex(at + 53, 2))
    return;
  if (value.nbytes > TRACEPARENT_NBYTES && (memcmp(at, "00", 2) == 0 || at[TRACEPARENT_NBYTES] != '-'))
    return;
  memcpy(copy, at, TRACEPARENT_NBYTES);
  copy[TRACEPARENT_NBYTES] = '\0';
}
