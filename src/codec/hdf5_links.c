/*
 * codec/hdf5_links.c - groups of the new style: link messages.
 *
 *   link info      0  version 0, flags: bit 0 a number follows, bit 1 another
 *                     tree follows
 *                  2  largest number (8, if so), fractal heap, B-tree of
 *                     names (8 each), B-tree of numbers (8, if so)
 *   link           0  version 1, flags: bits 0-1 bytes of the name's length,
 *                     bits 2-4 number, type and character set follow
 *                  2  type (1): 0 hard, 1 soft, 64 external; number (8);
 *                     character set (1): each if so
 *                 ..  length of the name (1, 2, 4 or 8), name, object header
 *                     (8)
 *
 * The library turns a group to this style when a name is outside ASCII. Few
 * links stand in the group's own header; nine or more lie in the heap.
 */
#include "codec/hdf5_parts.h"
#include "codec/name.h"

#include <string.h>

/* The flags of a link and of link info. */
enum { LINK_NUMBER = 4, LINK_TYPE = 8, LINK_SET = 16, LINK_KNOWN = 31 };
enum { INFO_NUMBER = 1, INFO_TREE = 2, INFO_KNOWN = 3 };

enum { HARD = 0, SOFT = 1, EXTERNAL = 64 };

const char *cvyi_h5_place(char out[CVYI_H5_PLACE_BYTES], const char *name,
                          size_t size)
{
    size_t n = cvyi_name_fault(name, size) == NULL ? size : 0;

    if (n > CVYI_H5_PLACE_BYTES - 1) {
        n = CVYI_H5_PLACE_BYTES - 1;
        while (n > 0 && ((uint8_t)name[n] & 0xc0) == 0x80)
            n--; /* not within a character */
    }
    memcpy(out, name, n);
    out[n] = '\0';
    return out;
}

cvy_status cvyi_h5_link_info(cvyi_h5_node *out, const cvyi_h5 *h5,
                             const cvyi_h5_message *m, cvy_error *err)
{
    const int64_t at = cvyi_h5_offset(h5, m->data);
    cvyi_cursor c = { m->data, m->size, 0 };
    const uint8_t *const p = cvyi_take(&c, 2);

    if (p == NULL || p[0] != 0 || (p[1] & ~INFO_KNOWN) != 0)
        return cvyi_fail_at(err, CVY_FORMAT, at,
                            "an HDF5 link info message of unknown form");

    const bool numbered = cvyi_take(&c, p[1] & INFO_NUMBER ? 8 : 0) != NULL;
    const uint8_t *const places = numbered ? cvyi_take(&c, 16) : NULL;

    if (places == NULL)
        return cvyi_fail_at(err, CVY_FORMAT, at,
                            "an HDF5 link info message is cut short");
    out->linked = true;
    out->heap = cvyi_le64(places);
    out->tree = cvyi_le64(places + 8);
    return CVY_OK;
}

static cvy_status refuse_link(int type, int64_t at, cvy_error *err)
{
    if (type == SOFT)
        return cvyi_fail_at(err, CVY_UNSUPPORTED, at, CVYI_H5_SOFT_LINK);
    if (type == EXTERNAL)
        return cvyi_fail_at(
            err, CVY_UNSUPPORTED, at,
            "an HDF5 external link is not followed" CVYI_H5_COPY);
    return cvyi_fail_at(err, CVY_UNSUPPORTED, at,
                        "an HDF5 link of type %d is not followed", type);
}

/* What follows version and flags, up to the name. */
static cvy_status read_name(cvyi_h5_link *out, int *type, cvyi_cursor *c,
                            int flags, int64_t at, cvy_error *err)
{
    const int width = 1 << (flags & 3);
    const uint8_t *const kind = cvyi_take(c, flags & LINK_TYPE ? 1 : 0);
    const size_t skip =
        (flags & LINK_NUMBER ? 8u : 0) + (flags & LINK_SET ? 1u : 0);
    const uint8_t *const length =
        cvyi_take(c, skip) != NULL ? cvyi_take(c, (unsigned)width) : NULL;
    const uint64_t n = length != NULL ? cvyi_le(length, width) : 0;
    const uint8_t *const name = length != NULL ? cvyi_take(c, n) : NULL;

    if (kind == NULL || name == NULL)
        return cvyi_fail_at(err, CVY_FORMAT, at, "an HDF5 link is cut short");
    *type = flags & LINK_TYPE ? *kind : HARD;
    out->name = (const char *)name;
    out->size = (size_t)n;
    return CVY_OK;
}

static cvy_status read_link(cvyi_h5_link *out, const cvyi_h5 *h5,
                            const uint8_t *data, size_t size, cvy_error *err)
{
    const int64_t at = cvyi_h5_offset(h5, data);
    cvyi_cursor c = { data, size, 0 };
    const uint8_t *const p = cvyi_take(&c, 2);
    char place[CVYI_H5_PLACE_BYTES];
    cvyi_h5_link link = { 0 };
    int type = HARD;

    if (p == NULL || p[0] != 1 || (p[1] & ~LINK_KNOWN) != 0)
        return cvyi_fail_at(err, CVY_FORMAT, at,
                            "an HDF5 link of unknown form");
    CVYI_TRY(read_name(&link, &type, &c, p[1], at, err));
    if (type != HARD)
        return cvyi_located(err, refuse_link(type, at, err),
                            cvyi_h5_place(place, link.name, link.size));

    const uint8_t *const header = cvyi_take(&c, 8);

    if (header == NULL)
        return cvyi_fail_at(err, CVY_FORMAT, at, "an HDF5 link is cut short");
    link.header = cvyi_le64(header);
    *out = link;
    return CVY_OK;
}

/* What links are handed to. */
typedef struct walk {
    const cvyi_h5 *h5;
    cvyi_h5_link_fn *visit;
    void *context;
} walk;

static cvy_status visit_link(void *context, const uint8_t *data, size_t size,
                             cvy_error *err)
{
    const walk *const w = context;
    cvyi_h5_link link = { 0 };

    CVYI_TRY(read_link(&link, w->h5, data, size, err));
    return w->visit(w->context, &link, err);
}

cvy_status cvyi_h5_visit_links(const cvyi_h5 *h5, const cvyi_h5_node *group,
                               cvyi_h5_link_fn *visit, void *context,
                               cvy_error *err)
{
    walk w = { h5, visit, context };
    cvyi_h5_messages messages;
    cvyi_h5_message m;

    if (group->heap != CVYI_H5_NOWHERE)
        return cvyi_h5_visit_objects(h5, group->heap, group->tree, visit_link,
                                     &w, err);
    CVYI_TRY(cvyi_h5_messages_open(&messages, h5, group->header, err));
    for (;;) {
        CVYI_TRY(cvyi_h5_message_next(&m, &messages, err));
        if (m.type == CVYI_H5_END)
            return CVY_OK;
        if (m.type == CVYI_H5_LINK)
            CVYI_TRY(visit_link(&w, m.data, m.size, err));
    }
}
