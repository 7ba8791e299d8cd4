#include "isal.h"

#include <dlfcn.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

// ISA-L's `struct isal_zstream` up to its internal state, as every libisal.so.2 has it.
struct stream_head {
  uint8_t *next_in;
  uint32_t avail_in;
  uint32_t total_in;
  uint8_t *next_out;
  uint32_t avail_out;
  uint32_t total_out;
  void *hufftables;
  uint32_t level;
  uint32_t level_buf_size;
  uint8_t *level_buf;
  uint16_t end_of_stream;
  uint16_t flush;
  uint16_t gzip_flag;
  uint16_t hist_bits;
};

enum {
  ZLIB_WRAPPER = 3,  // IGZIP_ZLIB
  LEVEL = 2,
  // ISAL_DEF_LVL2_SMALL: blocks of 16 K symbols, as zlib's, are nearer to what changes within an image than larger
  // ones.
  LEVEL_MEMORY = 135168,
  // The whole structure takes 82,384 bytes in 2.30; the rest is for versions to come.
  STREAM_MEMORY = 256 * 1024,
};

struct filmroom_isal {
  struct stream_head *stream;
  uint8_t *level_memory;
};

static void (*init)(void *);
static int (*deflate)(void *);
static bool is_loaded;
static pthread_once_t once = PTHREAD_ONCE_INIT;

static void load(void) {
  void *library = dlopen("libisal.so.2", RTLD_NOW | RTLD_LOCAL);
  if (!library) return;
  init = (void (*)(void *))dlsym(library, "isal_deflate_init");
  deflate = (int (*)(void *))dlsym(library, "isal_deflate");
  is_loaded = init && deflate;
}

filmroom_isal *filmroom_isal_create(void) {
  pthread_once(&once, load);
  if (!is_loaded) return NULL;
  filmroom_isal *made = calloc(1, sizeof *made);
  if (!made) return NULL;
  made->stream = aligned_alloc(64, STREAM_MEMORY);
  made->level_memory = malloc(LEVEL_MEMORY);
  if (!made->stream || !made->level_memory) {
    filmroom_isal_destroy(made);
    return NULL;
  }
  memset(made->stream, 0, STREAM_MEMORY);
  filmroom_isal_reset(made);
  return made;
}

void filmroom_isal_destroy(filmroom_isal *stream) {
  if (!stream) return;
  free(stream->stream);
  free(stream->level_memory);
  free(stream);
}

void filmroom_isal_reset(filmroom_isal *stream) {
  // ISA-L has a reset of its own, which keeps too much: what comes next is no whole stream.
  init(stream->stream);
  stream->stream->level = LEVEL;
  stream->stream->level_buf = stream->level_memory;
  stream->stream->level_buf_size = LEVEL_MEMORY;
  stream->stream->gzip_flag = ZLIB_WRAPPER;
}

int filmroom_isal_deflate(
    filmroom_isal *made, const uint8_t **in, uint32_t *in_length, uint8_t **out, uint32_t *out_length, bool is_last) {
  struct stream_head *stream = made->stream;
  stream->next_in = (uint8_t *)*in;
  stream->avail_in = *in_length;
  stream->next_out = *out;
  stream->avail_out = *out_length;
  stream->end_of_stream = is_last;
  int status = deflate(stream);
  *in = stream->next_in;
  *in_length = stream->avail_in;
  *out = stream->next_out;
  *out_length = stream->avail_out;
  return status;
}
