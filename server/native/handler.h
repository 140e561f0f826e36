/* From requests to answers: what libmicrohttpd calls for each request, in this order. */
#ifndef SERVER_HANDLER_H
#define SERVER_HANDLER_H

#include <microhttpd.h>
#include <qrpng.h>
#include <stdatomic.h>

#include "client.h"
#include "config.h"
#include "responses.h"

/* What all threads share. Only what is atomic changes. */
typedef struct server_state {
  const server_config *config;
  const server_responses *responses;
  atomic_bool draining; /* all answers from now on close their connection */
  atomic_size_t client_count;
  atomic_uint_fast64_t last_connect_ms;
} server_state;

/* What one thread needs to answer. */
typedef struct server_handler {
  server_state *server;
  qrpng_encoder *encoder;
  client_list clients;
  thread_counters *counters; /* NULL: nobody asks for metrics */
} server_handler;

/* All take the handler as their first argument. */
void on_connection(void *cls, struct MHD_Connection *connection, void **socket_context,
                   enum MHD_ConnectionNotificationCode code);
void *on_request_line(void *cls, const char *target, struct MHD_Connection *connection);
enum MHD_Result on_request(void *cls, struct MHD_Connection *connection, const char *url, const char *method,
                           const char *version, const char *upload_data, size_t *upload_data_nbytes,
                           void **request_context);
void on_completed(void *cls, struct MHD_Connection *connection, void **request_context,
                  enum MHD_RequestTerminationCode code);

#endif
