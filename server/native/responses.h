/* Answers. What does not depend on the request is made once, and shared by all threads without being changed. */
#ifndef SERVER_RESPONSES_H
#define SERVER_RESPONSES_H

#include "config.h"
#include "http/http.h"
#include "query.h"

typedef struct server_responses server_responses;

/* Returns NULL if there is not enough memory. */
server_responses *responses_create(const server_config *config);

void responses_destroy(server_responses *responses);

/* With quotes; the same for all images, since an image is a pure function of its URL (see responses.c). */
slice responses_etag(const server_responses *responses);

http_answer respond_refusal(const server_responses *responses, request_refusal refusal);
http_answer respond_healthy(const server_responses *responses);

/* Sentences, which end with a line end, and images are not copied. */
http_answer respond_bad_request(const server_responses *responses, slice sentence);
http_answer respond_image(const server_responses *responses, slice image);

/* It tells the length of the image, as RFC 9110, 8.6 asks. */
http_answer respond_not_modified(const server_responses *responses, slice image);

/* What a POST asked for. */
http_answer respond_made_image(const server_responses *responses, slice image);
const http_head *head_of_made_json(const server_responses *responses);

#endif
