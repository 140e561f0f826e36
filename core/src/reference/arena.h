/* Memory that is handed out piece by piece and taken back all at once; its blocks are kept for the next image. */
#ifndef QRPNG_ARENA_H
#define QRPNG_ARENA_H

#include <stddef.h>

typedef struct arena_block arena_block;

typedef struct arena {
  arena_block *first, *current; /* zeroed: empty */
} arena;

/* Aligned for any type. Returns NULL when memory is short. */
void *arena_alloc(arena *arena, size_t nbytes);

/* Takes back all that was handed out. */
void arena_reset(arena *arena);

/* Gives the blocks back to the system. */
void arena_free(arena *arena);

#endif
