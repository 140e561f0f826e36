#include "sandbox.h"

#include <errno.h>
#include <jansson.h>
#include <libgen.h>
#include <linux/landlock.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/un.h>
#include <time.h>

#include "landlock.h"
#include "sandbox_calls.h"

static int complain(const char *what) {
  fprintf(stderr, "qrpng-server: --sandbox is impossible here: %s: %s.\n", what, strerror(errno));
  return -1;
}

/* What libraries read from files when they first need it. */
static void prepare_libraries(void) {
  tzset();             /* gmtime_r() */
  json_object_seed(0); /* /dev/urandom */
}

/* The server reads its figures in /proc, and takes its socket away at the end. */
static int confine(const server_config *config) {
  char socket_path[sizeof((struct sockaddr_un *)0)->sun_path];
  landlock_place places[2];
  size_t count = 0;
  if (config->has_metrics)
    places[count++] = (landlock_place){"/proc/self", LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_READ_DIR};
  if (config->unix_path && config->passed_listener < 0) {
    snprintf(socket_path, sizeof socket_path, "%s", config->unix_path);
    places[count++] =
        (landlock_place){dirname(socket_path), LANDLOCK_ACCESS_FS_READ_DIR | LANDLOCK_ACCESS_FS_REMOVE_FILE};
  }
  return landlock_confine(places, count);
}

int sandbox_confine_files(const server_config *config) {
  if (!config->sandbox)
    return 0;
  prepare_libraries();
  if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0)
    return complain("new privileges can't be given up");
  if (confine(config) == 0)
    return 0;
  if (errno != ENOSYS && errno != EOPNOTSUPP)
    return complain("files can't be put out of reach");
  fputs("qrpng-server: This kernel has no Landlock: the filter of system calls alone makes the sandbox.\n", stderr);
  return 0;
}

int sandbox_filter_calls(const server_config *config) {
  if (!config->sandbox)
    return 0;
  errno = sandbox_calls_load(config);
  return errno == 0 ? 0 : complain("system calls can't be filtered");
}
