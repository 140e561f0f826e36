#include "clients.h"

#include <netinet/in.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

enum { MAX_BUCKETS = 1 << 16 };

struct http_client {
  http_client *next;
  uint64_t key;
  size_t connection_count;
  bool is_ipv6;
};

struct client_table {
  pthread_mutex_t mutex;
  size_t max_per_client;
  uint64_t seed; /* so that nobody can choose addresses which share a bucket */
  size_t bucket_mask;
  http_client *buckets[];
};

client_table *client_table_create(size_t max_connections, size_t max_per_client) {
  size_t bucket_count = 64;
  while (bucket_count < max_connections && bucket_count < MAX_BUCKETS)
    bucket_count *= 2;
  client_table *table = calloc(1, sizeof *table + bucket_count * sizeof table->buckets[0]);
  if (!table)
    return NULL;
  pthread_mutex_init(&table->mutex, NULL);
  table->max_per_client = max_per_client;
  table->bucket_mask = bucket_count - 1;
  if (getrandom(&table->seed, sizeof table->seed, GRND_NONBLOCK) != sizeof table->seed)
    table->seed = (uintptr_t)table;
  return table;
}

void client_table_destroy(client_table *table) {
  if (!table)
    return;
  for (size_t i = 0; i <= table->bucket_mask; i++)
    while (table->buckets[i]) {
      http_client *client = table->buckets[i];
      table->buckets[i] = client->next;
      free(client);
    }
  pthread_mutex_destroy(&table->mutex);
  free(table);
}

/* Returns whether the client is counted. */
static bool read_client(const struct sockaddr_storage *address, http_client *client) {
  const struct in6_addr *ipv6 = &((const struct sockaddr_in6 *)address)->sin6_addr;
  uint32_t ipv4;
  *client = (http_client){0};
  if (address->ss_family == AF_INET) {
    client->key = ((const struct sockaddr_in *)address)->sin_addr.s_addr;
    return true;
  }
  if (address->ss_family != AF_INET6)
    return false;
  client->is_ipv6 = !IN6_IS_ADDR_V4MAPPED(ipv6);
  if (client->is_ipv6) {
    memcpy(&client->key, ipv6->s6_addr, sizeof client->key);
  } else {
    memcpy(&ipv4, ipv6->s6_addr + 12, sizeof ipv4);
    client->key = ipv4;
  }
  return true;
}

/* The finalizer of MurmurHash3, by Austin Appleby, in the public domain. */
static uint64_t mix(uint64_t bits) {
  bits = (bits ^ bits >> 33) * 0xFF51AFD7ED558CCD;
  bits = (bits ^ bits >> 33) * 0xC4CEB9FE1A85EC53;
  return bits ^ bits >> 33;
}

static http_client **find_bucket(client_table *table, uint64_t key) {
  return &table->buckets[mix(mix(key ^ table->seed) + table->seed) & table->bucket_mask];
}

/* The client of that name, made if need be. */
static http_client *find_client(client_table *table, const http_client *wanted) {
  http_client **bucket = find_bucket(table, wanted->key);
  http_client *client = *bucket;
  while (client && (client->key != wanted->key || client->is_ipv6 != wanted->is_ipv6))
    client = client->next;
  if (client || !(client = malloc(sizeof *client)))
    return client;
  *client = *wanted;
  client->next = *bucket;
  return *bucket = client;
}

client_verdict client_enter(client_table *table, const struct sockaddr_storage *address, http_client **client) {
  http_client wanted;
  client_verdict verdict = CLIENT_WELCOME;
  *client = NULL;
  if (!read_client(address, &wanted))
    return CLIENT_WELCOME;
  pthread_mutex_lock(&table->mutex);
  http_client *found = find_client(table, &wanted);
  if (!found)
    verdict = CLIENT_NO_MEMORY;
  else if (found->connection_count >= table->max_per_client)
    verdict = CLIENT_HAS_TOO_MANY;
  else {
    found->connection_count++;
    *client = found;
  }
  pthread_mutex_unlock(&table->mutex);
  return verdict;
}

void client_leave(client_table *table, http_client *client) {
  pthread_mutex_lock(&table->mutex);
  if (--client->connection_count == 0) {
    http_client **link = find_bucket(table, client->key);
    while (*link != client)
      link = &(*link)->next;
    *link = client->next;
    free(client);
  }
  pthread_mutex_unlock(&table->mutex);
}
