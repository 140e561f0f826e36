/*
 * The whole C server behind one of its sockets: bytes go in, in two pieces, and whole answers come out until it closes.
 * The first byte says where the pieces meet.
 */
#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "../../server/native/service.h"
#include "require.h"

enum { MAX_ANSWERS_NBYTES = 1 << 22, PATIENCE_MS = 40000 };

static struct sockaddr_un address;
static socklen_t address_nbytes = sizeof address;

/* Of the abstract namespace, by a name that the kernel chooses: nothing is left behind. */
static int listen_anywhere(void) {
  address.sun_family = AF_UNIX;
  const int listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  fuzz_require(listener >= 0 && bind(listener, (struct sockaddr *)&address, sizeof address.sun_family) == 0 &&
                   listen(listener, 16) == 0 &&
                   getsockname(listener, (struct sockaddr *)&address, &address_nbytes) == 0,
               "no socket");
  return listener;
}

static void start_server(void) {
  static char program[] = "qrpng-server", one[] = "--threads=1", batch[] = "--max-batch=8";
  static char *arguments[] = {program, one, batch, NULL};
  static server_config config;
  fuzz_require(config_parse(3, arguments, &config) == -1, "no configuration");
  config.passed_listener = listen_anywhere();
  fuzz_require(service_start(&config) != NULL, "no server");
}

/* What the server no longer wants to read is lost. */
static void send_all(int connection, const uint8_t *bytes, size_t nbytes) {
  while (nbytes > 0) {
    const ssize_t nsent = send(connection, bytes, nbytes, MSG_NOSIGNAL);
    if (nsent <= 0)
      return;
    bytes += nsent;
    nbytes -= (size_t)nsent;
  }
}

/* libFuzzer's alarm for runs that take too long comes to any thread. */
static void await_answer(int connection) {
  struct pollfd source = {.fd = connection, .events = POLLIN};
  int count;
  do
    count = poll(&source, 1, PATIENCE_MS);
  while (count < 0 && errno == EINTR);
  fuzz_require(count == 1, "neither an answer nor an end");
}

static size_t receive_all(int connection, char *answers) {
  size_t nbytes = 0;
  for (;;) {
    await_answer(connection);
    const ssize_t nread = recv(connection, answers + nbytes, MAX_ANSWERS_NBYTES - nbytes, 0);
    if (nread <= 0)
      return nbytes;
    nbytes += (size_t)nread;
    fuzz_require(nbytes < MAX_ANSWERS_NBYTES, "too many answers");
  }
}

static size_t body_nbytes_of(const char *head, const char *body) {
  static const char name[] = "\r\nContent-Length: ";
  const char *found = memmem(head, (size_t)(body - head), name, sizeof name - 1);
  return found ? strtoul(found + sizeof name - 1, NULL, 10) : 0;
}

/* Of HEAD and with 304 there is none: the next answer follows at once. Nothing in a body looks like one. */
static int has_body(const char *body, const char *end) {
  static const char beginning[] = "HTTP/1.1 ";
  const size_t left = (size_t)(end - body), length = sizeof beginning - 1;
  return left > 0 && memcmp(body, beginning, left < length ? left : length) != 0;
}

/* Returns where the next one begins. */
static const char *check_answer(const char *head, const char *end) {
  const char *head_end = memmem(head, (size_t)(end - head), "\r\n\r\n", 4);
  fuzz_require(head_end && memcmp(head, "HTTP/1.1 ", 9) == 0, "a head that is none: %.40s", head);
  const char *body = head_end + 4;
  const int status = atoi(head + 9);
  /* 408: all has been sent at once, so the server would have forgotten it. */
  fuzz_require(status >= 100 && status != 408 && status != 500 && status < 600, "status %d", status);
  if (!has_body(body, end))
    return body;
  const size_t nbytes = body_nbytes_of(head, body);
  fuzz_require(nbytes > 0 && nbytes <= (size_t)(end - body), "a body of %zu bytes, of which %zu are there", nbytes,
               (size_t)(end - body));
  fuzz_require(status != 200 || memcmp(body, "\x89PNG", 4) == 0 || body[0] == '[' || body[0] == 'o', "no image");
  return body + nbytes;
}

int LLVMFuzzerTestOneInput(const uint8_t *input, size_t input_nbytes);
int LLVMFuzzerTestOneInput(const uint8_t *input, size_t input_nbytes) {
  static char *answers;
  if (input_nbytes < 2)
    return -1;
  if (!answers) {
    answers = fuzz_allocate(MAX_ANSWERS_NBYTES + 1);
    start_server();
  }
  const int connection = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  fuzz_require(connect(connection, (struct sockaddr *)&address, address_nbytes) == 0, "no connection");
  const size_t nbytes = input_nbytes - 1, first_nbytes = nbytes * input[0] / 255;
  send_all(connection, input + 1, first_nbytes);
  send_all(connection, input + 1 + first_nbytes, nbytes - first_nbytes);
  shutdown(connection, SHUT_WR);
  const size_t answers_nbytes = receive_all(connection, answers);
  answers[answers_nbytes] = '\0';
  for (const char *at = answers; at < answers + answers_nbytes;)
    at = check_answer(at, answers + answers_nbytes);
  close(connection);
  return 0;
}
