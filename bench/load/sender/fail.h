#ifndef SENDER_FAIL_H
#define SENDER_FAIL_H

/* Ends the process with one sentence on standard error, and exit code 1. */
_Noreturn void fail(const char *format, ...) __attribute__((format(printf, 1, 2)));

#endif
