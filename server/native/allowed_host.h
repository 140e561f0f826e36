/* The names that the server answers to: a page elsewhere can make its own name point here (DNS rebinding), but not hide
 * it. */
#ifndef SERVER_ALLOWED_HOST_H
#define SERVER_ALLOWED_HOST_H

#include <stdbool.h>

#include "http/slice.h"

/*
 * Whether a header Host (its bytes are NULL if there is none) names localhost, the address bind (any address, where
 * that stands for all) or one of allowed_hosts, which is as below or NULL. Ports don't matter.
 */
bool host_is_allowed(slice host, const char *bind, const char *allowed_hosts);

/* Whether a host is in the list alone, which is as below or NULL. */
bool host_is_listed(slice host, const char *allowed_hosts);

/* Whether the list has names or addresses without ports, separated by commas. */
bool host_list_is_valid(const char *list);

#endif
