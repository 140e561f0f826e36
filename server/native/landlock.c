#include "landlock.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/landlock.h>
#include <sys/syscall.h>
#include <unistd.h>

/* As the kernel has it today. Headers may be older, and older kernels take what is longer if the rest of it is 0. */
typedef struct ruleset_attributes {
  uint64_t files, tcp, scopes;
} ruleset_attributes;

enum { TRUNCATE = 1 << 14, IOCTL_DEVICE = 1 << 15, TCP_BIND_AND_CONNECT = 3, SCOPE_SIGNALS = 2 };

/* All that a version of it can take away. Scopes of abstract sockets are left out: systemd may be told by one. */
static ruleset_attributes attributes_of(long version) {
  ruleset_attributes all = {.files = ((uint64_t)LANDLOCK_ACCESS_FS_MAKE_SYM << 1) - 1};
  if (version >= 2)
    all.files |= LANDLOCK_ACCESS_FS_REFER;
  if (version >= 3)
    all.files |= TRUNCATE;
  if (version >= 4)
    all.tcp = TCP_BIND_AND_CONNECT;
  if (version >= 5)
    all.files |= IOCTL_DEVICE;
  if (version >= 6)
    all.scopes = SCOPE_SIGNALS;
  return all;
}

static int close_and_fail(int file) {
  const int first_errno = errno;
  close(file);
  errno = first_errno;
  return -1;
}

static int allow(int ruleset, const landlock_place *place) {
  struct landlock_path_beneath_attr rule = {.allowed_access = place->access};
  rule.parent_fd = open(place->folder, O_PATH | O_DIRECTORY | O_CLOEXEC);
  if (rule.parent_fd < 0)
    return -1;
  if (syscall(SYS_landlock_add_rule, ruleset, LANDLOCK_RULE_PATH_BENEATH, &rule, 0) != 0)
    return close_and_fail(rule.parent_fd);
  return close(rule.parent_fd);
}

int landlock_confine(const landlock_place *places, size_t count) {
  const long version = syscall(SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_CREATE_RULESET_VERSION);
  if (version < 0)
    return -1;
  const ruleset_attributes attributes = attributes_of(version);
  const int ruleset = (int)syscall(SYS_landlock_create_ruleset, &attributes, sizeof attributes, 0);
  if (ruleset < 0)
    return -1;
  for (size_t i = 0; i < count; i++)
    if (allow(ruleset, &places[i]) != 0)
      return close_and_fail(ruleset);
  if (syscall(SYS_landlock_restrict_self, ruleset, 0) != 0)
    return close_and_fail(ruleset);
  return close(ruleset);
}
