/* Files and ports out of reach, by Landlock (Linux 5.13 and newer; what an older version lacks is left out). */
#ifndef SERVER_LANDLOCK_H
#define SERVER_LANDLOCK_H

#include <stddef.h>
#include <stdint.h>

/* What may still be done below a folder: LANDLOCK_ACCESS_FS_... */
typedef struct landlock_place {
  const char *folder;
  uint64_t access;
} landlock_place;

/*
 * Takes from the calling thread, and all that it starts, every file but those in the places, the ports of TCP, and
 * signals to other processes; what is open stays usable. PR_SET_NO_NEW_PRIVS must be set. Returns 0, or -1 with errno:
 * ENOSYS or EOPNOTSUPP if the kernel has no Landlock.
 */
int landlock_confine(const landlock_place *places, size_t count);

#endif
