#include "batches.h"

#include <stdlib.h>

#include "metrics.h"

enum { MAX_WAITING = 256, MAX_WAIT_MS = 5000, TICK_MS = 20, SLICE_NS = 1000 * 1000, NS_PER_MS = 1000 * 1000 };

typedef struct batch_list {
  text_batch *first, *last;
  size_t count;
} batch_list;

/* Memory that many share. One gets as much as it needs, however much that is, if nobody else is there. */
typedef struct batch_room {
  size_t nbytes, taken_nbytes, part_count;
} batch_room;

struct server_batches {
  const server_config *config;
  const server_responses *responses;
  image_maker *maker;
  batch_room room, unread;
  batch_list waiting, running; /* the oldest first */
  text_batch *turn;            /* the next that goes on; NULL: the first */
  char scratch[HTTP_MAX_HEAD_NBYTES];
};

server_batches *batches_create(const server_config *config, const server_responses *responses, image_maker *maker) {
  server_batches *batches = calloc(1, sizeof *batches);
  if (!batches)
    return NULL;
  const size_t half = (size_t)config->max_batch_memory_mb * 1000 * 1000 / (size_t)config->threads / 2;
  batches->config = config;
  batches->responses = responses;
  batches->maker = maker;
  batches->room.nbytes = batches->unread.nbytes = half;
  return batches;
}

void batches_destroy(server_batches *batches) {
  free(batches);
}

static bool fits(const batch_room *room, size_t nbytes) {
  return room->part_count == 0 || room->taken_nbytes + nbytes <= room->nbytes;
}

static void take(batch_room *room, size_t nbytes) {
  room->part_count++;
  room->taken_nbytes += nbytes;
}

static void give_back(batch_room *room, size_t nbytes) {
  room->part_count--;
  room->taken_nbytes -= nbytes;
}

static void append(batch_list *list, text_batch *batch) {
  batch->previous = list->last;
  batch->next = NULL;
  if (list->last)
    list->last->next = batch;
  else
    list->first = batch;
  list->last = batch;
  list->count++;
}

static void unlink_batch(batch_list *list, text_batch *batch) {
  if (batch->previous)
    batch->previous->next = batch->next;
  else
    list->first = batch->next;
  if (batch->next)
    batch->next->previous = batch->previous;
  else
    list->last = batch->previous;
  list->count--;
}

static bool is_waiting(const text_batch *batch) {
  return batch->part_nbytes == 0;
}

batch_entry batches_enter(server_batches *batches, text_batch *batch, size_t body_nbytes) {
  batch->texts.nbytes = body_nbytes;
  batch->since_ms = http_clock_ns() / NS_PER_MS;
  if (batches->waiting.count == 0 && fits(&batches->room, batch_nbytes(batch))) {
    batch->part_nbytes = batch_nbytes(batch);
    take(&batches->room, batch->part_nbytes);
    return BATCH_ENTERS;
  }
  if (batches->waiting.count >= MAX_WAITING)
    return BATCH_IS_ONE_TOO_MANY;
  append(&batches->waiting, batch);
  return BATCH_WAITS;
}

void batches_add(server_batches *batches, text_batch *batch, char *body, size_t nbytes) {
  batch_begin(batch, body, nbytes);
  batch->since_ms = 0;
  append(&batches->running, batch);
}

/* What it has under way is over. */
static void forget(server_batches *batches, text_batch *batch) {
  if (is_waiting(batch)) {
    unlink_batch(&batches->waiting, batch);
    return;
  }
  give_back(&batches->room, batch->part_nbytes);
  if (batch->stage == BATCH_WITHOUT_BODY)
    return;
  if (batches->turn == batch)
    batches->turn = batch->next;
  unlink_batch(&batches->running, batch);
}

void batches_remove(server_batches *batches, text_batch *batch) {
  forget(batches, batch);
  batch_destroy(batch);
}

void batches_release(server_batches *batches, size_t nbytes) {
  give_back(&batches->unread, nbytes);
}

static void answer(server_batches *batches, text_batch *batch, http_answer answer) {
  http_exchange *exchange = batch->exchange;
  http_note *note = http_exchange_note(exchange);
  const bool is_image = batch->stage != BATCH_WITHOUT_BODY;
  note->what = count_what(HTTP_METHOD_POST, http_head_status(answer.head), is_image);
  note->body_nbytes = (uint32_t)answer.body.nbytes;
  batches_remove(batches, batch);
  http_exchange_answer(exchange, &answer);
}

static void answer_refused(server_batches *batches, text_batch *batch) {
  const size_t position = batch->refused_position;
  if (position == 0)
    answer(batches, batch, respond_refusal(batches->responses, batch->refusal));
  else if (batch->status != QRPNG_OK)
    answer(batches, batch, refuse_text(batches->maker, batches->responses, batch->status, position));
  else
    answer(batches, batch, refuse_text_of_batch(batches->maker, batches->responses, batch->refusal, position));
}

/* Returns whether there was room for it. */
static bool answer_made(server_batches *batches, text_batch *batch) {
  const size_t nbytes = batch->output_nbytes;
  if (!fits(&batches->unread, nbytes))
    return false;
  take(&batches->unread, nbytes);
  http_exchange *exchange = batch->exchange;
  http_note *note = http_exchange_note(exchange);
  note->what = count_what(HTTP_METHOD_POST, 200, true);
  note->body_nbytes = (uint32_t)(nbytes - HTTP_HEAD_ROOM_NBYTES);
  note->held_nbytes = (uint32_t)nbytes;
  char *smaller = realloc(batch->output, nbytes);
  char *memory = smaller ? smaller : batch->output;
  batch->output = NULL;
  batches_remove(batches, batch);
  http_exchange_give(exchange, head_of_made_json(batches->responses), memory, nbytes - HTTP_HEAD_ROOM_NBYTES);
  return true;
}

static void let_in(server_batches *batches) {
  text_batch *first;
  while ((first = batches->waiting.first) && fits(&batches->room, batch_nbytes(first))) {
    unlink_batch(&batches->waiting, first);
    first->part_nbytes = batch_nbytes(first);
    take(&batches->room, first->part_nbytes);
    http_exchange_read(first->exchange);
  }
}

static bool waits_too_long(const text_batch *batch, uint64_t now_ms) {
  return batch->since_ms > 0 && now_ms - batch->since_ms >= MAX_WAIT_MS;
}

static void refuse_overdue(server_batches *batches, uint64_t now_ms) {
  text_batch *next;
  while (batches->waiting.first && waits_too_long(batches->waiting.first, now_ms))
    answer(batches, batches->waiting.first, respond_refusal(batches->responses, REFUSAL_BUSY));
  for (text_batch *running = batches->running.first; running; running = next) {
    next = running->next;
    if (!waits_too_long(running, now_ms))
      continue;
    answer(batches, running, respond_refusal(batches->responses, REFUSAL_BUSY));
    next = batches->running.first; /* its connection may have begun another, or ended one */
  }
}

static bool may_go_on(const server_batches *batches, const text_batch *batch) {
  return batch->stage != BATCH_MAKING_IMAGES || batch == batches->running.first ||
         batches->room.taken_nbytes < batches->room.nbytes;
}

/* Returns whether it got any further. It may be over. */
static bool go_on(server_batches *batches, text_batch *batch, uint64_t now_ms) {
  bool goes_on = may_go_on(batches, batch);
  if (goes_on && batch->stage < BATCH_MADE) {
    batch_step(batch, batches->config, batches->maker, batches->scratch);
    batches->room.taken_nbytes += batch_nbytes(batch) - batch->part_nbytes;
    batch->part_nbytes = batch_nbytes(batch);
  }
  if (batch->stage == BATCH_REFUSED) {
    answer_refused(batches, batch);
    return true;
  }
  if (batch->stage == BATCH_MADE) {
    if (answer_made(batches, batch))
      return true;
    goes_on = false;
  }
  if (goes_on)
    batch->since_ms = 0;
  else if (batch->since_ms == 0)
    batch->since_ms = now_ms;
  return goes_on;
}

/* Returns whether any batch could have gone on for longer. */
static bool run_slice(server_batches *batches, uint64_t now_ms) {
  const uint64_t end_ns = http_clock_ns() + SLICE_NS;
  size_t idle_count = 0; /* in a row */
  while (batches->running.first && idle_count < batches->running.count) {
    text_batch *batch = batches->turn ? batches->turn : batches->running.first;
    batches->turn = batch->next;
    idle_count = go_on(batches, batch, now_ms) ? 0 : idle_count + 1;
    if (http_clock_ns() >= end_ns)
      return true;
  }
  return false;
}

int batches_work(server_batches *batches, uint64_t now_ms) {
  if (!batches->running.first && !batches->waiting.first)
    return -1;
  let_in(batches);
  const bool has_more = run_slice(batches, now_ms);
  refuse_overdue(batches, now_ms);
  if (has_more && batches->running.first)
    return 0;
  return batches->running.first || batches->waiting.first ? TICK_MS : -1;
}
