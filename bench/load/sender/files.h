/* What the sender reads and writes; all numbers are in the byte order of the machine. */
#ifndef SENDER_FILES_H
#define SENDER_FILES_H

#include <stddef.h>

/* As it goes over the wire. */
typedef struct {
  const char *bytes;
  size_t nbytes;
} sender_request;

typedef struct {
  sender_request *items;
  size_t count; /* at least 1 */
  char *bytes;
} sender_requests;

/* When requests are due, in ms since the start of the load, in ascending order, up to 10^9. */
typedef struct {
  double *due_ms;
  size_t count; /* at least 1 */
} sender_schedule;

/* What became of a request without an answer; it takes the place of a status. */
enum { NO_ANSWER = 0, CONNECT_FAILED = -1, READ_FAILED = -2, WRITE_FAILED = -3 };

/* Of one request; times are in ms since the start of the load. */
typedef struct {
  double called_ms; /* when the sender got to it */
  double sent_ms;   /* when a connection took it; 0 if none did */
  double done_ms;   /* when its answer was whole; 0 without one */
  double status;    /* of HTTP, or one of the above */
} sender_record;

/* Each function ends the process with a sentence if it can't be done. What was read is the caller's to free, each
 * pointer. */

/* A file of requests: for each its length, in a uint32_t, and its bytes. */
sender_requests read_requests(const char *path);

/* A file of times, in doubles. */
sender_schedule read_schedule(const char *path);

/* Leaves no half of a file behind: signals that would end the process wait. */
void write_records(const char *path, const sender_record *records, size_t count);

#endif
