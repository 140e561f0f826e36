#include "endpoint.h"

#include <arpa/inet.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/un.h>

int endpoint_resolve(server_endpoint *endpoint) {
  struct sockaddr_in *ipv4 = (struct sockaddr_in *)&endpoint->address;
  struct sockaddr_in6 *ipv6 = (struct sockaddr_in6 *)&endpoint->address;
  if (inet_pton(AF_INET, endpoint->bind, &ipv4->sin_addr) == 1) {
    ipv4->sin_family = AF_INET;
    ipv4->sin_port = htons((uint16_t)endpoint->port);
    endpoint->address_nbytes = sizeof *ipv4;
    return 0;
  }
  if (inet_pton(AF_INET6, endpoint->bind, &ipv6->sin6_addr) == 1) {
    ipv6->sin6_family = AF_INET6;
    ipv6->sin6_port = htons((uint16_t)endpoint->port);
    endpoint->address_nbytes = sizeof *ipv6;
    return 0;
  }
  return -1;
}

int endpoint_resolve_path(server_endpoint *endpoint, const char *path) {
  struct sockaddr_un *address = (struct sockaddr_un *)&endpoint->address;
  size_t length = strlen(path);
  if (length == 0 || length >= sizeof address->sun_path)
    return -1;
  address->sun_family = AF_UNIX;
  memcpy(address->sun_path, path, length + 1);
  endpoint->address_nbytes = sizeof *address;
  return 0;
}

int endpoint_learn(server_endpoint *endpoint, int listener, const char **path) {
  const struct sockaddr_in *ipv4 = (const struct sockaddr_in *)&endpoint->address;
  const struct sockaddr_in6 *ipv6 = (const struct sockaddr_in6 *)&endpoint->address;
  const struct sockaddr_un *local = (const struct sockaddr_un *)&endpoint->address;
  *path = NULL;
  endpoint->address = (struct sockaddr_storage){0};
  endpoint->address_nbytes = sizeof endpoint->address - 1; /* a path of the greatest length has no NUL */
  if (getsockname(listener, (struct sockaddr *)&endpoint->address, &endpoint->address_nbytes) != 0)
    return -1;
  endpoint->bind = endpoint->bind_text;
  endpoint->port = ntohs(ipv4->sin_port); /* at the same place in both families */
  switch (endpoint->address.ss_family) {
  case AF_INET:
    return inet_ntop(AF_INET, &ipv4->sin_addr, endpoint->bind_text, sizeof endpoint->bind_text) ? 0 : -1;
  case AF_INET6:
    return inet_ntop(AF_INET6, &ipv6->sin6_addr, endpoint->bind_text, sizeof endpoint->bind_text) ? 0 : -1;
  case AF_UNIX:
    *path = local->sun_path;
    return 0;
  default:
    return -1;
  }
}

void endpoint_format(const server_endpoint *endpoint, char text[ENDPOINT_TEXT_SIZE]) {
  const struct sockaddr_un *local = (const struct sockaddr_un *)&endpoint->address;
  if (endpoint->address.ss_family == AF_UNIX)
    snprintf(text, ENDPOINT_TEXT_SIZE, "unix:%s", local->sun_path);
  else
    snprintf(text, ENDPOINT_TEXT_SIZE, endpoint->address.ss_family == AF_INET6 ? "[%s]:%d" : "%s:%d", endpoint->bind,
             endpoint->port);
}
