#ifndef QRPNG_CLI_OUTPUT_H
#define QRPNG_CLI_OUTPUT_H

#include <stddef.h>
#include <stdint.h>

#define OUTPUT_ERROR_SIZE 512

/* Both return 0, or -1 with a sentence in error. */
int write_to_stdout(const uint8_t *bytes, size_t nbytes, char error[OUTPUT_ERROR_SIZE]);

/*
 * Replaces the file at path in one step: whoever reads it sees the old content or the new, never a part, also after the
 * machine has lost its power. The new file is made beside the old one, under a hidden name, and renamed when its bytes
 * are on the disk; nothing is left of it if that fails, unless the process is killed by SIGKILL or with the machine.
 *
 * A new file:      0666 & ~umask, or what the folder's default access list says.
 * An existing one: must belong to the caller (effective user), or else is refused. It keeps its group and its
 *                  permissions, 0777 at most: never setuid, setgid or sticky. Without the right to its group, the new
 *                  group may do no more than all others. Access lists and extended attributes are not kept.
 * Symbolic links:  followed, also to a target that does not exist yet, as a shell does. One at the end of the path that
 *                  belongs neither to the caller nor to root is refused.
 * Hard links:      the other names keep the old content.
 * An unwritable folder, or a file that is a mount point: the file itself is written into, if it is writable and has no
 *                  other names. That is not one step: readers may see a part, and a loss of power may leave one. A full
 *                  disk leaves the old content, where the file system can reserve room.
 * What is no regular file (a device, a pipe), and what is open already (/dev/stdout, /dev/fd/N), is written to as it
 * stands.
 */
int write_to_path(const char *path, const uint8_t *bytes, size_t nbytes, char error[OUTPUT_ERROR_SIZE]);

#endif
