#include "sandbox_calls.h"

#include <errno.h>

#ifdef SERVER_WITH_SECCOMP
#include <fcntl.h>
#include <seccomp.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

/* SCMP_A1() and the like leave out the operand that a comparison doesn't need, which clang warns of. */
#pragma GCC diagnostic ignored "-Wmissing-field-initializers"

/* Whatever their arguments are; the kernel decides these without running the filter. */
static const int always[] = {
    /* connections and what they are waited for with */
    SCMP_SYS(accept4), SCMP_SYS(epoll_ctl), SCMP_SYS(epoll_pwait), SCMP_SYS(epoll_wait), SCMP_SYS(getsockopt),
    SCMP_SYS(poll), SCMP_SYS(ppoll), SCMP_SYS(recvfrom), SCMP_SYS(sendto), SCMP_SYS(setsockopt), SCMP_SYS(shutdown),
    /* what is open */
    SCMP_SYS(close), SCMP_SYS(fcntl), SCMP_SYS(fstat), SCMP_SYS(getdents64), SCMP_SYS(lseek), SCMP_SYS(newfstatat),
    SCMP_SYS(read), SCMP_SYS(write), SCMP_SYS(writev),
    /* memory */
    SCMP_SYS(brk), SCMP_SYS(madvise), SCMP_SYS(mremap), SCMP_SYS(munmap),
    /* time */
    SCMP_SYS(clock_gettime), SCMP_SYS(clock_nanosleep), SCMP_SYS(gettimeofday), SCMP_SYS(nanosleep),
    /* threads: how they wait, begin and end */
    SCMP_SYS(exit), SCMP_SYS(exit_group), SCMP_SYS(futex), SCMP_SYS(rseq), SCMP_SYS(rt_sigprocmask),
    SCMP_SYS(rt_sigreturn), SCMP_SYS(restart_syscall), SCMP_SYS(set_robust_list),
    /* what the C library asks for itself */
    SCMP_SYS(getpid), SCMP_SYS(getrandom), SCMP_SYS(getrusage), SCMP_SYS(gettid), SCMP_SYS(sched_getaffinity),
    SCMP_SYS(sched_yield)};

static const int at_the_end_of_a_path[] = {SCMP_SYS(flock), SCMP_SYS(lstat), SCMP_SYS(unlink), SCMP_SYS(unlinkat)};

static const int with_uring[] = {SCMP_SYS(io_uring_enter)};

/* The first error of those that rules gave is kept. */
typedef struct call_filter {
  scmp_filter_ctx context;
  int error;
} call_filter;

static void add(call_filter *filter, uint32_t action, int call, unsigned count, const struct scmp_arg_cmp *arguments) {
  int result = seccomp_rule_add_array(filter->context, action, call, count, arguments);
  if (filter->error == 0)
    filter->error = -result;
}

static void allow_all(call_filter *filter, const int *calls, size_t count) {
  for (size_t i = 0; i < count; i++)
    add(filter, SCMP_ACT_ALLOW, calls[i], 0, NULL);
}

static void allow_if(call_filter *filter, int call, struct scmp_arg_cmp argument) {
  add(filter, SCMP_ACT_ALLOW, call, 1, &argument);
}

/* Nothing is written or made anew. Without need it is an error: the C library has uses for files that it can do
 * without. */
static void add_reading(call_filter *filter, bool is_needed) {
  const scmp_datum_t kinds = O_ACCMODE | O_CREAT | O_TRUNC | (O_TMPFILE & ~O_DIRECTORY);
  const uint32_t action = is_needed ? SCMP_ACT_ALLOW : SCMP_ACT_ERRNO(EACCES);
  add(filter, action, SCMP_SYS(openat), 1, &SCMP_A2(SCMP_CMP_MASKED_EQ, kinds, O_RDONLY));
  add(filter, action, SCMP_SYS(open), 1, &SCMP_A1(SCMP_CMP_MASKED_EQ, kinds, O_RDONLY));
}

/* A ring can do what no filter sees: it was restricted to reading, sending and waiting when it was made. */
static void allow_uring(call_filter *filter) {
  enum { ENABLE_RINGS = 12 };
  allow_all(filter, with_uring, sizeof with_uring / sizeof *with_uring);
  allow_if(filter, SCMP_SYS(io_uring_register), SCMP_A1(SCMP_CMP_EQ, ENABLE_RINGS));
}

static void add_rules(call_filter *filter, const server_config *config) {
  const bool owns_path = config->unix_path && config->passed_listener < 0;
  allow_all(filter, always, sizeof always / sizeof *always);
  allow_if(filter, SCMP_SYS(mmap), SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0));
  allow_if(filter, SCMP_SYS(mprotect), SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0));
  allow_if(filter, SCMP_SYS(ioctl), SCMP_A1(SCMP_CMP_EQ, TCGETS));   /* whether a stream is a terminal */
  allow_if(filter, SCMP_SYS(ioctl), SCMP_A1(SCMP_CMP_EQ, FIONREAD)); /* whether a client waits for its answer alone */
  allow_if(filter, SCMP_SYS(prlimit64), SCMP_A2(SCMP_CMP_EQ, 0));    /* limits are read */
  allow_if(filter, SCMP_SYS(tgkill), SCMP_A0(SCMP_CMP_EQ, (scmp_datum_t)getpid())); /* abort() */
  add_reading(filter, config->has_metrics || owns_path);
  if (owns_path)
    allow_all(filter, at_the_end_of_a_path, sizeof at_the_end_of_a_path / sizeof *at_the_end_of_a_path);
  if (getenv("NOTIFY_SOCKET"))
    allow_if(filter, SCMP_SYS(socket), SCMP_A0(SCMP_CMP_EQ, AF_UNIX));
  if (config->io == HTTP_IO_URING)
    allow_uring(filter);
}

int sandbox_calls_load(const server_config *config) {
  call_filter filter = {.context = seccomp_init(SCMP_ACT_KILL_PROCESS)};
  if (!filter.context)
    return ENOMEM;
  filter.error = -seccomp_attr_set(filter.context, SCMP_FLTATR_ACT_BADARCH, SCMP_ACT_KILL_PROCESS);
  if (filter.error == 0)
    filter.error = -seccomp_attr_set(filter.context, SCMP_FLTATR_CTL_TSYNC, 1);
  add_rules(&filter, config);
  if (filter.error == 0)
    filter.error = -seccomp_load(filter.context);
  seccomp_release(filter.context);
  return filter.error;
}

#else

int sandbox_calls_load(const server_config *config) {
  (void)config;
  return ENOSYS;
}

#endif
