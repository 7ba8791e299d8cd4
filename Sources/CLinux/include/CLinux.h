#ifndef FILMROOM_CLINUX_H
#define FILMROOM_CLINUX_H
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <sys/syscall.h>
#include <unistd.h>

/* GNU extensions that Swift's Glibc module leaves out. Each returns 0, or -1 with errno. */
static inline int filmroom_syncfs(int file) { return (int)syscall(SYS_syncfs, file); }
static inline int filmroom_start_writing(int file, long long offset, long long count) {
  return (int)syscall(SYS_sync_file_range, file, offset, count, 2 /* SYNC_FILE_RANGE_WRITE */);
}
#endif
