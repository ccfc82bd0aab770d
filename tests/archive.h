/*
 * tests/archive.h - a .keras archive of two stored members with good CRCs.
 */
#ifndef CVYT_ARCHIVE_H
#define CVYT_ARCHIVE_H

#include "base/text.h"

#include <string.h>
#include <zlib.h>

static inline void archive_number(cvyi_text *out, uint32_t value, int bytes)
{
    for (int i = 0; i < bytes; i++) {
        const char byte = (char)(value >> 8 * i & 0xff);

        cvyi_text_add(out, &byte, 1);
    }
}

/* The fields that a local header and the directory have in common. */
static inline void archive_member(cvyi_text *out, const char *name,
                                  const uint8_t *bytes, size_t size)
{
    archive_number(out, 20, 2); /* version, flags, method, time, date */
    archive_number(out, 0, 4);
    archive_number(out, 0, 2);
    archive_number(out, 33, 2);
    archive_number(out, (uint32_t)crc32(0, bytes, (uInt)size), 4);
    archive_number(out, (uint32_t)size, 4);
    archive_number(out, (uint32_t)size, 4);
    archive_number(out, (uint32_t)strlen(name), 2);
    archive_number(out, 0, 2);
}

/* config.json and model.weights.h5. */
static inline void archive_put(cvyi_text *out, const uint8_t *const bytes[2],
                               const size_t sizes[2])
{
    static const char *const names[] = { "config.json", "model.weights.h5" };
    size_t at[3];

    for (int i = 0; i < 2; i++) {
        at[i] = out->size;
        archive_number(out, 0x04034b50, 4);
        archive_member(out, names[i], bytes[i], sizes[i]);
        cvyi_text_put(out, names[i]);
        cvyi_text_add(out, (const char *)bytes[i], sizes[i]);
    }
    at[2] = out->size;
    for (int i = 0; i < 2; i++) {
        archive_number(out, 0x02014b50, 4);
        archive_number(out, 20, 2);
        archive_member(out, names[i], bytes[i], sizes[i]);
        archive_number(out, 0, 4); /* comment, disk, attributes */
        archive_number(out, 0, 2);
        archive_number(out, 0, 4);
        archive_number(out, (uint32_t)at[i], 4);
        cvyi_text_put(out, names[i]);
    }
    archive_number(out, 0x06054b50, 4);
    archive_number(out, 0, 4);
    archive_number(out, 2, 2);
    archive_number(out, 2, 2);
    archive_number(out, (uint32_t)(out->size - at[2]) - 12, 4);
    archive_number(out, (uint32_t)at[2], 4);
    archive_number(out, 0, 2);
}

#endif
