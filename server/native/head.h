/*
 * What the head of a request says apart from its target.
 *
 * libmicrohttpd 0.9.75 is lax: it takes two Host or Content-Length headers, Content-Length beside Transfer-Encoding,
 * NUL within a value, bare LF, folded lines and a space before the colon. A proxy that reads such a head otherwise can
 * be tricked (request smuggling), so all of it is found here.
 */
#ifndef SERVER_HEAD_H
#define SERVER_HEAD_H

#include <microhttpd.h>
#include <stdbool.h>

#include "query.h"

typedef struct request_head {
  bool malformed;
  bool has_body;
  bool expects_continue;
  bool etag_matches; /* If-None-Match names the etag or "*" */
} request_head;

/*
 * method, url and version are as libmicrohttpd passes them to the handler of requests, target_nbytes is the length of
 * the target as it passed it to the log callback. etag is with quotes.
 */
request_head head_inspect(struct MHD_Connection *connection, const char *method, const char *url, const char *version,
                          size_t target_nbytes, slice etag);

/* Whether the library at run time is the one above: later ones are to be strict by themselves. */
bool head_is_fully_inspected(void);

/* Whether an If-None-Match list contains the etag by weak comparison (RFC 9110, 13.1.2). */
bool etag_list_contains(slice list, slice etag);

#endif
