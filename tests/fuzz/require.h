/* What fuzzers need beside libFuzzer. */
#ifndef FUZZ_REQUIRE_H
#define FUZZ_REQUIRE_H

#include <stddef.h>

/* Ends the process with a report of what is not as it should be. */
__attribute__((format(printf, 2, 3))) void fuzz_require(int condition, const char *format, ...);

/* Memory of exactly that size, so that sanitizers see its end; to be freed by free(). */
void *fuzz_allocate(size_t nbytes);
void *fuzz_copy(const void *bytes, size_t nbytes);

/* The same with a NUL at its end. */
char *fuzz_copy_string(const void *bytes, size_t nbytes);

/* A sentence for people: not empty, one line, with a full stop. */
void fuzz_require_sentence(const char *sentence);

#endif
