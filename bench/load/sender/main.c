/* open-loop-sender: sends requests by the clock, over HTTP/1.1, on one thread. See usage below; files.h has the files.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <getopt.h>
#include <netdb.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/time.h>
#include <unistd.h>

#include "fail.h"
#include "load.h"

enum { MAX_CONNECTIONS = 60000, MAX_TIMEOUT_MS = 60 * 60 * 1000, SPARE_DESCRIPTORS = 16, CONNECT_SECONDS = 2 };

static const char usage[] =
    "usage: open-loop-sender --host NAME --port PORT --requests FILE --schedule FILE --records FILE [OPTION]...\n"
    "\n"
    "Sends requests in turn, each when it is due, whatever the answers do. One that\n"
    "finds no connection idle waits for one. Prints \"load ended\" when the last one is\n"
    "due, and what it has sent and received when all are answered or too late.\n"
    "\n"
    "  --host NAME              of the server, or its address\n"
    "  --port PORT              of the server\n"
    "  --requests FILE          for each its length, a uint32_t, and its bytes\n"
    "  --schedule FILE          when requests are due, in ms: doubles that ascend\n"
    "  --records FILE           is written: 4 doubles for each due time, which are ms\n"
    "                           until it was called, sent and answered, and its status\n"
    "                           (0: none, -1: not connected, -2: lost, -3: not sent)\n"
    "  --connections N          opened before the load (default: 1)\n"
    "  --max-connections N      opened as needed (default: 1000)\n"
    "  --timeout-ms MS          for the last answers (default: 10000)\n"
    "  --help\n";

typedef struct {
  const char *host, *port, *requests, *schedule, *records;
  sender_options load;
} sender_arguments;

static long parse_number(const char *name, const char *digits, long maximum) {
  char *end;
  errno = 0;
  const long number = strtol(digits, &end, 10);
  if (end == digits || *end != '\0' || errno != 0 || number < 1 || number > maximum)
    fail("--%s must be a whole number from 1 to %ld", name, maximum);
  return number;
}

static void take_option(sender_arguments *arguments, const char *name, int letter) {
  switch (letter) {
  case 'h':
    arguments->host = optarg;
    break;
  case 'p':
    arguments->port = optarg;
    parse_number(name, optarg, UINT16_MAX);
    break;
  case 'q':
    arguments->requests = optarg;
    break;
  case 's':
    arguments->schedule = optarg;
    break;
  case 'r':
    arguments->records = optarg;
    break;
  case 'c':
    arguments->load.connections = (size_t)parse_number(name, optarg, MAX_CONNECTIONS);
    break;
  case 'm':
    arguments->load.max_connections = (size_t)parse_number(name, optarg, MAX_CONNECTIONS);
    break;
  case 't':
    arguments->load.timeout_ms = parse_number(name, optarg, MAX_TIMEOUT_MS);
    break;
  case '?':
    fputs("Try open-loop-sender --help.\n", stderr);
    exit(2);
  default:
    fputs(usage, stdout);
    exit(0);
  }
}

static sender_arguments parse_arguments(int argc, char **argv) {
  static const struct option options[] = {{"host", required_argument, NULL, 'h'},
                                          {"port", required_argument, NULL, 'p'},
                                          {"requests", required_argument, NULL, 'q'},
                                          {"schedule", required_argument, NULL, 's'},
                                          {"records", required_argument, NULL, 'r'},
                                          {"connections", required_argument, NULL, 'c'},
                                          {"max-connections", required_argument, NULL, 'm'},
                                          {"timeout-ms", required_argument, NULL, 't'},
                                          {"help", no_argument, NULL, 'u'},
                                          {NULL, 0, NULL, 0}};
  sender_arguments arguments = {.load = {.connections = 1, .max_connections = 1000, .timeout_ms = 10 * 1000}};
  int option_index = 0;
  for (int letter; (letter = getopt_long(argc, argv, "", options, &option_index)) != -1;)
    take_option(&arguments, options[option_index].name, letter);
  if (optind < argc || !arguments.host || !arguments.port || !arguments.requests || !arguments.schedule ||
      !arguments.records)
    fail("it needs --host, --port, --requests, --schedule and --records, and nothing beside options");
  if (arguments.load.max_connections < arguments.load.connections)
    fail("--max-connections must be at least --connections");
  return arguments;
}

/* Whether a server answers there, within a time. */
static bool can_connect(const struct addrinfo *address) {
  const struct timeval limit = {.tv_sec = CONNECT_SECONDS};
  const int descriptor = socket(address->ai_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (descriptor < 0)
    return false;
  setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
  const bool is_connected = connect(descriptor, address->ai_addr, address->ai_addrlen) == 0;
  close(descriptor);
  return is_connected;
}

/* Of several addresses the first that can be connected to, if there is one. */
static sender_target find_target(const char *host, const char *port) {
  const struct addrinfo wanted = {.ai_socktype = SOCK_STREAM, .ai_flags = AI_NUMERICSERV};
  struct addrinfo *all;
  const int error = getaddrinfo(host, port, &wanted, &all);
  if (error != 0)
    fail("%s has no address: %s", host, gai_strerror(error));
  const struct addrinfo *chosen = all;
  while (all->ai_next && chosen && !can_connect(chosen))
    chosen = chosen->ai_next;
  if (!chosen)
    chosen = all;
  sender_target found = {.address_nbytes = chosen->ai_addrlen};
  memcpy(&found.address, chosen->ai_addr, chosen->ai_addrlen);
  freeaddrinfo(all);
  return found;
}

static void need_descriptors(size_t connections) {
  struct rlimit limit;
  const rlim_t needed = connections + SPARE_DESCRIPTORS;
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur >= needed)
    return;
  if (limit.rlim_max < needed)
    fail("--max-connections %zu needs %zu descriptors, and the limit is %zu", connections, (size_t)needed,
         (size_t)limit.rlim_max);
  limit.rlim_cur = needed;
  setrlimit(RLIMIT_NOFILE, &limit);
}

/* Touched, so that the kernel doesn't have to find pages while it counts. */
static sender_record *create_records(size_t count) {
  sender_record *records = calloc(count, sizeof *records);
  if (!records)
    fail("there is no memory for the records of %zu requests", count);
  for (size_t i = 0; i < count; i++)
    records[i].status = NO_ANSWER;
  return records;
}

static void say_end(void) {
  puts("load ended");
  fflush(stdout);
}

int main(int argc, char **argv) {
  sender_arguments arguments = parse_arguments(argc, argv);
  sender_options *load = &arguments.load;
  load->requests = read_requests(arguments.requests);
  load->schedule = read_schedule(arguments.schedule);
  load->target = find_target(arguments.host, arguments.port);
  need_descriptors(load->max_connections);
  prctl(PR_SET_TIMERSLACK, 1); /* ns; usually 50 µs */
  sender_record *records = create_records(load->schedule.count);
  const sender_traffic traffic = load_run(load, records, say_end);
  write_records(arguments.records, records, load->schedule.count);
  printf("{\"received\":%llu,\"sent\":%llu}\n", (unsigned long long)traffic.received_nbytes,
         (unsigned long long)traffic.sent_nbytes);
  free(records);
  free(load->schedule.due_ms);
  free(load->requests.items);
  free(load->requests.bytes);
  return 0;
}
