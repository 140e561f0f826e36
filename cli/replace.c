#include "replace.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/random.h>
#include <unistd.h>

#include "write.h"

enum { PERMISSIONS = 0777, TEMPORARY_NAME_SIZE = 32 };

/* A name of its own, since the file's may be as long as a name can be. */
static int create_temporary(const cli_place *place, char name[TEMPORARY_NAME_SIZE]) {
  uint64_t random;
  if (getrandom(&random, sizeof random, 0) != sizeof random)
    return -1;
  snprintf(name, TEMPORARY_NAME_SIZE, ".qrpng-%016" PRIx64, random);
  /* The kernel applies the umask. What takes the place of another file is never open to more people than that was. */
  return openat(place->folder, name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, place->exists ? 0600 : 0666);
}

/* Where the group can't be the same, another group is not given more than everybody has. */
static int take_over_permissions(int file, const struct stat *before) {
  mode_t mode = before->st_mode & PERMISSIONS;
  if (fchown(file, (uid_t)-1, before->st_gid) != 0)
    mode &= ~(mode_t)S_IRWXG | (mode & S_IRWXO) << 3;
  return fchmod(file, mode);
}

static int fill_temporary(int file, const cli_place *place, const uint8_t *bytes, size_t nbytes) {
  int result = -1;
  if ((!place->exists || take_over_permissions(file, &place->status) == 0) && write_all(file, bytes, nbytes) == 0 &&
      fsync(file) == 0)
    result = 0;
  return close_after(file, result);
}

/* Returns 0, or -1 with errno and everything as it was. */
static int replace_in_one_step(const cli_place *place, const uint8_t *bytes, size_t nbytes) {
  char temporary[TEMPORARY_NAME_SIZE];
  int file = create_temporary(place, temporary);
  if (file < 0)
    return -1;
  if (fill_temporary(file, place, bytes, nbytes) == 0 &&
      renameat(place->folder, temporary, place->folder, place->name) == 0)
    return 0;
  int first_errno = errno;
  unlinkat(place->folder, temporary, 0);
  errno = first_errno;
  return -1;
}

/* Whether it is the folder that allows no replacement; EBUSY: the file is a mount point, as in containers. */
static bool is_refused_by_folder(int error) {
  return error == EACCES || error == EPERM || error == EROFS || error == EBUSY;
}

/* So that a full disk is noticed while the old content is still there. Not every file system can do that. */
static int make_room(int file, off_t size_before, size_t nbytes) {
  if (fallocate(file, 0, 0, (off_t)nbytes) == 0 || errno == EOPNOTSUPP || errno == ENOSYS)
    return 0;
  int first_errno = errno;
  int restored = ftruncate(file, size_before);
  (void)restored; /* the first error says more */
  errno = first_errno;
  return -1;
}

static int refill(int file, const struct stat *before, const uint8_t *bytes, size_t nbytes) {
  int result = -1;
  const mode_t mode = before->st_mode & PERMISSIONS;
  if ((mode == (before->st_mode & ~(mode_t)S_IFMT) || fchmod(file, mode) == 0) &&
      make_room(file, before->st_size, nbytes) == 0 && write_all(file, bytes, nbytes) == 0 &&
      ftruncate(file, (off_t)nbytes) == 0 && fsync(file) == 0)
    result = 0;
  return close_after(file, result);
}

static const char *replace_or_refill(const cli_place *place, const uint8_t *bytes, size_t nbytes) {
  if (replace_in_one_step(place, bytes, nbytes) == 0)
    return NULL;
  if (!place->exists || !is_refused_by_folder(errno))
    return strerror(errno);
  if (place->status.st_nlink > 1)
    return "its folder allows no new file, and to write into this one would change its other names, too";
  int file;
  const char *reason = place_open(place, &file);
  if (reason)
    return reason;
  return refill(file, &place->status, bytes, nbytes) == 0 ? NULL : strerror(errno);
}

const char *replace_file(const cli_place *place, const uint8_t *bytes, size_t nbytes) {
  if (place->exists && place->status.st_uid != geteuid())
    return "it belongs to another user";
  /* Ctrl-C waits for these few system calls, so that it can't leave a temporary file or half an image behind. */
  sigset_t all, before;
  sigfillset(&all);
  sigprocmask(SIG_BLOCK, &all, &before);
  const char *reason = replace_or_refill(place, bytes, nbytes);
  sigprocmask(SIG_SETMASK, &before, NULL);
  return reason;
}
