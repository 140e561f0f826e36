#include "arena.h"

#include <stdalign.h>
#include <stdint.h>
#include <stdlib.h>

/* Holds what libpng and zlib want for an image of a few hundred pixels. */
#define BLOCK_NBYTES ((size_t)96 * 1024)

struct arena_block {
  arena_block *next;
  size_t used, capacity;
  alignas(max_align_t) uint8_t bytes[];
};

static arena_block *add_block(memory_arena *arena, size_t nbytes) {
  size_t capacity = nbytes > BLOCK_NBYTES ? nbytes : BLOCK_NBYTES;
  arena_block *block = malloc(sizeof *block + capacity);
  if (!block)
    return NULL;
  block->used = 0;
  block->capacity = capacity;
  block->next = NULL;
  if (arena->current) {
    block->next = arena->current->next;
    arena->current->next = block;
  } else {
    arena->first = block;
  }
  return block;
}

static int fits(const arena_block *block, size_t nbytes) {
  return block && block->capacity - block->used >= nbytes;
}

void *arena_alloc(memory_arena *arena, size_t nbytes) {
  const size_t alignment = alignof(max_align_t);
  if (nbytes > SIZE_MAX / 2)
    return NULL;
  nbytes = (nbytes + alignment - 1) / alignment * alignment;

  if (!fits(arena->current, nbytes)) {
    arena_block *next = arena->current ? arena->current->next : NULL;
    arena_block *block = fits(next, nbytes) ? next : add_block(arena, nbytes);
    if (!block)
      return NULL;
    arena->current = block;
  }
  void *memory = arena->current->bytes + arena->current->used;
  arena->current->used += nbytes;
  return memory;
}

void arena_reset(memory_arena *arena) {
  for (arena_block *block = arena->first; block; block = block->next)
    block->used = 0;
  arena->current = arena->first;
}

void arena_free(memory_arena *arena) {
  for (arena_block *block = arena->first, *next; block; block = next) {
    next = block->next;
    free(block);
  }
  arena->first = arena->current = NULL;
}
