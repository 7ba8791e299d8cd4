#ifndef FILMROOM_CLINUX_H
#define FILMROOM_CLINUX_H
#include <spawn.h>
#include <stdbool.h>

/* Extensions of Linux and GNU that Swift's Glibc module leaves out. They are defined apart from this header: what asks for
   them would change the system's types for whoever includes it. */

/* 0, or -1 with errno. */
int filmroom_syncfs(int file);
/* For open: writes go past the page cache. */
int filmroom_direct_flag(void);
/* Lets a file's writes go through the page cache again; false when they did already, or it can't be. */
bool filmroom_stop_direct(int file);
/* A pipe that no child gets unless it is handed on; 0, or -1 with errno. */
int filmroom_pipe(int ends[2]);
/* The last of a child's file actions: it gets standard input, output and error alone. Sockets that libraries open would
   be handed on, and be open for their peers as long as the child has them. 0, or an error number. */
int filmroom_close_rest_in_child(posix_spawn_file_actions_t *actions);
/* The same for the program that this one becomes by exec. 0, or -1 with errno. */
int filmroom_close_rest_on_exec(void);
#endif
