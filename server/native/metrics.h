/*
 * What Prometheus is told. Each thread that serves counts for itself, without locks and in cache lines of its own; sums
 * are taken when somebody asks. All counters are monotonic as long as the process lives.
 */
#ifndef SERVER_METRICS_H
#define SERVER_METRICS_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "config.h"
#include "http/http.h"

/* The counters of one thread. */
typedef struct thread_counters thread_counters;

/* Those of all threads, and what else there is to tell. */
typedef struct server_metrics server_metrics;

/* Returns NULL if there is not enough memory. config and client_count must outlive what is returned. */
server_metrics *metrics_create(const server_config *config, const atomic_size_t *client_count);
void metrics_destroy(server_metrics *metrics);

const server_config *metrics_config(const server_metrics *metrics);

/* thread: from 0 to config->threads - 1 */
thread_counters *metrics_counters(server_metrics *metrics, int thread);

/* As nginx writes it: nobody was there to be answered. */
enum { STATUS_CLIENT_GONE = 499 };

/* What count_end() counts: is_image is whether an image was asked for. */
uint32_t count_what(http_method method, unsigned status, bool is_image);

/* The status in it, or 499 if nobody was there, and the method, as the label says it. */
unsigned count_status(uint32_t what, bool is_answered);
const char *count_method(uint32_t what);

/* Only by the thread that the counters are of. */
void count_begin(thread_counters *counters);
void count_end(thread_counters *counters, uint32_t what, bool is_answered, uint64_t duration_ns);

/* Returns all of them in Prometheus's text format, to be freed, or NULL if there is not enough memory. */
char *metrics_text(const server_metrics *metrics);

#endif
