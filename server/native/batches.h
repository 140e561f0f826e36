/*
 * All batches of one thread. They share its time: each in its turn goes on by a text, for a millisecond between two
 * looks at the sockets. And they share a bounded part of its memory, half of it for texts and images, half for answers
 * that clients have not taken. While a half is full, new ones wait for it, up to MAX_WAITING of them, and only the
 * oldest goes on; what waits for too long is refused.
 */
#ifndef SERVER_BATCHES_H
#define SERVER_BATCHES_H

#include "batch.h"

typedef struct server_batches server_batches;

/* Returns NULL if there is not enough memory. All that it is given must outlive it. */
server_batches *batches_create(const server_config *config, const server_responses *responses, image_maker *maker);
void batches_destroy(server_batches *batches);

/* Whether a batch of so many bytes is let in at once, or has to wait; false if too many wait already. */
typedef enum batch_entry { BATCH_ENTERS, BATCH_WAITS, BATCH_IS_ONE_TOO_MANY } batch_entry;
batch_entry batches_enter(server_batches *batches, text_batch *batch, size_t body_nbytes);

/* Its body has come. */
void batches_add(server_batches *batches, text_batch *batch, char *body, size_t nbytes);

/* Its client has gone. */
void batches_remove(server_batches *batches, text_batch *batch);

/* An answer of so many bytes has been taken, or never will be. */
void batches_release(server_batches *batches, size_t nbytes);

/* See http_handler. */
int batches_work(server_batches *batches, uint64_t now_ms);

#endif
