/* jansson with memory that may run out: it goes on without what it doesn't get, and may then end the process. */
#ifndef QRPNG_JSON_MEMORY_H
#define QRPNG_JSON_MEMORY_H

#include <stdbool.h>
#include <stddef.h>

#include <jansson.h>

/* Once, before any other thread is started. */
void json_memory_prepare(void);

/*
 * As json_loadb(). With too little memory it returns NULL and sets *is_out_of_memory, which is false otherwise; nothing
 * of what was loaded is left then. The root may be released in any thread.
 */
json_t *json_memory_load(const char *bytes, size_t nbytes, size_t flags, json_error_t *error, bool *is_out_of_memory);

#endif
