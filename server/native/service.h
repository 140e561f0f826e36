/* The whole that serves: its threads, what each of them answers with, and the port for metrics. */
#ifndef SERVER_SERVICE_H
#define SERVER_SERVICE_H

#include "config.h"

typedef struct server_service server_service;

/*
 * Listens and starts. Completes config with what is known only then, such as the port; it must outlive the service.
 * Returns NULL after having said on standard error what is wrong.
 */
server_service *service_start(server_config *config);

/* From now on /readyz says that the server is about to end. */
void service_announce_end(server_service *service);

/* Answers what has been received, within the drain timeout, and frees everything. */
void service_drain(server_service *service);

#endif
