#ifndef FILMROOM_CLINUX_H
#define FILMROOM_CLINUX_H
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <fcntl.h>
#include <spawn.h>
#include <stdbool.h>
#include <unistd.h>

/* GNU extensions that Swift's Glibc module leaves out. */

/* 0, or -1 with errno. */
int syncfs(int file);
static inline int filmroom_syncfs(int file) { return syncfs(file); }
/* For open: writes go past the page cache. */
static inline int filmroom_direct_flag(void) { return O_DIRECT; }
/* Lets a file's writes go through the page cache again; false when they did already, or it can't be. */
static inline bool filmroom_stop_direct(int file) {
  int flags = fcntl(file, F_GETFL);
  return flags >= 0 && (flags & O_DIRECT) && fcntl(file, F_SETFL, flags & ~O_DIRECT) == 0;
}
/* A pipe that no child gets unless it is handed on; 0, or -1 with errno. */
static inline int filmroom_pipe(int ends[2]) { return pipe2(ends, O_CLOEXEC); }
/* The last of a child's file actions: it gets standard input, output and error alone. Sockets that libraries open would
   be handed on, and be open for their peers as long as the child has them. 0, or an error number. */
int filmroom_close_rest_in_child(posix_spawn_file_actions_t *actions);
/* The same for the program that this one becomes by exec. 0, or -1 with errno. */
int filmroom_close_rest_on_exec(void);
#endif
