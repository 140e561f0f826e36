#include "site_check.h"

#include <string.h>
#include <strings.h>

#include "allowed_host.h"

/* Of a header that is there twice neither value counts. */
static slice single_value(const http_request *request, const char *name, bool *is_there) {
  size_t position = 0;
  const slice value = http_field_value(request, name, &position);
  *is_there = value.bytes != NULL;
  return http_field_value(request, name, &position).bytes ? (slice){"", 0} : value;
}

/* Without the scheme's own port, as browsers write an Origin. */
static slice without_port(slice authority, const char *port) {
  const size_t nbytes = strlen(port);
  if (authority.nbytes > nbytes && memcmp(authority.bytes + authority.nbytes - nbytes, port, nbytes) == 0)
    authority.nbytes -= nbytes;
  return authority;
}

/* What follows the scheme of an Origin; bytes is NULL where there is none, as in "null". */
static slice authority_of(slice origin, const char **port) {
  static const struct {
    const char *scheme, *port;
  } schemes[] = {{"http://", ":80"}, {"https://", ":443"}};
  for (size_t i = 0; i < sizeof schemes / sizeof schemes[0]; i++) {
    const size_t nbytes = strlen(schemes[i].scheme);
    if (origin.nbytes > nbytes && strncasecmp(origin.bytes, schemes[i].scheme, nbytes) == 0) {
      *port = schemes[i].port;
      return (slice){origin.bytes + nbytes, origin.nbytes - nbytes};
    }
  }
  return (slice){NULL, 0};
}

static bool is_host_of(slice authority, slice host, const char *port) {
  authority = without_port(authority, port);
  host = without_port(host, port);
  return host.bytes && authority.nbytes == host.nbytes && strncasecmp(authority.bytes, host.bytes, host.nbytes) == 0;
}

bool site_is_own(const http_request *request, const char *allowed_hosts) {
  bool has_site, has_origin;
  const slice site = single_value(request, "Sec-Fetch-Site", &has_site);
  const slice origin = single_value(request, "Origin", &has_origin);
  if (has_site ? slice_equals(site, "same-origin") || slice_equals(site, "none") : !has_origin)
    return true;
  const char *port;
  const slice authority = authority_of(origin, &port);
  if (!authority.bytes)
    return false;
  return (!has_site && is_host_of(authority, request->host, port)) || host_is_listed(authority, allowed_hosts);
}
