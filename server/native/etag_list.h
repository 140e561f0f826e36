/* The header If-None-Match. */
#ifndef SERVER_ETAG_LIST_H
#define SERVER_ETAG_LIST_H

#include "http/slice.h"

/* Whether the list contains the etag, which is with quotes, or "*", by weak comparison (RFC 9110, 13.1.2). */
bool etag_list_contains(slice list, slice etag);

#endif
