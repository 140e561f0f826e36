/* --check: for a container without a shell, or whoever wants to know by an exit code whether the server is well. */
#ifndef SERVER_CHECK_H
#define SERVER_CHECK_H

#include "config.h"

/*
 * Makes a code, and asks the server that listens where config says for one, for at most five seconds. Prints a line on
 * standard output, or says on standard error what is wrong. Returns the exit code.
 */
int check_run(const server_config *config);

#endif
