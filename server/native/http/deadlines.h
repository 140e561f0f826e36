/*
 * What may take no longer. All deadlines of a kind are equally far away when they are set, so each kind is a list in
 * the order in which they come: setting, clearing and finding the next cost the same for ten connections and ten
 * thousand.
 */
#ifndef HTTP_DEADLINES_H
#define HTTP_DEADLINES_H

#include <stdbool.h>
#include <stdint.h>

typedef enum deadline_kind {
  DEADLINE_IDLE,
  DEADLINE_REQUEST,
  DEADLINE_ANSWER, /* of no importance: who makes the answer sees to its end */
  DEADLINE_SEND,
  DEADLINE_LINGER,
  DEADLINE_TURN, /* at once, but after all that comes before it: the list is a queue */
  DEADLINE_KINDS,
  DEADLINE_NONE = DEADLINE_KINDS,
} deadline_kind;

/* A part of what has a deadline; its kind is DEADLINE_NONE before it is first set. */
typedef struct http_deadline {
  struct http_deadline *previous, *next;
  uint64_t set_ms;
  uint8_t kind;
} http_deadline;

typedef struct deadline_list {
  http_deadline *first, *last;
} deadline_list;

typedef struct http_deadlines {
  deadline_list lists[DEADLINE_KINDS];
  uint32_t durations_ms[DEADLINE_KINDS];
} http_deadlines;

/* now_ms may be coarse, but never goes back. */
void deadline_set(http_deadlines *deadlines, http_deadline *deadline, deadline_kind kind, uint64_t now_ms);
void deadline_clear(http_deadlines *deadlines, http_deadline *deadline);

/* One that is over, or NULL; turns are none of them. */
http_deadline *deadlines_find_overdue(const http_deadlines *deadlines, uint64_t now_ms);

/* The one of that kind that was set first, if that is at least so long ago, or NULL. */
http_deadline *deadlines_find_oldest(const http_deadlines *deadlines, deadline_kind kind, uint64_t age_ms,
                                     uint64_t now_ms);

/* Milliseconds until the next one is over, or -1 if there is none. */
int deadlines_wait_ms(const http_deadlines *deadlines, uint64_t now_ms);

#endif
