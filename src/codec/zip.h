/*
 * codec/zip.h - members of a zip archive, addressed by exact name.
 *
 * The archive's bytes are owned by the caller and must outlive everything
 * that was read from them. A stored member is a view of those bytes, without
 * a copy; it may begin at any address.
 */
#ifndef CVYI_CODEC_ZIP_H
#define CVYI_CODEC_ZIP_H

#include "base/memory.h"

typedef struct cvyi_zip_entry {
    const char *name;    /* UTF-8, relative, without "..", found only once */
    size_t begin, end;   /* local header to end of data, in the file */
    size_t data;         /* offset of the data */
    size_t packed, size; /* bytes in the file, and unpacked */
    uint32_t crc;
    bool deflated;
} cvyi_zip_entry;

typedef struct cvyi_zip {
    const uint8_t *bytes;
    size_t size;
    int n;
    const cvyi_zip_entry *entries;        /* as the directory lists them */
    const cvyi_zip_entry *const *by_name; /* sorted */
    /* PyTorch can be told to write no CRCs; its fields are 0 then. Set this
     * after opening to let a CRC of 0 pass; it is false after cvyi_zip_open. */
    bool crc_optional;
} cvyi_zip;

/* Read and check the directory and every local header. */
cvy_status cvyi_zip_open(cvyi_zip *out, cvyi_arena *arena, const void *bytes,
                         size_t size, cvy_error *err);

/* The member of that name, or NULL. */
const cvyi_zip_entry *cvyi_zip_find(const cvyi_zip *zip, const char *name);

/* A member's contents: a view of the archive if stored, inflated into the
 * arena if not. The CRC is verified in both cases, so the first call for a
 * stored member reads all of it (about 0.1 s for 100 MB). */
cvy_status cvyi_zip_bytes(const void **out, size_t *n, const cvyi_zip *zip,
                          const cvyi_zip_entry *entry, cvyi_arena *arena,
                          cvy_error *err);

#endif
