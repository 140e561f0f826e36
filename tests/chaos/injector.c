/*
 * Preloaded into a program and what it starts: makes system calls and allocations fail by chance. How often each does
 * is in a file that all of them map, CHAOS_CONTROL, and there they count what they did: see injector.js. With
 * CHAOS_OBJECT, malloc and mmap fail only where a file whose name begins so has called them, since Node ends where its
 * own allocations fail.
 */
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#pragma GCC visibility push(default)

/* In the order of injector.js. */
enum fault {
  MALLOC_ENOMEM,
  MMAP_ENOMEM,
  READ_EINTR,
  READ_SHORT,
  READ_ECONNRESET,
  WRITE_EINTR,
  WRITE_SHORT,
  WRITE_EPIPE,
  WRITE_ENOSPC,
  ACCEPT_EMFILE,
  ACCEPT_EINTR,
  ACCEPT_ECONNABORTED,
  FORK_EAGAIN,
  FAULT_COUNT
};

struct control {
  uint32_t seed;
  atomic_uint program_count;
  _Atomic uint32_t per_million[FAULT_COUNT];
  _Atomic uint32_t done[FAULT_COUNT];
};

static struct control *control;
static const char *object;
static uint32_t program;
static atomic_uint thread_count;
static _Thread_local uint64_t random_state;

extern void *__libc_malloc(size_t nbytes);
extern void *__libc_calloc(size_t count, size_t nbytes);
extern void *__libc_realloc(void *memory, size_t nbytes);
extern void *__libc_memalign(size_t alignment, size_t nbytes);

__attribute__((constructor)) static void open_control(void) {
  const char *path = getenv("CHAOS_CONTROL");
  object = getenv("CHAOS_OBJECT");
  int file = path ? open(path, O_RDWR | O_CLOEXEC) : -1;
  if (file < 0)
    return;
  void *memory = mmap(NULL, sizeof *control, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
  close(file);
  if (memory == MAP_FAILED)
    return;
  struct control *opened = memory;
  program = ++opened->program_count;
  control = opened;
}

/* SplitMix64, by Sebastiano Vigna, in the public domain. */
static uint32_t next_random(void) {
  if (random_state == 0)
    random_state = ((uint64_t)control->seed << 32 | program << 12) + ++thread_count;
  uint64_t z = random_state += 0x9e3779b97f4a7c15;
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
  z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
  return (uint32_t)(z >> 32);
}

static int is_due(enum fault fault) {
  if (!control)
    return 0;
  const uint32_t rate = control->per_million[fault];
  return rate > 0 && next_random() % 1000000 < rate;
}

static int done(enum fault fault, int error) {
  control->done[fault]++;
  errno = error;
  return 1;
}

static int is_meant(const void *caller) {
  Dl_info info;
  if (!object)
    return 1;
  if (!dladdr(caller, &info) || !info.dli_fname)
    return 0;
  const char *slash = strrchr(info.dli_fname, '/');
  return strncmp(slash ? slash + 1 : info.dli_fname, object, strlen(object)) == 0;
}

static int lacks_memory(enum fault fault, const void *caller) {
  return is_due(fault) && is_meant(caller) && done(fault, ENOMEM);
}

static mode_t type_of(int file) {
  struct stat status;
  return fstat(file, &status) == 0 ? status.st_mode & S_IFMT : 0;
}

static int is_stream(int file) {
  const mode_t type = type_of(file);
  return type == S_IFSOCK || type == S_IFIFO || type == S_IFREG;
}

/* Of a network: what happens to the others is up to this machine alone. */
static int is_connection(int file) {
  int domain = 0;
  socklen_t nbytes = sizeof domain;
  return getsockopt(file, SOL_SOCKET, SO_DOMAIN, &domain, &nbytes) == 0 && domain == AF_INET;
}

static int read_fails(int file) {
  if (is_due(READ_EINTR) && is_stream(file))
    return done(READ_EINTR, EINTR);
  return is_due(READ_ECONNRESET) && is_connection(file) && done(READ_ECONNRESET, ECONNRESET);
}

static size_t less_to_read(int file, size_t nbytes) {
  if (nbytes < 2 || !is_due(READ_SHORT) || !is_stream(file))
    return nbytes;
  done(READ_SHORT, 0);
  return 1 + next_random() % (nbytes < 16 ? nbytes - 1 : 15);
}

static int write_fails(int file) {
  if (is_due(WRITE_EINTR) && is_stream(file))
    return done(WRITE_EINTR, EINTR);
  if (is_due(WRITE_EPIPE) && is_connection(file))
    return done(WRITE_EPIPE, EPIPE);
  return is_due(WRITE_ENOSPC) && type_of(file) == S_IFREG && done(WRITE_ENOSPC, ENOSPC);
}

/* What a pipe takes in one piece it never splits. */
static size_t less_to_write(int file, size_t nbytes) {
  if (nbytes < 2 || !is_due(WRITE_SHORT) || !is_stream(file) || (type_of(file) == S_IFIFO && nbytes <= PIPE_BUF))
    return nbytes;
  done(WRITE_SHORT, 0);
  return 1 + next_random() % (nbytes - 1);
}

void *malloc(size_t nbytes) {
  return lacks_memory(MALLOC_ENOMEM, __builtin_return_address(0)) ? NULL : __libc_malloc(nbytes);
}

void *calloc(size_t count, size_t nbytes) {
  return lacks_memory(MALLOC_ENOMEM, __builtin_return_address(0)) ? NULL : __libc_calloc(count, nbytes);
}

void *realloc(void *memory, size_t nbytes) {
  return lacks_memory(MALLOC_ENOMEM, __builtin_return_address(0)) ? NULL : __libc_realloc(memory, nbytes);
}

void *aligned_alloc(size_t alignment, size_t nbytes) {
  return lacks_memory(MALLOC_ENOMEM, __builtin_return_address(0)) ? NULL : __libc_memalign(alignment, nbytes);
}

void *mmap(void *address, size_t nbytes, int protection, int flags, int file, off_t offset) {
  if (lacks_memory(MMAP_ENOMEM, __builtin_return_address(0)))
    return MAP_FAILED;
  return (void *)syscall(SYS_mmap, address, nbytes, protection, flags, file, offset);
}

ssize_t read(int file, void *bytes, size_t nbytes) {
  return read_fails(file) ? -1 : syscall(SYS_read, file, bytes, less_to_read(file, nbytes));
}

ssize_t recv(int file, void *bytes, size_t nbytes, int flags) {
  return read_fails(file) ? -1 : syscall(SYS_recvfrom, file, bytes, less_to_read(file, nbytes), flags, NULL, NULL);
}

ssize_t write(int file, const void *bytes, size_t nbytes) {
  return write_fails(file) ? -1 : syscall(SYS_write, file, bytes, less_to_write(file, nbytes));
}

ssize_t send(int file, const void *bytes, size_t nbytes, int flags) {
  return write_fails(file) ? -1 : syscall(SYS_sendto, file, bytes, less_to_write(file, nbytes), flags, NULL, 0);
}

ssize_t writev(int file, const struct iovec *parts, int count) {
  if (write_fails(file))
    return -1;
  if (count > 1 && is_due(WRITE_SHORT) && is_stream(file)) {
    done(WRITE_SHORT, 0);
    count--;
  }
  return syscall(SYS_writev, file, parts, count);
}

static int accept_fails(void) {
  if (is_due(ACCEPT_EMFILE))
    return done(ACCEPT_EMFILE, EMFILE);
  if (is_due(ACCEPT_EINTR))
    return done(ACCEPT_EINTR, EINTR);
  return is_due(ACCEPT_ECONNABORTED) && done(ACCEPT_ECONNABORTED, ECONNABORTED);
}

int accept(int file, struct sockaddr *address, socklen_t *nbytes) {
  return accept_fails() ? -1 : (int)syscall(SYS_accept, file, address, nbytes);
}

int accept4(int file, struct sockaddr *address, socklen_t *nbytes, int flags) {
  return accept_fails() ? -1 : (int)syscall(SYS_accept4, file, address, nbytes, flags);
}

pid_t fork(void) {
  if (is_due(FORK_EAGAIN) && done(FORK_EAGAIN, EAGAIN))
    return -1;
  pid_t (*real)(void);
  *(void **)&real = dlsym(RTLD_NEXT, "fork");
  return real();
}
