/* POST /qrcode and POST /qrcodes in one thread: from heads and bodies to answers. */
#ifndef SERVER_POSTS_H
#define SERVER_POSTS_H

#include "batch.h"

typedef struct server_posts server_posts;

/* Returns NULL if there is not enough memory. All that it is given must outlive it. */
server_posts *posts_create(const server_config *config, const server_responses *responses, image_maker *maker);
void posts_destroy(server_posts *posts);

/* Judges the head. What is not refused is pending. */
http_answer posts_answer(server_posts *posts, const http_request *request, post_kind kind, slice query);

/* These are for the server: see http_handler. */
void posts_begin(void *state, http_exchange *exchange);
http_answer posts_answer_body(server_posts *posts, void *state, char *body, size_t nbytes, http_note *note);
void posts_abandon(server_posts *posts, void *state);
int posts_work(server_posts *posts, uint64_t now_ms);
void posts_end(server_posts *posts, const http_note *note);

#endif
