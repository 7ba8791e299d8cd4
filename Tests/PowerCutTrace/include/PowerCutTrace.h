/* Loaded in front of a program (LD_PRELOAD), it writes down what the program does to the files below
 * FILMROOM_TRACE_ROOT, and what it sends, into FILMROOM_TRACE_FILE. The order is the order in which it happened.
 * While there is a file FILMROOM_FAULT_FILE, every attempt to write there fails with the error number that it holds.
 *
 * A record: kind (1 byte), descriptor (4), offset (8), count (4), then count bytes. All numbers little-endian. */
#ifndef FILMROOM_POWER_CUT_TRACE_H
#define FILMROOM_POWER_CUT_TRACE_H
enum filmroom_trace_kind {
  FILMROOM_TRACE_OPEN = 1,    /* offset: flags; bytes: path */
  FILMROOM_TRACE_CLOSE = 2,
  FILMROOM_TRACE_WRITE = 3,   /* bytes: what was written */
  FILMROOM_TRACE_TRUNCATE = 4, /* offset: size */
  FILMROOM_TRACE_SYNC = 5,
  FILMROOM_TRACE_SYNC_ALL = 6,
  FILMROOM_TRACE_LINK = 7,    /* bytes: path, NUL, new path */
  FILMROOM_TRACE_RENAME = 8,
  FILMROOM_TRACE_UNLINK = 9,
  FILMROOM_TRACE_MAKE_FOLDER = 10,
  FILMROOM_TRACE_SEND = 11    /* bytes: what goes to a socket, before it goes */
};
#endif
