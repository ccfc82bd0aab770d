/*
 * codec/hdf5.c - the superblock and the messages of an object header.
 *
 *   superblock     0  89 'H' 'D' 'F' 0d 0a 1a 0a
 *   (version 0)    8  versions: superblock 0, free space 0, root group 0, -,
 *                     shared header messages 0, bytes of an offset 8, bytes
 *                     of a length 8, -
 *                 16  K of leaf and inner nodes (2 bytes each), flags (4)
 *                 24  base address 0, free space, end of file, driver (8 each)
 *                 56  root group: name offset, header address (8 each), ...
 *
 *   object header  0  version 1, -, number of messages (2), links (4),
 *   (version 1)       size of the first block (4), - (4)
 *                 16  messages: type (2), size (2), flags (1), - (3), data;
 *                     a continuation message holds the address and size of
 *                     a further block of messages
 */
#include "codec/hdf5_parts.h"

#include <string.h>

#define REPACK "; load and save it once with Keras or h5py"

enum { SUPERBLOCK_BYTES = 96, HEADER_BYTES = 16, FLAG_SHARED = 2 };

static const uint8_t signature[8] = { 0x89, 'H',  'D',  'F',
                                      0x0d, 0x0a, 0x1a, 0x0a };

/* What a version-1 header may hold that this reader does not read: NULL for
 * what can be skipped, else the name under which it is refused. */
static const struct {
    int type;
    const char *refused;
} others[] = {
    { 0x0, NULL },  /* unused room */
    { 0x4, NULL },  /* fill value, old form */
    { 0x5, NULL },  /* fill value */
    { 0x9, NULL },  /* test message of the reference library */
    { 0xa, NULL },  /* sizes of a group; its links decide */
    { 0xd, NULL },  /* comment */
    { 0xe, NULL },  /* time, old form */
    { 0x12, NULL }, /* time */
    { 0x16, NULL }, /* number of links */
    { 0xf, "a table of shared messages" },
    { 0x13, "B-tree sizes in a header" },
    { 0x14, "driver information" },
    { 0x15, "attributes stored in a fractal heap (attribute info)" },
};

static cvy_status refuse_version(cvy_error *err, int version)
{
    return cvyi_fail_at(err, CVY_UNSUPPORTED, 8,
                        "HDF5 superblock version %d (only 0 is read)" REPACK,
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

cvy_status cvyi_h5_open(cvyi_h5 *out, const void *bytes, size_t size,
                        cvy_error *err)
{
    cvyi_cursor c = { bytes, size, 0 };
    const uint8_t *const start = cvyi_take(&c, 9);

    if (start == NULL || memcmp(start, signature, sizeof signature) != 0)
        return cvyi_fail_at(err, CVY_FORMAT, 0, "not an HDF5 file");
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

cvy_status cvyi_h5_messages_open(cvyi_h5_messages *out, const cvyi_h5 *h5,
                                 uint64_t header, cvy_error *err)
{
    const uint8_t *const p = cvyi_h5_at(h5, header, HEADER_BYTES);

    if (p == NULL)
        return cvyi_fail(err, CVY_FORMAT,
                         "an HDF5 object header outside the file");

    const int64_t at = (int64_t)header;

    if (memcmp(p, "OHDR", 4) == 0)
        return cvyi_fail_at(err, CVY_UNSUPPORTED, at,
                            "HDF5 object header version 2" REPACK);
    if (p[0] != 1)
        return cvyi_fail_at(err, CVY_FORMAT, at,
                            "expected an HDF5 object header");

    const size_t size = cvyi_le32(p + 8);
    const uint8_t *const data = cvyi_h5_at(h5, header + HEADER_BYTES, size);

    if (data == NULL)
        return cvyi_fail_at(err, CVY_FORMAT, at + 8,
                            "an HDF5 object header runs out of the file");
    *out = (cvyi_h5_messages){ .h5 = h5,
                               .header = header,
                               .block = { data, size, 0 },
                               .left = cvyi_le16(p + 2) };
    return CVY_OK;
}

static cvy_status add_block(cvyi_h5_messages *walk, const uint8_t *data,
                            size_t size, cvy_error *err)
{
    const int64_t at = cvyi_h5_offset(walk->h5, data);

    if (size < 16)
        return cvyi_fail_at(err, CVY_FORMAT, at,
                            "an HDF5 continuation is cut short");
    if (walk->n_waiting == CVYI_H5_BLOCKS_MOST)
        return cvyi_fail_at(err, CVY_UNSUPPORTED, at,
                            "more than %d HDF5 header blocks at once",
                            (int)CVYI_H5_BLOCKS_MOST);

    const uint64_t length = cvyi_le64(data + 8);
    const uint8_t *const block = cvyi_h5_at(walk->h5, cvyi_le64(data), length);

    if (block == NULL)
        return cvyi_fail_at(err, CVY_FORMAT, at,
                            "an HDF5 header block outside the file");
    walk->waiting[walk->n_waiting].data = block;
    walk->waiting[walk->n_waiting++].size = (size_t)length;
    return CVY_OK;
}

/* The next message of any type. Every one counts against the number that the
 * header promises, so blocks that lead in a circle end. */
static cvy_status step(cvyi_h5_message *out, cvyi_h5_messages *walk,
                       int *flags, cvy_error *err)
{
    cvyi_cursor *const c = &walk->block;

    while (c->size - c->at < 8) {
        if (walk->n_waiting == 0) {
            if (walk->left != 0)
                return cvyi_fail_at(err, CVY_FORMAT, (int64_t)walk->header,
                                    "an HDF5 object header promises %d more "
                                    "messages than it has",
                                    walk->left);
            out->type = CVYI_H5_END;
            return CVY_OK;
        }
        walk->n_waiting--;
        *c = (cvyi_cursor){ walk->waiting[walk->n_waiting].data,
                            walk->waiting[walk->n_waiting].size, 0 };
    }

    const uint8_t *const p = cvyi_take(c, 8);
    const int64_t at = cvyi_h5_offset(walk->h5, p);

    if (walk->left-- == 0)
        return cvyi_fail_at(err, CVY_FORMAT, at,
                            "an HDF5 object header has more messages than it "
                            "promises");
    out->type = cvyi_le16(p);
    out->size = cvyi_le16(p + 2);
    out->data = cvyi_take(c, out->size);
    *flags = p[4];
    if (out->data == NULL)
        return cvyi_fail_at(err, CVY_FORMAT, at + 2,
                            "an HDF5 header message runs out of its block");
    return CVY_OK;
}

/* true: the caller is to see it. */
static cvy_status judge(bool *wanted, const cvyi_h5_message *m,
                        const cvyi_h5_messages *walk, int flags,
                        cvy_error *err)
{
    const int64_t at = cvyi_h5_offset(walk->h5, m->data);

    for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
        if (others[i].type != m->type)
            continue;
        if (others[i].refused != NULL)
            return cvyi_fail_at(err, CVY_UNSUPPORTED, at, "HDF5: %s" REPACK,
                                others[i].refused);
        *wanted = false;
        return CVY_OK;
    }
    if (m->type > CVYI_H5_SYMBOLS)
        return cvyi_fail_at(err, CVY_UNSUPPORTED, at,
                            "HDF5 header message of type %d", m->type);
    if (flags & FLAG_SHARED)
        return cvyi_fail_at(err, CVY_UNSUPPORTED, at,
                            "HDF5: a committed datatype or other shared "
                            "message" REPACK);
    *wanted = true;
    return CVY_OK;
}

cvy_status cvyi_h5_message_next(cvyi_h5_message *out, cvyi_h5_messages *walk,
                                cvy_error *err)
{
    cvyi_h5_message m = { 0 };
    bool wanted = false;

    while (!wanted) {
        int flags = 0;

        CVYI_TRY(step(&m, walk, &flags, err));
        if (m.type == CVYI_H5_END)
            break;
        if (m.type == CVYI_H5_CONTINUED)
            CVYI_TRY(add_block(walk, m.data, m.size, err));
        else
            CVYI_TRY(judge(&wanted, &m, walk, flags, err));
    }
    *out = m;
    return CVY_OK;
}
