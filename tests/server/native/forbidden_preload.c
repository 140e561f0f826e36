/*
 * Preloaded into a program: with SIGUSR1 it makes the system call that FORBIDDEN names, as somebody would who has taken
 * it over, and says on standard error what came of it. With WITHOUT_LANDLOCK the kernel seems to be older than that.
 */
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

static char page[4096] __attribute__((aligned(4096)));

static long run_program(void) {
  return execve("/nowhere", (char *[]){"nowhere", NULL}, NULL);
}
static long make_process(void) {
  const long child = syscall(SYS_clone, SIGCHLD, NULL, NULL, NULL, NULL);
  if (child == 0)
    _exit(0);
  return child;
}
static long make_connection(void) {
  return socket(AF_INET, SOCK_STREAM, 0);
}
static long write_file(void) {
  return open("/dev/null", O_WRONLY);
}
static long read_file(void) {
  return open("/etc/passwd", O_RDONLY);
}
static long run_data(void) {
  return mprotect(page, sizeof page, PROT_READ | PROT_WRITE | PROT_EXEC);
}
static long map_code(void) {
  return mmap(NULL, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) == MAP_FAILED ? -1 : 0;
}
static long signal_others(void) {
  return kill(getppid(), 0);
}
static long trace_others(void) {
  return ptrace(PTRACE_TRACEME, 0, NULL, NULL);
}
static long become_root(void) {
  return setuid(0);
}
static long make_ring(void) {
  return syscall(SYS_io_uring_setup, 0, NULL);
}

static const struct {
  const char *name;
  long (*call)(void);
} calls[] = {
    {"run_program", run_program}, {"make_process", make_process},   {"make_connection", make_connection},
    {"write_file", write_file},   {"read_file", read_file},         {"run_data", run_data},
    {"map_code", map_code},       {"signal_others", signal_others}, {"trace_others", trace_others},
    {"become_root", become_root}, {"make_ring", make_ring},
};

long syscall(long number, ...) {
  static long (*next)(long, ...);
  long argument[6];
  va_list arguments;
  va_start(arguments, number);
  for (int i = 0; i < 6; i++)
    argument[i] = va_arg(arguments, long);
  va_end(arguments);
  if (number == SYS_landlock_create_ruleset && getenv("WITHOUT_LANDLOCK")) {
    errno = ENOSYS;
    return -1;
  }
  if (!next)
    *(void **)&next = dlsym(RTLD_NEXT, "syscall");
  return next(number, argument[0], argument[1], argument[2], argument[3], argument[4], argument[5]);
}

static void on_signal(int number) {
  (void)number;
  const char *wanted = getenv("FORBIDDEN");
  for (size_t i = 0; i < sizeof calls / sizeof *calls; i++)
    if (wanted && strcmp(wanted, calls[i].name) == 0) {
      char result[64];
      errno = 0;
      const long value = calls[i].call();
      snprintf(result, sizeof result, "%s: %s\n", wanted, value < 0 ? strerrorname_np(errno) : "done");
      (void)!write(STDERR_FILENO, result, strlen(result));
    }
}

__attribute__((constructor)) static void wait_for_signal(void) {
  struct sigaction action = {.sa_handler = on_signal, .sa_flags = SA_RESTART};
  sigaction(SIGUSR1, &action, NULL);
}
