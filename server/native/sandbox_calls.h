/* The filter of system calls, by libseccomp. */
#ifndef SERVER_SANDBOX_CALLS_H
#define SERVER_SANDBOX_CALLS_H

#include "config.h"

/* For all threads. Returns 0 or an error: ENOSYS in a build without libseccomp. */
int sandbox_calls_load(const server_config *config);

#endif
