#include "metrics.h"

#include <stdalign.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "metrics_process.h"

enum { CACHE_LINE_NBYTES = 64 };

/* The label status. The last stands for all others, of which there are none. */
static const unsigned statuses[] = {200, 304, 400, 403, 404, 405, 413, 415, STATUS_CLIENT_GONE, 503};
enum { STATUS_COUNT = sizeof statuses / sizeof statuses[0] };

#define NS_PER_SECOND 1e9

static const char *const methods[HTTP_METHOD_COUNT] = {"GET", "HEAD", "POST", "other"};

/* Upper bounds of the buckets, from 1 µs to 10 s. */
static const uint64_t bounds_ns[] = {
    1000,      2000,      5000,       10000,      20000,      50000,       100000,   200000,
    500000,    1000000,   2000000,    5000000,    10000000,   20000000,    50000000, 100000000,
    200000000, 500000000, 1000000000, 2000000000, 5000000000, 10000000000,
};
enum { BOUND_COUNT = sizeof bounds_ns / sizeof bounds_ns[0] };

typedef atomic_uint_fast64_t counter_cell;

typedef struct metrics_histogram {
  counter_cell buckets[BOUND_COUNT + 1]; /* not cumulative; the last has no bound */
  counter_cell sum_ns;
} metrics_histogram;

/* All of them counters, as total_of() takes it. The first index of both arrays is whether an image was asked for. */
struct thread_counters {
  alignas(CACHE_LINE_NBYTES) counter_cell in_flight;
  counter_cell requests[2][HTTP_METHOD_COUNT][STATUS_COUNT];
  metrics_histogram durations[2][HTTP_METHOD_COUNT];
};

struct server_metrics {
  const server_config *config;
  const atomic_size_t *client_count;
  time_t start;
  thread_counters *counters; /* one for each thread */
};

server_metrics *metrics_create(const server_config *config, const atomic_size_t *client_count) {
  const size_t nbytes = (size_t)config->threads * sizeof(thread_counters);
  server_metrics *metrics = calloc(1, sizeof *metrics);
  thread_counters *counters = aligned_alloc(CACHE_LINE_NBYTES, nbytes);
  if (!metrics || !counters) {
    free(metrics);
    free(counters);
    return NULL;
  }
  memset(counters, 0, nbytes);
  metrics->config = config;
  metrics->client_count = client_count;
  metrics->start = time(NULL);
  metrics->counters = counters;
  return metrics;
}

void metrics_destroy(server_metrics *metrics) {
  if (!metrics)
    return;
  free(metrics->counters);
  free(metrics);
}

const server_config *metrics_config(const server_metrics *metrics) {
  return metrics->config;
}

thread_counters *metrics_counters(server_metrics *metrics, int thread) {
  return &metrics->counters[thread];
}

static uint64_t read_counter(const counter_cell *counter) {
  return atomic_load_explicit(counter, memory_order_relaxed);
}

/* Nobody else writes it: that is cheaper than an atomic addition. */
static void add(counter_cell *counter, uint64_t difference) {
  atomic_store_explicit(counter, read_counter(counter) + difference, memory_order_relaxed);
}

void count_begin(thread_counters *counters) {
  add(&counters->in_flight, 1);
}

static size_t status_index(unsigned status) {
  size_t i = 0;
  while (i < STATUS_COUNT - 1 && statuses[i] != status)
    i++;
  return i;
}

enum { STATUS_BITS = 10, METHOD_BITS = 2 };

uint32_t count_what(http_method method, unsigned status, bool is_image) {
  return (uint32_t)status | (uint32_t)method << STATUS_BITS | (uint32_t)is_image << (STATUS_BITS + METHOD_BITS);
}

unsigned count_status(uint32_t what, bool is_answered) {
  return is_answered ? what & ((1 << STATUS_BITS) - 1) : STATUS_CLIENT_GONE;
}

static http_method method_of(uint32_t what) {
  return what >> STATUS_BITS & ((1 << METHOD_BITS) - 1);
}

const char *count_method(uint32_t what) {
  return methods[method_of(what)];
}

void count_end(thread_counters *counters, uint32_t what, bool is_answered, uint64_t duration_ns) {
  const unsigned status = count_status(what, is_answered);
  const http_method method = method_of(what);
  const unsigned is_image = what >> (STATUS_BITS + METHOD_BITS);
  metrics_histogram *durations = &counters->durations[is_image][method];
  size_t bucket = 0;
  while (bucket < BOUND_COUNT && duration_ns > bounds_ns[bucket])
    bucket++;
  add(&durations->buckets[bucket], 1);
  add(&durations->sum_ns, duration_ns);
  add(&counters->requests[is_image][method][status_index(status)], 1);
  add(&counters->in_flight, (uint64_t)-1);
}

/* Adds up what all threads have counted. */
static thread_counters total_of(const server_metrics *metrics) {
  thread_counters total = {0};
  counter_cell *sums = (counter_cell *)&total;
  for (int thread = 0; thread < metrics->config->threads; thread++) {
    const counter_cell *terms = (const counter_cell *)&metrics->counters[thread];
    for (size_t i = 0; i < sizeof total / sizeof *sums; i++)
      add(&sums[i], read_counter(&terms[i]));
  }
  return total;
}

static void write_head(FILE *out, const char *name, const char *type, const char *help) {
  fprintf(out, "# HELP %s %s\n# TYPE %s %s\n", name, help, name, type);
}

static const char *tier_label(int is_image) {
  return is_image ? ",tier=\"server\"" : "";
}

/* Without those that nobody has asked for, but with zeros for what is there for sure. */
static bool is_shown(uint64_t count, int is_image, http_method method) {
  return count > 0 || (is_image && method == HTTP_METHOD_GET);
}

static void write_requests(FILE *out, const thread_counters *total) {
  write_head(out, "http_requests_total", "counter",
             "Requests that have been answered; status 499 where the client was gone before that.");
  for (int is_image = 0; is_image < 2; is_image++)
    for (http_method method = 0; method < HTTP_METHOD_COUNT; method++)
      for (size_t i = 0; i < STATUS_COUNT; i++) {
        uint64_t count = read_counter(&total->requests[is_image][method][i]);
        if (is_shown(count, is_image && i == 0, method))
          fprintf(out, "http_requests_total{method=\"%s\",status=\"%u\"%s} %llu\n", methods[method], statuses[i],
                  tier_label(is_image), (unsigned long long)count);
      }
}

static uint64_t count_of(const metrics_histogram *histogram) {
  uint64_t count = 0;
  for (size_t i = 0; i <= BOUND_COUNT; i++)
    count += read_counter(&histogram->buckets[i]);
  return count;
}

static void write_histogram(FILE *out, const char *name, const char *labels, const metrics_histogram *histogram) {
  uint64_t cumulative = 0;
  for (size_t i = 0; i < BOUND_COUNT; i++) {
    cumulative += read_counter(&histogram->buckets[i]);
    fprintf(out, "%s_bucket{le=\"%g\",%s} %llu\n", name, (double)bounds_ns[i] / NS_PER_SECOND, labels,
            (unsigned long long)cumulative);
  }
  unsigned long long count = count_of(histogram);
  fprintf(out, "%s_bucket{le=\"+Inf\",%s} %llu\n", name, labels, count);
  fprintf(out, "%s_sum{%s} %.9f\n", name, labels, (double)read_counter(&histogram->sum_ns) / NS_PER_SECOND);
  fprintf(out, "%s_count{%s} %llu\n", name, labels, count);
}

static void write_durations(FILE *out, const thread_counters *total) {
  const char *name = "http_request_duration_seconds";
  write_head(out, name, "histogram", "From the end of a request's head to the end of its answer.");
  for (int is_image = 0; is_image < 2; is_image++)
    for (http_method method = 0; method < HTTP_METHOD_COUNT; method++) {
      const metrics_histogram *durations = &total->durations[is_image][method];
      char labels[64];
      snprintf(labels, sizeof labels, "method=\"%s\"%s", methods[method], tier_label(is_image));
      if (is_shown(count_of(durations), is_image, method))
        write_histogram(out, name, labels, durations);
    }
}

static void write_gauges(FILE *out, const server_metrics *metrics, const thread_counters *total) {
  write_head(out, "qrpng_build_info", "gauge", "What serves: always 1.");
  fprintf(out, "qrpng_build_info{version=\"%s\",tier=\"server\",engine=\"%s\",llhttp=\"%s\"} 1\n", qrpng_version(),
          metrics->config->defaults.engine, http_parser_version());
  write_head(out, "http_requests_in_flight", "gauge", "Requests that are being answered.");
  fprintf(out, "http_requests_in_flight %llu\n", (unsigned long long)read_counter(&total->in_flight));
  write_head(out, "http_connections", "gauge", "Connections that are open.");
  fprintf(out, "http_connections %zu\n", atomic_load_explicit(metrics->client_count, memory_order_relaxed));
}

char *metrics_text(const server_metrics *metrics) {
  char *text = NULL;
  size_t nbytes;
  FILE *out = open_memstream(&text, &nbytes);
  if (!out)
    return NULL;
  const thread_counters total = total_of(metrics);
  write_gauges(out, metrics, &total);
  write_requests(out, &total);
  write_durations(out, &total);
  write_process_metrics(out, metrics->start);
  if (fclose(out) == 0)
    return text;
  free(text);
  return NULL;
}
