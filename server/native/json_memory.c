#include "json_memory.h"

#include <setjmp.h>
#include <stdint.h>
#include <stdlib.h>

/* Stands before each piece of memory; those of what is being loaded are a ring, so that all can be freed at once. */
typedef struct block {
  _Alignas(max_align_t) struct block *previous;
  struct block *next; /* NULL outside a ring */
} block;

typedef struct {
  jmp_buf out_of_memory;
  block ring;
} loading;

static _Thread_local loading *current;

static void *allocate(size_t nbytes) {
  block *made = nbytes <= SIZE_MAX - sizeof *made ? malloc(sizeof *made + nbytes) : NULL;
  if (!made && current)
    longjmp(current->out_of_memory, 1);
  if (!made)
    return NULL;
  *made = (block){0};
  if (current) {
    made->previous = &current->ring;
    made->next = current->ring.next;
    made->next->previous = made;
    current->ring.next = made;
  }
  return made + 1;
}

static void release(void *memory) {
  if (!memory)
    return;
  block *released = (block *)memory - 1;
  if (released->next) {
    released->previous->next = released->next;
    released->next->previous = released->previous;
  }
  free(released);
}

/* Takes all blocks out of their ring, and frees them unless they are kept. */
static void dissolve(block *ring, bool are_kept) {
  for (block *at = ring->next; at != ring;) {
    block *next = at->next;
    if (are_kept)
      at->next = NULL;
    else
      free(at);
    at = next;
  }
}

void json_memory_prepare(void) {
  json_set_alloc_funcs(allocate, release);
}

json_t *json_memory_load(const char *bytes, size_t nbytes, size_t flags, json_error_t *error, bool *is_out_of_memory) {
  loading state;
  state.ring.previous = state.ring.next = &state.ring;
  current = &state;
  *is_out_of_memory = setjmp(state.out_of_memory) != 0;
  json_t *root = *is_out_of_memory ? NULL : json_loadb(bytes, nbytes, flags, error);
  current = NULL;
  dissolve(&state.ring, !*is_out_of_memory);
  return root;
}
