#include "user.h"

#include <errno.h>
#include <grp.h>
#include <pwd.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static int complain(const char *name, const char *reason) {
  fprintf(stderr, "qrpng-server: The user %s can't be taken on: %s.\n", name, reason);
  return -1;
}

int user_become(const server_config *config) {
  if (!config->user)
    return 0;
  errno = 0;
  const struct passwd *user = getpwnam(config->user);
  if (!user)
    return complain(config->user, errno == 0 ? "there is none of that name" : strerror(errno));
  if (geteuid() != 0)
    return geteuid() == user->pw_uid ? 0 : complain(config->user, "only root can do that");
  if (config->unix_path && config->passed_listener < 0 && lchown(config->unix_path, user->pw_uid, user->pw_gid) != 0)
    return complain(config->user, strerror(errno));
  if (initgroups(user->pw_name, user->pw_gid) != 0 || setresgid(user->pw_gid, user->pw_gid, user->pw_gid) != 0 ||
      setresuid(user->pw_uid, user->pw_uid, user->pw_uid) != 0)
    return complain(config->user, strerror(errno));
  return 0;
}
