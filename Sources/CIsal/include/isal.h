#ifndef FILMROOM_CISAL_H
#define FILMROOM_CISAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/// Writes zlib streams with ISA-L (libisal.so.2), which is loaded at run time: a machine without it has zlib.
typedef struct filmroom_isal filmroom_isal;

/// A stream at its start; NULL where the library is not installed or does not do what it should.
filmroom_isal *filmroom_isal_create(void);

void filmroom_isal_destroy(filmroom_isal *stream);

/// Begins anew.
void filmroom_isal_reset(filmroom_isal *stream);

/// Takes from `*in` and writes to `*out`, and moves both on. Everything has been written, when `is_last` also the end,
/// once a call leaves room in `*out`. 0, or ISA-L's error.
int filmroom_isal_deflate(
    filmroom_isal *stream, const uint8_t **in, uint32_t *in_length, uint8_t **out, uint32_t *out_length, bool is_last);

#endif
