/* RFC 4648, section 4. */
#ifndef SERVER_BASE64_H
#define SERVER_BASE64_H

#include <stddef.h>
#include <stdint.h>

/* How many characters so many bytes become. */
size_t base64_nbytes(size_t nbytes);

/* Writes them and returns their end. */
char *base64_write(char *at, const uint8_t *bytes, size_t nbytes);

#endif
