/* The command line of qrpng-server. */
#ifndef SERVER_CONFIG_H
#define SERVER_CONFIG_H

#include <qrpng.h>
#include <sys/socket.h>

enum { EXIT_OK = 0, EXIT_SYSTEM = 1, EXIT_USAGE = 2 };

typedef struct config {
  const char *bind; /* as given; address is the same with the port */
  struct sockaddr_storage address;
  socklen_t address_nbytes;
  int port; /* 0: any free one */
  int threads;
  int max_connections; /* of all threads together */
  int max_width_px;
  qrpng_options defaults; /* for what a request does not say */
  const char *cache_control;
  int request_timeout_ms;
  int drain_timeout_ms;
} config;

/* Returns -1 to go on, or the exit code after having said what is to be said. */
int config_parse(int argc, char **argv, config *config);

#endif
