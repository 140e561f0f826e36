/* The header Content-Type. */
#ifndef SERVER_MEDIA_TYPE_H
#define SERVER_MEDIA_TYPE_H

#include "http/http.h"

typedef enum media_type { MEDIA_TEXT, MEDIA_BYTES, MEDIA_JSON, MEDIA_OTHER } media_type;

/* MEDIA_OTHER: also where there is no such header, or its charset is another than UTF-8. */
media_type media_type_of(const http_request *request);

#endif
