#include "place.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { MAX_LINKS = 40 }; /* as many as the kernel follows */

static bool is_same_file(const struct stat *a, const struct stat *b) {
  return a->st_dev == b->st_dev && a->st_ino == b->st_ino;
}

static int fail_with(int error) {
  errno = error;
  return -1;
}

/* Goes on to the folder that is named in path, seen from the one before, and takes the name from its end. */
static int enter(cli_place *place, const char *path) {
  const char *slash = strrchr(path, '/');
  const char *name = slash ? slash + 1 : path;
  const size_t folder_nbytes = (size_t)(name - path), name_nbytes = strlen(name);
  char folder[PATH_MAX] = ".";
  if (name_nbytes == 0)
    return fail_with(slash ? EISDIR : ENOENT);
  if (folder_nbytes >= sizeof folder || name_nbytes >= sizeof place->name)
    return fail_with(ENAMETOOLONG);
  memcpy(folder, path, folder_nbytes);
  memcpy(place->name, name, name_nbytes + 1);

  int before = place->folder;
  place->folder = openat(before, folder, O_PATH | O_DIRECTORY | O_CLOEXEC);
  int first_errno = errno;
  if (before != AT_FDCWD)
    close(before);
  return place->folder >= 0 ? 0 : fail_with(first_errno);
}

/* To read such a link says nothing: its text may be "pipe:[4711]". */
static int find_own_descriptor(const cli_place *place) {
  enum { MAX_DIGITS = 9 };
  size_t length = strlen(place->name);
  if (length > MAX_DIGITS || strspn(place->name, "0123456789") < length)
    return -1;
  int descriptor = atoi(place->name);
  struct stat linked, own;
  return fstatat(place->folder, place->name, &linked, 0) == 0 && fstat(descriptor, &own) == 0 &&
                 is_same_file(&linked, &own)
             ? descriptor
             : -1;
}

/* Looks at what has the name, and leaves in target where a link leads that is to be followed, or nothing. */
static const char *look(cli_place *place, int file, char target[PATH_MAX]) {
  target[0] = '\0';
  if (fstat(file, &place->status) != 0)
    return strerror(errno);
  place->exists = true;
  if (!S_ISLNK(place->status.st_mode))
    return NULL;
  place->descriptor = find_own_descriptor(place);
  if (place->descriptor >= 0)
    return NULL;
  if (place->status.st_uid != geteuid() && place->status.st_uid != 0)
    return "the symbolic link belongs to another user";
  ssize_t nbytes = readlinkat(file, "", target, PATH_MAX - 1);
  if (nbytes <= 0)
    return strerror(nbytes < 0 ? errno : ENOENT);
  target[nbytes] = '\0';
  place->exists = false;
  return NULL;
}

static const char *follow(const char *path, cli_place *place) {
  char target[PATH_MAX];
  for (int i = 0; i <= MAX_LINKS; i++) {
    if (enter(place, path) != 0)
      return strerror(errno);
    int file = openat(place->folder, place->name, O_PATH | O_NOFOLLOW | O_CLOEXEC);
    if (file < 0)
      return errno == ENOENT ? NULL : strerror(errno);
    const char *reason = look(place, file, target);
    close(file);
    if (reason || !*target)
      return reason;
    path = target;
  }
  return strerror(ELOOP);
}

const char *place_find(const char *path, cli_place *place) {
  *place = (cli_place){.folder = AT_FDCWD, .descriptor = -1};
  const char *reason = follow(path, place);
  if (reason)
    place_close(place);
  return reason;
}

const char *place_open(const cli_place *place, int *descriptor) {
  /* to wait for the reader of a pipe is right only where a pipe was found */
  const int flags = S_ISREG(place->status.st_mode) ? O_NONBLOCK : 0;
  int file = openat(place->folder, place->name, O_WRONLY | O_NOFOLLOW | O_CLOEXEC | flags);
  if (file < 0)
    return strerror(errno);
  struct stat opened;
  if (fstat(file, &opened) == 0 && is_same_file(&opened, &place->status)) {
    *descriptor = file;
    return NULL;
  }
  close(file);
  return "another file has just taken its place";
}

void place_close(cli_place *place) {
  if (place->folder >= 0)
    close(place->folder);
}
