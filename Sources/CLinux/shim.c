#define _GNU_SOURCE
#include "CLinux.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>

int filmroom_syncfs(int file) { return syncfs(file); }

int filmroom_direct_flag(void) { return O_DIRECT; }

bool filmroom_stop_direct(int file) {
  int flags = fcntl(file, F_GETFL);
  return flags >= 0 && (flags & O_DIRECT) && fcntl(file, F_SETFL, flags & ~O_DIRECT) == 0;
}

int filmroom_pipe(int ends[2]) { return pipe2(ends, O_CLOEXEC); }

static const int first_file = STDERR_FILENO + 1;

#ifdef __GLIBC__
int filmroom_close_rest_in_child(posix_spawn_file_actions_t *actions) {
  return posix_spawn_file_actions_addclosefrom_np(actions, first_file);
}
#else
int filmroom_close_rest_in_child(posix_spawn_file_actions_t *actions) {
  DIR *files = opendir("/proc/self/fd");
  if (files == NULL) return 0;
  int result = 0;
  struct dirent *entry;
  while (result == 0 && (entry = readdir(files)) != NULL) {
    int file = atoi(entry->d_name);
    if (file >= first_file && file != dirfd(files)) result = posix_spawn_file_actions_addclose(actions, file);
  }
  closedir(files);
  return result;
}
#endif

int filmroom_close_rest_on_exec(void) {
  const unsigned on_exec = 4; /* CLOSE_RANGE_CLOEXEC */
  return (int)syscall(SYS_close_range, first_file, ~0U, on_exec);
}
