/*
 * queue_server SERVICE_US STALL_US INDEX...: a server whose answers come when a queue with one clerk would be done with
 * them, whatever it costs itself. A request is GET /N; it takes SERVICE_US, and those of the indices STALL_US more.
 */
#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { MAX_WAITING = 65536, MAX_REQUEST_NBYTES = 1024, NS_PER_SECOND = 1000 * 1000 * 1000, NS_PER_US = 1000 };

typedef struct {
  int64_t due_ns;
  int socket;
} waiting_answer;

typedef struct {
  int64_t service_ns, stall_ns, free_ns;
  char **stalled; /* indices, up to NULL */
  size_t first, count;
  waiting_answer waiting[MAX_WAITING]; /* a ring */
} clerk_queue;

static int64_t now_ns(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (int64_t)now.tv_sec * NS_PER_SECOND + now.tv_nsec;
}

static bool is_stalled(const clerk_queue *queue, long index) {
  for (char **at = queue->stalled; *at; at++)
    if (strtol(*at, NULL, 10) == index)
      return true;
  return false;
}

static void take_request(clerk_queue *queue, int socket) {
  char bytes[MAX_REQUEST_NBYTES + 1];
  const int64_t now = now_ns();
  const ssize_t nbytes = recv(socket, bytes, MAX_REQUEST_NBYTES, 0);
  if (nbytes <= 0 || queue->count == MAX_WAITING) {
    close(socket);
    return;
  }
  bytes[nbytes] = '\0';
  const char *slash = strchr(bytes, '/');
  const int64_t extra_ns = slash && is_stalled(queue, strtol(slash + 1, NULL, 10)) ? queue->stall_ns : 0;
  queue->free_ns = (queue->free_ns > now ? queue->free_ns : now) + queue->service_ns + extra_ns;
  queue->waiting[(queue->first + queue->count++) % MAX_WAITING] = (waiting_answer){queue->free_ns, socket};
}

static void answer_due(clerk_queue *queue) {
  static const char answer[] = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
  while (queue->count > 0 && queue->waiting[queue->first].due_ns <= now_ns()) {
    send(queue->waiting[queue->first].socket, answer, sizeof answer - 1, MSG_NOSIGNAL);
    queue->first = (queue->first + 1) % MAX_WAITING;
    queue->count--;
  }
}

static void watch(int epoll, int socket) {
  epoll_ctl(epoll, EPOLL_CTL_ADD, socket, &(struct epoll_event){.events = EPOLLIN, .data.fd = socket});
}

static void accept_client(int epoll, int listener) {
  const int on = 1;
  const int client = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
  if (client < 0)
    return;
  setsockopt(client, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  watch(epoll, client);
}

_Noreturn static void serve(clerk_queue *queue, int listener) {
  const int epoll = epoll_create1(EPOLL_CLOEXEC);
  watch(epoll, listener);
  for (;;) {
    struct epoll_event event;
    const int64_t wait_ns = queue->count > 0 ? queue->waiting[queue->first].due_ns - now_ns() : NS_PER_SECOND;
    const struct timespec wait = {wait_ns / NS_PER_SECOND, wait_ns % NS_PER_SECOND};
    if (epoll_pwait2(epoll, &event, 1, wait_ns > 0 ? &wait : &(struct timespec){0}, NULL) == 1) {
      if (event.data.fd == listener)
        accept_client(epoll, listener);
      else
        take_request(queue, event.data.fd);
    }
    answer_due(queue);
  }
}

int main(int argc, char **argv) {
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  socklen_t address_nbytes = sizeof address;
  const int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  static clerk_queue queue; /* too large for the stack */
  if (argc < 3 || bind(listener, (struct sockaddr *)&address, sizeof address) != 0 ||
      listen(listener, SOMAXCONN) != 0 || getsockname(listener, (struct sockaddr *)&address, &address_nbytes) != 0)
    return 1;
  queue.service_ns = strtol(argv[1], NULL, 10) * NS_PER_US;
  queue.stall_ns = strtol(argv[2], NULL, 10) * NS_PER_US;
  queue.stalled = argv + 3;
  prctl(PR_SET_TIMERSLACK, 1); /* ns */
  printf("listening on http://127.0.0.1:%d/ (a queue)\n", ntohs(address.sin_port));
  fflush(stdout);
  serve(&queue, listener);
}
