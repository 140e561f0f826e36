/*
 * The C library's snprintf is made of what also writes to files, and would have the module import these. Nothing calls
 * them: the core does no I/O. The linker puts __wrap_ before the names wherever they are used (--wrap in
 * scripts/build-wasm.js), since some versions of the C library define them, too.
 */
#include <wasi/api.h>

// NOLINTBEGIN(bugprone-reserved-identifier): names that the linker makes
__wasi_errno_t __wrap___wasi_fd_close(__wasi_fd_t fd) {
  (void)fd;
  return __WASI_ERRNO_NOTSUP;
}

__wasi_errno_t __wrap___wasi_fd_seek(__wasi_fd_t fd, __wasi_filedelta_t offset, __wasi_whence_t whence,
                                     __wasi_filesize_t *position) {
  (void)fd;
  (void)offset;
  (void)whence;
  (void)position;
  return __WASI_ERRNO_NOTSUP;
}

__wasi_errno_t __wrap___wasi_fd_write(__wasi_fd_t fd, const __wasi_ciovec_t *pieces, size_t piece_count,
                                      __wasi_size_t *nbytes) {
  (void)fd;
  (void)pieces;
  (void)piece_count;
  (void)nbytes;
  return __WASI_ERRNO_NOTSUP;
}
// NOLINTEND(bugprone-reserved-identifier)
