/* Giving up root's rights for good. */
#ifndef SERVER_USER_H
#define SERVER_USER_H

#include "config.h"

/*
 * Becomes config->user, if one is given, in all of its groups and no others; a Unix socket becomes theirs. Before any
 * thread is started. Returns 0, or -1 after having said on standard error what is wrong.
 */
int user_become(const server_config *config);

#endif
