#include "deadlines.h"

#include <limits.h>
#include <stddef.h>

void deadline_clear(http_deadlines *deadlines, http_deadline *deadline) {
  if (deadline->kind == DEADLINE_NONE)
    return;
  deadline_list *list = &deadlines->lists[deadline->kind];
  if (deadline->previous)
    deadline->previous->next = deadline->next;
  else
    list->first = deadline->next;
  if (deadline->next)
    deadline->next->previous = deadline->previous;
  else
    list->last = deadline->previous;
  deadline->kind = DEADLINE_NONE;
}

void deadline_set(http_deadlines *deadlines, http_deadline *deadline, deadline_kind kind, uint64_t now_ms) {
  deadline_list *list = &deadlines->lists[kind];
  deadline_clear(deadlines, deadline);
  deadline->kind = (uint8_t)kind;
  deadline->set_ms = now_ms;
  deadline->next = NULL;
  deadline->previous = list->last;
  if (list->last)
    list->last->next = deadline;
  else
    list->first = deadline;
  list->last = deadline;
}

http_deadline *deadlines_find_oldest(const http_deadlines *deadlines, deadline_kind kind, uint64_t age_ms,
                                     uint64_t now_ms) {
  http_deadline *first = deadlines->lists[kind].first;
  return first && now_ms - first->set_ms >= age_ms ? first : NULL;
}

http_deadline *deadlines_find_overdue(const http_deadlines *deadlines, uint64_t now_ms) {
  for (deadline_kind kind = 0; kind < DEADLINE_TURN; kind++) {
    http_deadline *overdue = deadlines_find_oldest(deadlines, kind, deadlines->durations_ms[kind], now_ms);
    if (overdue)
      return overdue;
  }
  return NULL;
}

int deadlines_wait_ms(const http_deadlines *deadlines, uint64_t now_ms) {
  uint64_t wait_ms = INT_MAX;
  bool is_any_set = false;
  for (deadline_kind kind = 0; kind < DEADLINE_KINDS; kind++) {
    const http_deadline *first = deadlines->lists[kind].first;
    if (!first)
      continue;
    const uint64_t due_ms = first->set_ms + deadlines->durations_ms[kind];
    const uint64_t left_ms = due_ms > now_ms ? due_ms - now_ms : 0;
    wait_ms = left_ms < wait_ms ? left_ms : wait_ms;
    is_any_set = true;
  }
  return is_any_set ? (int)wait_ms : -1;
}
