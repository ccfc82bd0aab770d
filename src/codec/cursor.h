/*
 * codec/cursor.h - the one way in which a reader moves through bytes.
 *
 * The bytes are owned by someone else and nobody vouches for them. A cursor
 * cannot pass their end; numbers are taken byte by byte, so nothing needs to
 * be aligned.
 */
#ifndef CVYI_CODEC_CURSOR_H
#define CVYI_CODEC_CURSOR_H

#include <stddef.h>
#include <stdint.h>

/* Views into a file are little-endian; the engine reads them as they are. */
_Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__,
               "convey needs a little-endian machine");

typedef struct cvyi_cursor {
    const uint8_t *base;
    size_t size;
    size_t at; /* always <= size */
} cvyi_cursor;

/* Step over n bytes and point at them; NULL if fewer than n are left. */
static inline const uint8_t *cvyi_take(cvyi_cursor *c, uint64_t n)
{
    if (n > c->size - c->at)
        return NULL;
    c->at += (size_t)n;
    return c->base + c->at - n;
}

/* A little-endian number of 1 to 8 bytes. */
static inline uint64_t cvyi_le(const uint8_t *p, int bytes)
{
    uint64_t v = 0;

    while (bytes-- > 0)
        v = v << 8 | p[bytes];
    return v;
}

static inline uint16_t cvyi_le16(const uint8_t *p)
{
    return (uint16_t)cvyi_le(p, 2);
}

static inline uint32_t cvyi_le32(const uint8_t *p)
{
    return (uint32_t)cvyi_le(p, 4);
}

static inline uint64_t cvyi_le64(const uint8_t *p)
{
    return cvyi_le(p, 8);
}

#endif
