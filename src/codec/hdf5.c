/*
 * codec/hdf5.c - the superblock.
 *
 *   superblock     0  89 'H' 'D' 'F' 0d 0a 1a 0a
 *   (version 0)    8  versions: superblock 0, free space 0, root group 0, -,
 *                     shared header messages 0, bytes of an offset 8, bytes
 *                     of a length 8, -
 *                 16  K of leaf and inner nodes (2 bytes each), flags (4)
 *                 24  base address 0, free space, end of file, driver (8 each)
 *                 56  root group: name offset, header address (8 each), ...
 */
#include "codec/hdf5_parts.h"

#include <string.h>

enum { SUPERBLOCK_BYTES = 96 };

static const uint8_t signature[8] = { 0x89, 'H',  'D',  'F',
                                      0x0d, 0x0a, 0x1a, 0x0a };

static cvy_status refuse_version(cvy_error *err, int version)
{
    return cvyi_fail_at(
        err, CVY_UNSUPPORTED, 8,
        "HDF5 superblock version %d (only 0 is read)" CVYI_H5_REPACK
        ", or load and save it with Keras",
        version);
}

static cvy_status check_superblock(const uint8_t *p, size_t size,
                                   cvy_error *err)
{
    if (p[9] != 0 || p[10] != 0 || p[12] != 0)
        return cvyi_fail_at(err, CVY_FORMAT, 9,
                            "unknown versions in the HDF5 superblock");
    if (p[13] != 8 || p[14] != 8)
        return cvyi_fail_at(err, CVY_UNSUPPORTED, 13,
                            "HDF5 addresses of %d and lengths of %d bytes "
                            "(only 8 are read)",
                            p[13], p[14]);
    if (cvyi_le64(p + 24) != 0)
        return cvyi_fail_at(err, CVY_UNSUPPORTED, 24,
                            "an HDF5 base address other than 0");
    if (cvyi_le64(p + 48) != CVYI_H5_NOWHERE)
        return cvyi_fail_at(err, CVY_UNSUPPORTED, 48,
                            "an HDF5 file driver (several files in one)");
    if (cvyi_le64(p + 40) > size || cvyi_le64(p + 40) < SUPERBLOCK_BYTES)
        return cvyi_fail_at(err, CVY_FORMAT, 40,
                            "the HDF5 file should end at byte %llu and has "
                            "%zu: it is cut short",
                            (unsigned long long)cvyi_le64(p + 40), size);
    return CVY_OK;
}

/* A file may begin with bytes of somebody else: 512, or a power of two times
 * that. Every address in it is then counted from behind them. */
static cvy_status refuse_start(const uint8_t *bytes, size_t size,
                               cvy_error *err)
{
    for (size_t at = 512; at < size && at < (size_t)1 << 40; at *= 2)
        if (size - at >= sizeof signature &&
            memcmp(bytes + at, signature, sizeof signature) == 0)
            return cvyi_fail_at(err, CVY_UNSUPPORTED, (int64_t)at,
                                "an HDF5 file behind a user block of %zu "
                                "bytes" CVYI_H5_RESAVE,
                                at);
    return cvyi_fail_at(err, CVY_FORMAT, 0, "not an HDF5 file");
}

cvy_status cvyi_h5_open(cvyi_h5 *out, const void *bytes, size_t size,
                        cvy_error *err)
{
    cvyi_cursor c = { bytes, size, 0 };
    const uint8_t *const start = cvyi_take(&c, 9);

    if (start == NULL || memcmp(start, signature, sizeof signature) != 0)
        return refuse_start(bytes, size, err);
    if (start[8] != 0)
        return refuse_version(err, start[8]);
    if (cvyi_take(&c, SUPERBLOCK_BYTES - 9) == NULL)
        return cvyi_fail_at(err, CVY_FORMAT, 0,
                            "the HDF5 superblock is cut short");
    CVYI_TRY(check_superblock(start, size, err));

    cvyi_h5 h5 = { .bytes = bytes, .size = (size_t)cvyi_le64(start + 40) };

    CVYI_TRY(cvyi_h5_node_open(&h5.root, &h5, cvyi_le64(start + 64), 0, err));
    if (h5.root.kind != CVYI_H5_GROUP)
        return cvyi_fail_at(err, CVY_FORMAT, 64, "the HDF5 root is no group");
    *out = h5;
    return CVY_OK;
}
