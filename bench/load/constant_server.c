/*
 * constant_server [--port PORT] [--threads N]: what the HTTP layer of the C server costs by itself. Every request is
 * answered with one constant image; the ceiling for the C server.
 */
#include <arpa/inet.h>
#include <getopt.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "../../server/native/http/http.h"
#include "qrpng.h"

enum { MAX_THREADS = 1024, MAX_CLIENTS = 10000, MINUTE_MS = 60 * 1000 };

static const char text[] = "https://example.org/a-constant-image?of=about&400-bytes";

static void fail(const char *what) {
  fprintf(stderr, "constant_server: %s\n", what);
  exit(1);
}

/* The encoder lives as long as the process, and with it the image. */
static http_answer create_image(void) {
  qrpng_encoder *encoder;
  const uint8_t *png = NULL;
  size_t png_nbytes = 0;
  if (qrpng_encoder_create(&encoder) != QRPNG_OK ||
      qrpng_encode(encoder, text, strlen(text), NULL, &png, &png_nbytes) != QRPNG_OK)
    fail("the image can't be made.");
  const http_head *head = http_head_create(200, (const http_header[]){
                                                    {"Content-Type", "image/png"},
                                                    {"ETag", "\"0123456789abcdef\""},
                                                    {"Cache-Control", "private, max-age=31536000, immutable"},
                                                    {"X-Content-Type-Options", "nosniff"},
                                                    {NULL, NULL},
                                                });
  if (!head)
    fail("out of memory.");
  return (http_answer){.head = head, .body = {(const char *)png, png_nbytes}};
}

static http_answer answer(void *context, const http_request *request, http_note *note) {
  (void)request, (void)note;
  return *(const http_answer *)context;
}

/* Stores the port that the kernel chose, so that the next listener shares it. */
static int open_listener(struct sockaddr_in *address) {
  const int on = 1;
  socklen_t address_nbytes = sizeof *address;
  int listener = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (listener < 0 || setsockopt(listener, SOL_SOCKET, SO_REUSEPORT, &on, sizeof on) != 0 ||
      setsockopt(listener, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on) != 0 ||
      bind(listener, (struct sockaddr *)address, address_nbytes) != 0 || listen(listener, SOMAXCONN) != 0 ||
      getsockname(listener, (struct sockaddr *)address, &address_nbytes) != 0)
    fail("the port can't be listened on.");
  return listener;
}

static void serve(struct sockaddr_in *address, int threads, http_answer *image) {
  static int listeners[MAX_THREADS];
  static http_handler handlers[MAX_THREADS];
  for (int i = 0; i < threads; i++) {
    listeners[i] = open_listener(address);
    handlers[i] = (http_handler){.context = image, .answer = answer};
  }
  const http_options options = {
      .listeners = listeners,
      .handlers = handlers,
      .threads = threads,
      .max_connections = MAX_CLIENTS * threads,
      .request_timeout_ms = MINUTE_MS,
      .idle_timeout_ms = MINUTE_MS,
      .send_timeout_ms = MINUTE_MS,
  };
  http_server *server = http_server_create(&options);
  if (!server || http_server_start(server) != 0)
    fail("a thread can't be started.");
}

static int parse_number(const char *digits, int minimum, int maximum) {
  char *end;
  long number = strtol(digits, &end, 10);
  if (end == digits || *end != '\0' || number < minimum || number > maximum)
    fail("a number is out of range.");
  return (int)number;
}

int main(int argc, char **argv) {
  static const struct option options[] = {
      {"port", required_argument, NULL, 'p'}, {"threads", required_argument, NULL, 't'}, {NULL, 0, NULL, 0}};
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  int threads = 1;
  for (int option; (option = getopt_long(argc, argv, "", options, NULL)) != -1;) {
    if (option == 'p')
      address.sin_port = htons((uint16_t)parse_number(optarg, 0, 65535));
    else if (option == 't')
      threads = parse_number(optarg, 1, MAX_THREADS);
    else
      return 2;
  }
  signal(SIGPIPE, SIG_IGN);
  http_answer image = create_image();
  serve(&address, threads, &image);
  printf("listening on http://127.0.0.1:%d/ (a constant image, threads: %d)\n", ntohs(address.sin_port), threads);
  fflush(stdout);
  pause(); /* the threads go on until a signal ends the process */
}
