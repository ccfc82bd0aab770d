/*
 * codec/hdf5_header.c - the messages of an object header.
 *
 *   version 1      0  version 1, -, number of messages (2), links (4),
 *                     size of the first block (4), - (4)
 *                 16  messages: type (2), size (2), flags (1), - (3), data
 *
 *   version 2      0  "OHDR", version 2, flags: bits 0-1 bytes of a size,
 *                     bit 2 messages are numbered, bit 4 phases follow, bit 5
 *                     times follow
 *                  6  times (16), phases (4), size of the first block
 *                     (1, 2, 4 or 8)
 *                 ..  messages: type (1), size (2), flags (1), number (2, if
 *                     so), data; then a checksum (4)
 *
 * A continuation message holds the address and size of a further block of
 * messages; of version 2 that block stands between "OCHK" and a checksum.
 * Checksums are not compared: whatever is read is bounded without them, and
 * the data that weights lie in have none.
 */
#include "codec/hdf5_parts.h"

#include <string.h>

enum {
    HEADER_BYTES = 16,
    HEADER_2_BYTES = 6,
    CHECKSUM_BYTES = 4,
    FLAG_SHARED = 2,
    MESSAGES_MOST = 1024,
};

/* The flags of a header of version 2. */
enum { NUMBERED = 4, PHASES = 16, TIMES = 32, FLAGS_KNOWN = 63 };

/* What a header may hold that this reader does not read: NULL for what can be
 * skipped, else the name under which it is refused. */
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
};

static cvy_status open_1(cvyi_h5_messages *out, const cvyi_h5 *h5,
                         uint64_t header, const uint8_t *p, cvy_error *err)
{
    const int64_t at = (int64_t)header;
    const size_t size = cvyi_le32(p + 8);
    const uint8_t *const data = cvyi_h5_at(h5, header + HEADER_BYTES, size);

    if (p[0] != 1)
        return cvyi_fail_at(err, CVY_FORMAT, at,
                            "expected an HDF5 object header");
    if (data == NULL)
        return cvyi_fail_at(err, CVY_FORMAT, at + 8,
                            "an HDF5 object header runs out of the file");
    *out = (cvyi_h5_messages){ .h5 = h5,
                               .header = header,
                               .block = { data, size, 0 },
                               .head = 8,
                               .left = cvyi_le16(p + 2) };
    if (out->left > MESSAGES_MOST)
        return cvyi_fail_at(err, CVY_UNSUPPORTED, at + 2,
                            "an HDF5 object header of %d messages (at most "
                            "%d are read)",
                            out->left, (int)MESSAGES_MOST);
    return CVY_OK;
}

static cvy_status open_2(cvyi_h5_messages *out, const cvyi_h5 *h5,
                         uint64_t header, const uint8_t *p, cvy_error *err)
{
    const int64_t at = (int64_t)header;
    const int flags = p[5], width = 1 << (flags & 3);
    const uint64_t skip =
        HEADER_2_BYTES + (flags & TIMES ? 16u : 0) + (flags & PHASES ? 4u : 0);

    if (p[4] != 2 || (flags & ~FLAGS_KNOWN) != 0)
        return cvyi_fail_at(err, CVY_UNSUPPORTED, at + 4,
                            "HDF5 object header version %d, flags %d", p[4],
                            flags);

    const uint8_t *const length =
        cvyi_h5_at(h5, header + skip, (unsigned)width);
    const uint64_t size = length != NULL ? cvyi_le(length, width) : 0;
    const uint8_t *const data =
        length != NULL ? cvyi_h5_at(h5, header + skip + (unsigned)width, size)
                       : NULL;

    if (data == NULL)
        return cvyi_fail_at(err, CVY_FORMAT, at,
                            "an HDF5 object header runs out of the file");
    *out = (cvyi_h5_messages){ .h5 = h5,
                               .header = header,
                               .block = { data, (size_t)size, 0 },
                               .version = 2,
                               .head = flags & NUMBERED ? 6 : 4,
                               .left = MESSAGES_MOST };
    return CVY_OK;
}

cvy_status cvyi_h5_messages_open(cvyi_h5_messages *out, const cvyi_h5 *h5,
                                 uint64_t header, cvy_error *err)
{
    const uint8_t *const p = cvyi_h5_at(h5, header, HEADER_BYTES);

    if (p == NULL)
        return cvyi_fail(err, CVY_FORMAT,
                         "an HDF5 object header outside the file");
    return memcmp(p, "OHDR", 4) == 0 ? open_2(out, h5, header, p, err)
                                     : open_1(out, h5, header, p, err);
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
    const uint8_t *block = cvyi_h5_at(walk->h5, cvyi_le64(data), length);
    size_t used = (size_t)length;

    if (block == NULL)
        return cvyi_fail_at(err, CVY_FORMAT, at,
                            "an HDF5 header block outside the file");
    if (walk->version == 2) {
        if (length < 4 + CHECKSUM_BYTES || memcmp(block, "OCHK", 4) != 0)
            return cvyi_fail_at(err, CVY_FORMAT,
                                cvyi_h5_offset(walk->h5, block),
                                "expected an HDF5 header block (OCHK)");
        block += 4;
        used -= 4 + CHECKSUM_BYTES;
    }
    walk->waiting[walk->n_waiting].data = block;
    walk->waiting[walk->n_waiting++].size = used;
    return CVY_OK;
}

/* The last block was read. Version 1 says how many messages there are. */
static cvy_status end(cvyi_h5_message *out, const cvyi_h5_messages *walk,
                      cvy_error *err)
{
    if (walk->version != 2 && walk->left != 0)
        return cvyi_fail_at(err, CVY_FORMAT, (int64_t)walk->header,
                            "an HDF5 object header promises %d more "
                            "messages than it has",
                            walk->left);
    out->type = CVYI_H5_END;
    return CVY_OK;
}

/* The next message of any type. There is an end to their number, so blocks
 * that lead in a circle end. */
static cvy_status step(cvyi_h5_message *out, cvyi_h5_messages *walk,
                       int *flags, cvy_error *err)
{
    const int n_type = walk->version == 2 ? 1 : 2;
    cvyi_cursor *const c = &walk->block;

    while (c->size - c->at < walk->head) {
        if (walk->n_waiting == 0)
            return end(out, walk, err);
        walk->n_waiting--;
        *c = (cvyi_cursor){ walk->waiting[walk->n_waiting].data,
                            walk->waiting[walk->n_waiting].size, 0 };
    }

    const uint8_t *const p = cvyi_take(c, walk->head);
    const int64_t at = cvyi_h5_offset(walk->h5, p);

    if (walk->left-- == 0)
        return cvyi_fail_at(err, CVY_FORMAT, at,
                            "an HDF5 object header has more messages than it "
                            "promises, or than %d",
                            (int)MESSAGES_MOST);
    out->type = (int)cvyi_le(p, n_type);
    out->size = cvyi_le16(p + n_type);
    out->data = cvyi_take(c, out->size);
    *flags = p[n_type + 2];
    if (out->data == NULL)
        return cvyi_fail_at(err, CVY_FORMAT, at + n_type,
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
            return cvyi_fail_at(err, CVY_UNSUPPORTED, at,
                                "HDF5: %s" CVYI_H5_REPACK, others[i].refused);
        *wanted = false;
        return CVY_OK;
    }
    if (m->type > CVYI_H5_ATTRIBUTE_INFO)
        return cvyi_fail_at(err, CVY_UNSUPPORTED, at,
                            "HDF5 header message of type %d", m->type);
    if (flags & FLAG_SHARED)
        return cvyi_fail_at(err, CVY_UNSUPPORTED, at,
                            "HDF5: a committed datatype or other shared "
                            "message" CVYI_H5_RESAVE);
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
