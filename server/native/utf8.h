/* Texts as bytes in UTF-8. */
#ifndef SERVER_UTF8_H
#define SERVER_UTF8_H

#include "http/slice.h"

/* RFC 3629, section 4. */
bool utf8_is_valid(slice text);

#endif
