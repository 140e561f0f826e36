/*
 * Whose page a request comes from, by what browsers say of it: the page of another site can send, unread, whatever a
 * form can. Judged as by Go's http.CrossOriginProtection; other clients may say what they like.
 */
#ifndef SERVER_SITE_CHECK_H
#define SERVER_SITE_CHECK_H

#include "http/http.h"

/* Whether that is a page of this server, or of no page at all. allowed_hosts: names that count as this server's, or
 * NULL. */
bool site_is_own(const http_request *request, const char *allowed_hosts);

#endif
