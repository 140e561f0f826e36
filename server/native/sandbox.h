/*
 * --sandbox: once the server has what it needs, the kernel takes the rest from it. Someone who takes over the process
 * by a fault in it then can't start a program, open a file or a connection, or gain rights.
 */
#ifndef SERVER_SANDBOX_H
#define SERVER_SANDBOX_H

#include "config.h"

/*
 * To be called when all files are open, before a thread is started: new privileges are out of reach from then on, and
 * so are all files but those that config asks for, where the kernel has Landlock. Returns 0, or -1 after having
 * complained.
 */
int sandbox_confine_files(const server_config *config);

/*
 * To be called when all threads are started: for each of them system calls that a server with that config has no use
 * for end the process with SIGSYS. Returns 0, or -1 after having complained.
 */
int sandbox_filter_calls(const server_config *config);

#endif
