/*
 * What systemd and its clients agree on by environment variables: sd_listen_fds(3) and sd_notify(3). Without it, none
 * of this does anything.
 */
#ifndef SERVER_SYSTEMD_H
#define SERVER_SYSTEMD_H

enum { SYSTEMD_NONE = -1, SYSTEMD_REFUSED = -2 };

/*
 * Returns the socket that was passed to this process, SYSTEMD_NONE, or SYSTEMD_REFUSED after having said on standard
 * error that there are several. Nobody else finds it afterwards: neither children nor a second call.
 */
int systemd_take_socket(void);

/* Tells the service manager, if there is one, such as "READY=1". */
void systemd_notify(const char *state);

#endif
