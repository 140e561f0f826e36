#include "check.h"

#include <errno.h>
#include <poll.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { TIMEOUT_MS = 5000, ANSWER_NBYTES = 16 * 1024 };

static const char text[] = "qrpng-server --check";
static const char request[] =
    "GET /qrcode?text=qrpng-server+--check HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
static const char image_start[] = "\r\n\r\n\x89PNG\r\n\x1A\n";

static int complain(const char *subject, const char *reason) {
  fprintf(stderr, "qrpng-server: %s: %s.\n", subject, reason);
  return EXIT_SYSTEM;
}

static int check_encoder(const server_config *config) {
  qrpng_encoder *encoder;
  const uint8_t *png;
  size_t png_nbytes;
  qrpng_status status = qrpng_encoder_create(&encoder);
  if (status == QRPNG_OK) {
    status = qrpng_encode(encoder, text, sizeof text - 1, &config->defaults, &png, &png_nbytes);
    qrpng_encoder_destroy(encoder);
  }
  return status == QRPNG_OK ? EXIT_OK : complain("No image can be made", qrpng_status_message(status));
}

static int64_t clock_ms(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* Returns 0, or -1 with errno. */
static int await(int connection, short events, int64_t end_ms) {
  struct pollfd source = {.fd = connection, .events = events};
  const int64_t left_ms = end_ms - clock_ms();
  int count = poll(&source, 1, left_ms > 0 ? (int)left_ms : 0);
  if (count == 0)
    errno = ETIMEDOUT;
  return count > 0 ? 0 : -1;
}

/* A server that listens on all addresses is asked on loopback. */
static void make_reachable(struct sockaddr_storage *address) {
  struct sockaddr_in *ipv4 = (struct sockaddr_in *)address;
  struct sockaddr_in6 *ipv6 = (struct sockaddr_in6 *)address;
  if (address->ss_family == AF_INET && ipv4->sin_addr.s_addr == htonl(INADDR_ANY))
    ipv4->sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  else if (address->ss_family == AF_INET6 && IN6_IS_ADDR_UNSPECIFIED(&ipv6->sin6_addr))
    ipv6->sin6_addr = in6addr_loopback;
}

static int connect_to(int connection, const server_endpoint *endpoint, int64_t end_ms) {
  struct sockaddr_storage address = endpoint->address;
  socklen_t nbytes = sizeof errno;
  make_reachable(&address);
  if (connect(connection, (const struct sockaddr *)&address, endpoint->address_nbytes) == 0)
    return 0;
  if (errno != EINPROGRESS || await(connection, POLLOUT, end_ms) != 0)
    return -1;
  return getsockopt(connection, SOL_SOCKET, SO_ERROR, &errno, &nbytes) == 0 && errno == 0 ? 0 : -1;
}

/* Returns the length of the answer, as far as there is room for it, or -1 with errno. */
static ssize_t exchange(int connection, const server_config *config, char answer[ANSWER_NBYTES]) {
  const int64_t end_ms = clock_ms() + TIMEOUT_MS;
  if (connect_to(connection, &config->http, end_ms) != 0)
    return -1;
  if (send(connection, request, sizeof request - 1, MSG_NOSIGNAL) != sizeof request - 1)
    return -1;
  size_t used = 0;
  while (used < ANSWER_NBYTES) {
    if (await(connection, POLLIN, end_ms) != 0)
      return -1;
    ssize_t nbytes = recv(connection, answer + used, ANSWER_NBYTES - used, 0);
    if (nbytes == 0)
      break;
    if (nbytes < 0)
      return -1;
    used += (size_t)nbytes;
  }
  return (ssize_t)used;
}

static int check_server(const server_config *config) {
  static const char ok[] = "HTTP/1.1 200 ";
  char place[ENDPOINT_TEXT_SIZE], answer[ANSWER_NBYTES];
  endpoint_format(&config->http, place);
  int connection = socket(config->http.address.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (connection < 0)
    return complain("No socket can be made", strerror(errno));
  ssize_t nbytes = exchange(connection, config, answer);
  const int first_errno = errno;
  close(connection);
  if (nbytes < 0)
    return complain(place, strerror(first_errno));
  if ((size_t)nbytes < sizeof ok || memcmp(answer, ok, sizeof ok - 1) != 0 ||
      !memmem(answer, (size_t)nbytes, image_start, sizeof image_start - 1))
    return complain(place, "The answer is no image");
  printf("%s answers with images\n", place);
  return fflush(stdout) == 0 ? EXIT_OK : complain("Standard output can't be written", strerror(errno));
}

int check_run(const server_config *config) {
  int exit_code = check_encoder(config);
  return exit_code == EXIT_OK ? check_server(config) : exit_code;
}
