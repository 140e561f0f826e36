#ifndef QRPNG_CLI_PLACE_H
#define QRPNG_CLI_PLACE_H

#include <limits.h>
#include <stdbool.h>
#include <sys/stat.h>

/* What a path leads to: a name in a folder. The folder is held open, so that it stays the one that was looked at. */
typedef struct cli_place {
  int folder;
  char name[NAME_MAX + 1];
  bool exists;
  struct stat status; /* if it exists */
  int descriptor;     /* -1, or that of this process for which the name stands, as those in /proc/self/fd do */
} cli_place;

/*
 * Follows symbolic links at the end of the path, also one whose target does not exist yet. One that belongs neither to
 * the caller nor to root is refused: whoever may write to a folder could lead others to destroy files of their own.
 * Returns NULL, or why the place can't be found; then there is nothing to close.
 */
const char *place_find(const char *path, cli_place *place);

/* Opens the file that was found there for writing, as it stands. Returns NULL, or why it can't be opened. */
const char *place_open(const cli_place *place, int *descriptor);

void place_close(cli_place *place);

#endif
