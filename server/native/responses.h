/* Answers. What does not depend on the request is made once, and shared by all threads without being changed. */
#ifndef SERVER_RESPONSES_H
#define SERVER_RESPONSES_H

#include <microhttpd.h>
#include <stdint.h>

#include "config.h"
#include "query.h"

typedef struct server_responses server_responses;

/* Returns NULL if there is not enough memory. config must outlive what is returned. */
server_responses *responses_create(const server_config *config);

void responses_destroy(server_responses *responses);

/* With quotes; the same for all images, since an image is a pure function of its URL (see responses.c). */
slice responses_etag(const server_responses *responses);

#define CONTENT_TYPE_SENTENCE "text/plain; charset=utf-8"

/*
 * Returns an answer of text that nobody is to keep, with one more header unless its name is NULL; NULL if there is not
 * enough memory.
 */
struct MHD_Response *response_create_text(const char *content_type, const char *text, const char *extra_name,
                                          const char *extra_value);

/* Each queues an answer and returns what the handler of requests has to return. */
enum MHD_Result respond_refusal(const server_responses *responses, struct MHD_Connection *connection,
                                request_refusal refusal);
enum MHD_Result respond_healthy(const server_responses *responses, struct MHD_Connection *connection);
enum MHD_Result respond_bad_request(const server_responses *responses, struct MHD_Connection *connection,
                                    const char *sentence);
enum MHD_Result respond_image(const server_responses *responses, struct MHD_Connection *connection, const uint8_t *png,
                              size_t png_nbytes);
enum MHD_Result respond_not_modified(const server_responses *responses, struct MHD_Connection *connection,
                                     const uint8_t *png, size_t png_nbytes);

#endif
