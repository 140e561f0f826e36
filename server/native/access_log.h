/*
 * The access log: a line of JSON for each request, without texts. Threads add lines to a buffer, and a thread of the
 * log's own writes them, so that a disk or a reader that is slow holds nobody up. The buffer is bounded: what finds no
 * room is left out, and the log says how many lines that were.
 */
#ifndef SERVER_ACCESS_LOG_H
#define SERVER_ACCESS_LOG_H

#include <stdint.h>

#include "http/slice.h"

enum { TRACEPARENT_NBYTES = 55 };

typedef struct access_log access_log;

typedef struct access_entry {
  const char *method; /* NULL: it was refused before that was known */
  const char *path;   /* NULL: one that nothing is answered on, which may hold anything */
  unsigned status;
  uint32_t body_nbytes; /* as sent */
  uint64_t duration_us;
  const char *traceparent; /* a valid one, or "" */
} access_entry;

/*
 * Opens the file for appending; - is standard output. Returns NULL after having said on standard error what is wrong.
 */
access_log *access_log_open(const char *path);

/* Starts its thread. Returns 0, or -1. */
int access_log_start(access_log *log);

/* Safe to be called by all threads. */
void access_log_add(access_log *log, const access_entry *entry);

/* Writes what is left, if that is possible within a second. */
void access_log_close(access_log *log);

/* Copies the value of a header traceparent, and a NUL: nothing if it is not one by W3C Trace Context, 3.2. */
void traceparent_copy(char copy[TRACEPARENT_NBYTES + 1], slice value);

#endif
