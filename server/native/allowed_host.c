#include "allowed_host.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

enum { NAME_SIZE = 256 };

typedef struct ip_address {
  int family; /* AF_UNSPEC: it is none */
  unsigned char bytes[sizeof(struct in6_addr)];
} ip_address;

static ip_address parse_address(const char *name) {
  ip_address address = {.family = AF_UNSPEC};
  if (inet_pton(AF_INET, name, address.bytes) == 1)
    address.family = AF_INET;
  else if (inet_pton(AF_INET6, name, address.bytes) == 1)
    address.family = AF_INET6;
  return address;
}

static bool is_name(const char *text) {
  size_t length = strlen(text);
  return length > 0 && strspn(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-") == length;
}

/* Copies a name, or an address without its brackets and, if may_be_bare, one that has none; false if it is neither. */
static bool copy_name(const char *text, size_t length, bool may_be_bare, char name[NAME_SIZE]) {
  const bool has_brackets = length >= 2 && text[0] == '[' && text[length - 1] == ']';
  if (length == 0 || length >= NAME_SIZE)
    return false;
  snprintf(name, NAME_SIZE, "%.*s", (int)(has_brackets ? length - 2 : length), has_brackets ? text + 1 : text);
  if (has_brackets)
    return parse_address(name).family == AF_INET6;
  if (name[length - 1] == '.')
    name[length - 1] = '\0';
  return is_name(name) || (may_be_bare && parse_address(name).family == AF_INET6);
}

/* The length of a Host without its port. */
static size_t name_length(slice host) {
  size_t digits = 0;
  while (digits < host.nbytes && host.bytes[host.nbytes - 1 - digits] >= '0' &&
         host.bytes[host.nbytes - 1 - digits] <= '9')
    digits++;
  const bool has_port =
      digits >= 1 && digits <= 5 && digits < host.nbytes && host.bytes[host.nbytes - 1 - digits] == ':';
  return has_port ? host.nbytes - 1 - digits : host.nbytes;
}

static bool is_same(const char *name, const char *other) {
  ip_address a = parse_address(name), b = parse_address(other);
  if (a.family != AF_UNSPEC)
    return a.family == b.family && memcmp(a.bytes, b.bytes, sizeof a.bytes) == 0;
  return strcasecmp(name, other) == 0;
}

static bool is_loopback(const char *name) {
  static const char suffix[] = ".localhost";
  size_t length = strlen(name), suffix_length = sizeof suffix - 1;
  return is_same(name, "localhost") || is_same(name, "127.0.0.1") || is_same(name, "::1") ||
         (length > suffix_length && strcasecmp(name + length - suffix_length, suffix) == 0);
}

static bool is_own(const char *name, const char *bind) {
  const bool takes_any = is_same("0.0.0.0", bind) || is_same("::", bind);
  return is_same(name, bind) || (takes_any && parse_address(name).family != AF_UNSPEC);
}

/* Takes the next name from a list; false at the first that is none. */
static bool next_name(const char **list, char name[NAME_SIZE]) {
  size_t length = strcspn(*list, ",");
  bool is_valid = copy_name(*list, length, true, name);
  *list = (*list)[length] ? *list + length + 1 : NULL;
  return is_valid;
}

static bool is_listed(const char *name, const char *list) {
  char listed[NAME_SIZE];
  while (list && next_name(&list, listed))
    if (is_same(name, listed))
      return true;
  return false;
}

bool host_is_allowed(slice host, const char *bind, const char *allowed_hosts) {
  char name[NAME_SIZE];
  return host.bytes && copy_name(host.bytes, name_length(host), false, name) &&
         (is_loopback(name) || is_own(name, bind) || is_listed(name, allowed_hosts));
}

bool host_is_listed(slice host, const char *allowed_hosts) {
  char name[NAME_SIZE];
  return copy_name(host.bytes, name_length(host), false, name) && is_listed(name, allowed_hosts);
}

bool host_list_is_valid(const char *list) {
  char name[NAME_SIZE];
  bool is_valid = true;
  while (list && is_valid)
    is_valid = next_name(&list, name);
  return is_valid;
}
