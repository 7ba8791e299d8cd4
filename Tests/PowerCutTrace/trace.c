#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include "PowerCutTrace.h"
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

/* What happens to files happens one after the other, so that the record has an order. */
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static int trace = -1;
static const char *root;
static size_t root_length;
/* What each descriptor stands for. */
enum { OTHER = 0, STORED = 1, SOCKET = 2 };
static unsigned char kinds[65536];

/* While this file is there, nothing can be written: the error number that it holds is what each attempt gets. */
static const char *fault_path;

static int fault(void) {
  if (!fault_path) return 0;
  int file = (int)syscall(SYS_openat, AT_FDCWD, fault_path, O_RDONLY | O_CLOEXEC);
  if (file < 0) return 0;
  char digits[16] = {0};
  syscall(SYS_read, file, digits, sizeof digits - 1);
  syscall(SYS_close, file);
  return atoi(digits);
}

__attribute__((constructor)) static void begin(void) {
  const char *path = getenv("FILMROOM_TRACE_FILE");
  root = getenv("FILMROOM_TRACE_ROOT");
  if (!path || !root) return;
  root_length = strlen(root);
  fault_path = getenv("FILMROOM_FAULT_FILE");
  trace = (int)syscall(SYS_openat, AT_FDCWD, path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  unsetenv("LD_PRELOAD");
}

static int is_ours(const char *path) { return trace >= 0 && strncmp(path, root, root_length) == 0; }

static int is_stored(int file) {
  return trace >= 0 && file >= 0 && file < 65536 && kinds[file] == STORED;
}

static void put(const void *bytes, size_t count) {
  const char *next = bytes;
  while (count > 0) {
    ssize_t done = syscall(SYS_write, trace, next, count);
    if (done <= 0) abort();
    next += done;
    count -= (size_t)done;
  }
}

static void note(int kind, int file, int64_t offset, const void *bytes, size_t count) {
  char head[17];
  uint32_t length = (uint32_t)count;
  head[0] = (char)kind;
  memcpy(head + 1, &file, 4);
  memcpy(head + 5, &offset, 8);
  memcpy(head + 13, &length, 4);
  put(head, sizeof head);
  put(bytes, count);
}

static int opened(int folder, const char *path, int flags, int mode) {
  if (!is_ours(path)) {
    int file = (int)syscall(SYS_openat, folder, path, flags, mode);
    if (file >= 0 && file < 65536) kinds[file] = OTHER;
    return file;
  }
  int number = flags & (O_WRONLY | O_RDWR | O_CREAT) ? fault() : 0;
  if (number) {
    errno = number;
    return -1;
  }
  pthread_mutex_lock(&lock);
  int file = (int)syscall(SYS_openat, folder, path, flags, mode);
  if (file >= 0 && file < 65536) {
    kinds[file] = STORED;
    note(FILMROOM_TRACE_OPEN, file, flags, path, strlen(path));
  }
  int error = errno;
  pthread_mutex_unlock(&lock);
  errno = error;
  return file;
}

#define MODE_ARGUMENT                       \
  int mode = 0;                             \
  if (flags & (O_CREAT | __O_TMPFILE)) {    \
    va_list arguments;                      \
    va_start(arguments, flags);             \
    mode = va_arg(arguments, int);          \
    va_end(arguments);                      \
  }

int open(const char *path, int flags, ...) { MODE_ARGUMENT return opened(AT_FDCWD, path, flags, mode); }
int open64(const char *path, int flags, ...) { MODE_ARGUMENT return opened(AT_FDCWD, path, flags, mode); }
int openat(int folder, const char *path, int flags, ...) {
  MODE_ARGUMENT return opened(folder, path, flags, mode);
}
int openat64(int folder, const char *path, int flags, ...) {
  MODE_ARGUMENT return opened(folder, path, flags, mode);
}

int close(int file) {
  if (!is_stored(file)) return (int)syscall(SYS_close, file);
  pthread_mutex_lock(&lock);
  kinds[file] = OTHER;
  note(FILMROOM_TRACE_CLOSE, file, 0, "", 0);
  int result = (int)syscall(SYS_close, file);
  pthread_mutex_unlock(&lock);
  return result;
}

static ssize_t written(int file, const void *bytes, size_t count, off_t offset) {
  int number = fault();
  if (number) {
    errno = number;
    return -1;
  }
  pthread_mutex_lock(&lock);
  ssize_t done = syscall(SYS_pwrite64, file, bytes, count, offset);
  int error = errno;
  if (done > 0) note(FILMROOM_TRACE_WRITE, file, offset, bytes, (size_t)done);
  pthread_mutex_unlock(&lock);
  errno = error;
  return done;
}

ssize_t pwrite(int file, const void *bytes, size_t count, off_t offset) {
  return is_stored(file) ? written(file, bytes, count, offset)
                         : syscall(SYS_pwrite64, file, bytes, count, offset);
}
ssize_t pwrite64(int file, const void *bytes, size_t count, off_t offset) {
  return pwrite(file, bytes, count, offset);
}

/* Part by part: a power cut can come between them. */
ssize_t pwritev(int file, const struct iovec *parts, int count, off_t offset) {
  if (!is_stored(file)) return syscall(SYS_pwritev, file, parts, count, offset, 0);
  ssize_t total = 0;
  for (int i = 0; i < count; i++) {
    ssize_t done = written(file, parts[i].iov_base, parts[i].iov_len, offset + total);
    if (done < 0) return total > 0 ? total : -1;
    total += done;
    if ((size_t)done < parts[i].iov_len) break;
  }
  return total;
}
ssize_t pwritev64(int file, const struct iovec *parts, int count, off_t offset) {
  return pwritev(file, parts, count, offset);
}

/* Whether what goes to a descriptor that is no file of ours goes over the network. */
static int is_socket(int file) {
  if (trace < 0 || file < 0 || file >= 65536 || kinds[file] == STORED) return 0;
  struct stat status;
  return fstat(file, &status) == 0 && S_ISSOCK(status.st_mode);
}

static void sent(int file, const void *bytes, size_t count) {
  pthread_mutex_lock(&lock);
  note(FILMROOM_TRACE_SEND, file, 0, bytes, count);
  pthread_mutex_unlock(&lock);
}

ssize_t write(int file, const void *bytes, size_t count) {
  if (is_stored(file)) {
    off_t offset = lseek(file, 0, SEEK_CUR);
    ssize_t done = written(file, bytes, count, offset);
    if (done > 0) lseek(file, offset + done, SEEK_SET);
    return done;
  }
  if (is_socket(file)) sent(file, bytes, count);
  return syscall(SYS_write, file, bytes, count);
}

ssize_t writev(int file, const struct iovec *parts, int count) {
  if (is_socket(file))
    for (int i = 0; i < count; i++) sent(file, parts[i].iov_base, parts[i].iov_len);
  return syscall(SYS_writev, file, parts, count);
}

ssize_t sendmsg(int file, const struct msghdr *message, int flags) {
  if (is_socket(file))
    for (size_t i = 0; i < message->msg_iovlen; i++)
      sent(file, message->msg_iov[i].iov_base, message->msg_iov[i].iov_len);
  return syscall(SYS_sendmsg, file, message, flags);
}

/* Does something to a file or path and notes it when it worked. */
#define NOTED(condition, call, kind, file, offset, bytes, count) \
  if (!(condition)) return (int)(call);                          \
  int number = fault();                                          \
  if (number) {                                                  \
    errno = number;                                              \
    return -1;                                                   \
  }                                                              \
  pthread_mutex_lock(&lock);                                     \
  int result = (int)(call);                                      \
  int error = errno;                                             \
  if (result == 0) note(kind, file, offset, bytes, count);       \
  pthread_mutex_unlock(&lock);                                   \
  errno = error;                                                 \
  return result;

int ftruncate(int file, off_t size) {
  NOTED(is_stored(file), syscall(SYS_ftruncate, file, size), FILMROOM_TRACE_TRUNCATE, file, size, "", 0)
}
int ftruncate64(int file, off_t size) { return ftruncate(file, size); }

int fsync(int file) {
  NOTED(is_stored(file), syscall(SYS_fsync, file), FILMROOM_TRACE_SYNC, file, 0, "", 0)
}
int fdatasync(int file) {
  NOTED(is_stored(file), syscall(SYS_fdatasync, file), FILMROOM_TRACE_SYNC, file, 0, "", 0)
}
int syncfs(int file) {
  NOTED(is_stored(file), syscall(SYS_syncfs, file), FILMROOM_TRACE_SYNC_ALL, file, 0, "", 0)
}

/* Both paths of a call, in one piece of memory. */
static size_t join(char *pair, const char *from, const char *to) {
  size_t first = strlen(from) + 1, second = strlen(to);
  if (first + second > 8192) abort();
  memcpy(pair, from, first);
  memcpy(pair + first, to, second);
  return first + second;
}

int link(const char *from, const char *to) {
  char pair[8192];
  size_t count = join(pair, from, to);
  NOTED(is_ours(to), syscall(SYS_linkat, AT_FDCWD, from, AT_FDCWD, to, 0), FILMROOM_TRACE_LINK, 0, 0, pair, count)
}
int rename(const char *from, const char *to) {
  char pair[8192];
  size_t count = join(pair, from, to);
  NOTED(is_ours(to), syscall(SYS_renameat2, AT_FDCWD, from, AT_FDCWD, to, 0), FILMROOM_TRACE_RENAME, 0, 0, pair,
        count)
}
int unlink(const char *path) {
  NOTED(is_ours(path), syscall(SYS_unlinkat, AT_FDCWD, path, 0), FILMROOM_TRACE_UNLINK, 0, 0, path, strlen(path))
}
int mkdir(const char *path, mode_t mode) {
  NOTED(is_ours(path), syscall(SYS_mkdirat, AT_FDCWD, path, mode), FILMROOM_TRACE_MAKE_FOLDER, 0, 0, path,
        strlen(path))
}
