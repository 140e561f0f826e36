/* An open loop: requests are sent when they are due, whatever the answers do. */
#ifndef SENDER_LOAD_H
#define SENDER_LOAD_H

#include <stddef.h>
#include <stdint.h>

#include "connection.h"
#include "files.h"

typedef struct {
  sender_target target;
  sender_requests requests; /* sent in turn */
  sender_schedule schedule;
  size_t connections;     /* opened, and used for a moment, before the load */
  size_t max_connections; /* at least as many; when all are busy, what is due waits for one */
  int64_t timeout_ms;     /* for answers, after the last request was due */
} sender_options;

/*
 * Puts the load on and fills a record for each time of the schedule. Calls on_end when the last request is due. Memory
 * is bounded by the schedule and max_connections. Ends the process with a sentence if that can't be had, if there are
 * not enough descriptors, or if answers have no length.
 */
sender_traffic load_run(const sender_options *, sender_record *records, void (*on_end)(void));

#endif
