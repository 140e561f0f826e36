/* The command line of qrpng-server. */
#ifndef SERVER_CONFIG_H
#define SERVER_CONFIG_H

#include <qrpng.h>
#include <stdbool.h>
#include <sys/types.h>

#include "endpoint.h"
#include "http/http.h"

/* What the ready line and the etag say of the build. */
#ifdef QRPNG_DEBUG_BUILD
#define BUILD_NOTE ", Debug build"
#else
#define BUILD_NOTE ""
#endif

enum { EXIT_OK = 0, EXIT_SYSTEM = 1, EXIT_USAGE = 2 };

typedef struct server_config {
  const char *unix_path; /* NULL: listens on bind and port */
  int unix_mode;         /* permissions of the socket */
  dev_t unix_device;     /* these two say which file the socket is, once there is one */
  ino_t unix_inode;
  int passed_listener; /* from systemd, which keeps it, too, and goes before any place; -1: none */
  server_endpoint http;
  bool has_metrics; /* metrics are served, at the next */
  server_endpoint metrics;
  const char *allowed_hosts; /* names that those are asked under besides their own, separated by commas, or NULL */
  const char *user;          /* to become after listening, or NULL */
  const char *access_log;    /* a path, - for standard output, or NULL */
  http_io io;
  int threads;
  int max_connections;            /* of all threads together */
  int max_connections_per_client; /* 0: any number */
  int max_width_px;
  int max_batch;           /* texts */
  int max_batch_memory_mb; /* of all threads together */
  qrpng_options defaults;  /* for what a request does not say */
  bool raw_text;           /* a text need not be UTF-8 */
  bool exit_with_stdin;
  bool sandbox;
  const char *cache_control;
  int request_timeout_ms;
  int idle_timeout_ms;
  int send_timeout_ms;
  int drain_delay_ms;
  int drain_timeout_ms;
  bool checks; /* does not serve, but asks one that does */
} server_config;

/* Returns -1 to go on, or the exit code after having said what is to be said. */
int config_parse(int argc, char **argv, server_config *config);

#endif
