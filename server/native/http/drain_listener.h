/* The end of a listener, without a connection being reset that its client took for established. */
#ifndef HTTP_DRAIN_LISTENER_H
#define HTTP_DRAIN_LISTENER_H

/*
 * From now on nobody gets connected: handshakes under way are finished, and the kernel drops or refuses all others. So
 * the queue can be emptied and the listener closed. A listener that is shared does so for all threads.
 */
void listener_refuse_new(int listener);

#endif
