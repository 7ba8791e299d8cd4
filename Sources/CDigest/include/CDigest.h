#ifndef FILMROOM_CDIGEST_H
#define FILMROOM_CDIGEST_H

#include <stddef.h>
#include <stdint.h>

/// How many messages are hashed at once.
#define FILMROOM_MD5_LANES 8

/// Takes `blocks` blocks of 64 bytes of each of eight messages into their MD5 states (RFC 1321). A word of the
/// state lies beside the same word of the other messages: `state[word * 8 + lane]`.
void filmroom_md5_lanes(uint32_t state[32], const uint8_t *const data[8], size_t blocks);

#endif
