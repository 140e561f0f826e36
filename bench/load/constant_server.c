/*
 * constant_server [--port PORT] [--threads N]: what libmicrohttpd costs by itself. Set up as in server/native, but
 * every request is answered with one constant image; the ceiling for the C server.
 */
#include <arpa/inet.h>
#include <getopt.h>
#include <microhttpd.h>
#include <netinet/in.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "qrpng.h"

enum { MAX_THREADS = 1024, MAX_CLIENTS = 10000, CONNECTION_MEMORY_NBYTES = 16 * 1024 };

static const char text[] = "https://example.org/a-constant-image?of=about&400-bytes";
static char second_call; /* its address marks a request that was seen before */

static void fail(const char *what) {
  fprintf(stderr, "constant_server: %s\n", what);
  exit(1);
}

static struct MHD_Response *create_image(void) {
  static const char *const headers[][2] = {
      {MHD_HTTP_HEADER_CONTENT_TYPE, "image/png"},
      {MHD_HTTP_HEADER_ETAG, "\"0123456789abcdef\""},
      {MHD_HTTP_HEADER_CACHE_CONTROL, "private, max-age=31536000, immutable"},
      {"X-Content-Type-Options", "nosniff"},
  };
  qrpng_encoder *encoder;
  const uint8_t *png = NULL;
  size_t png_nbytes = 0;
  if (qrpng_encoder_create(&encoder) != QRPNG_OK ||
      qrpng_encode(encoder, text, strlen(text), NULL, &png, &png_nbytes) != QRPNG_OK)
    fail("the image can't be made.");
  struct MHD_Response *response =
      MHD_create_response_from_buffer(png_nbytes, (void *)(uintptr_t)png, MHD_RESPMEM_MUST_COPY);
  qrpng_encoder_destroy(encoder);
  for (size_t i = 0; i < sizeof headers / sizeof headers[0]; i++)
    if (!response || MHD_add_response_header(response, headers[i][0], headers[i][1]) == MHD_NO)
      fail("out of memory.");
  return response;
}

/* Queueing the answer in the first call of a request would end the connection after it. */
static enum MHD_Result answer(void *cls, struct MHD_Connection *connection, const char *url, const char *method,
                              const char *version, const char *upload_data, size_t *upload_data_nbytes,
                              void **request_context) {
  (void)url, (void)method, (void)version, (void)upload_data, (void)upload_data_nbytes;
  if (*request_context)
    return MHD_queue_response(connection, MHD_HTTP_OK, cls);
  *request_context = &second_call;
  return MHD_YES;
}

static size_t leave_escaped(void *cls, struct MHD_Connection *connection, char *escaped) {
  (void)cls, (void)connection;
  return strlen(escaped);
}

/* Stores the port that the kernel chose, so that the next listener shares it. */
static int open_listener(struct sockaddr_in *address) {
  const int on = 1;
  socklen_t address_nbytes = sizeof *address;
  int listener = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (listener < 0 || setsockopt(listener, SOL_SOCKET, SO_REUSEPORT, &on, sizeof on) != 0 ||
      bind(listener, (struct sockaddr *)address, address_nbytes) != 0 || listen(listener, SOMAXCONN) != 0 ||
      getsockname(listener, (struct sockaddr *)address, &address_nbytes) != 0)
    fail("the port can't be listened on.");
  return listener;
}

static void *serve(void *daemon) {
  for (;;)
    MHD_run_wait(daemon, -1);
  return NULL;
}

static void start_thread(int listener, struct MHD_Response *image) {
  const struct MHD_OptionItem options[] = {
      {MHD_OPTION_LISTEN_SOCKET, listener, NULL},
      {MHD_OPTION_CONNECTION_LIMIT, MAX_CLIENTS, NULL},
      {MHD_OPTION_CONNECTION_MEMORY_LIMIT, CONNECTION_MEMORY_NBYTES, NULL},
      {MHD_OPTION_UNESCAPE_CALLBACK, (intptr_t)leave_escaped, NULL},
      {MHD_OPTION_END, 0, NULL},
  };
  struct MHD_Daemon *daemon =
      MHD_start_daemon(MHD_USE_EPOLL, 0, NULL, NULL, answer, image, MHD_OPTION_ARRAY, options, MHD_OPTION_END);
  pthread_t thread;
  if (!daemon || pthread_create(&thread, NULL, serve, daemon) != 0)
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
  int thread_count = 1;
  for (int option; (option = getopt_long(argc, argv, "", options, NULL)) != -1;) {
    if (option == 'p')
      address.sin_port = htons((uint16_t)parse_number(optarg, 0, 65535));
    else if (option == 't')
      thread_count = parse_number(optarg, 1, MAX_THREADS);
    else
      return 2;
  }
  signal(SIGPIPE, SIG_IGN);
  struct MHD_Response *image = create_image();
  for (int i = 0; i < thread_count; i++)
    start_thread(open_listener(&address), image);
  printf("listening on http://127.0.0.1:%d/ (a constant image, threads: %d)\n", ntohs(address.sin_port), thread_count);
  fflush(stdout);
  pause(); /* the threads go on until a signal ends the process */
}
