/* Memory that is handed out piece by piece and taken back all at once; its blocks are kept for the next image. */
#ifndef QRPNG_ARENA_H
#define QRPNG_ARENA_H

#include <stddef.h>

typedef struct arena_block arena_block;

typedef struct memory_arena {
  arena_block *first, *current; /* zeroed: empty */
} memory_arena;

/* Aligned for any type. Returns NULL when memory is short. */
void *arena_alloc(memory_arena *arena, size_t nbytes);

/* Takes back all that was handed out. */
void arena_reset(memory_arena *arena);

/* Gives the blocks back to the system. */
void arena_free(memory_arena *arena);

#endif
