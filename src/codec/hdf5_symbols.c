/*
 * codec/hdf5_symbols.c - groups of the old style: a tree of symbol nodes.
 *
 *   local heap    "HEAP", version 0, - (3), data size (8), free (8),
 *                 address of the data (8): terminated names
 *   B-tree node   "TREE", type 0, level (1), entries (2), siblings (16),
 *                 then key, child, key, child, ..., key (8 bytes each)
 *   symbol node   "SNOD", version 1, - (1), entries (2), then 40 bytes each:
 *                 name's offset in the heap (8), object header (8), cache
 *                 type (4), - (4), scratch (16)
 *
 * The level falls by one from a tree node to its child, so a path through the
 * tree ends. Nodes of an honest file do not overlap, so all nodes of one tree
 * together are no larger than the file: that bounds trees whose nodes point
 * to the same children again and again. Nothing relies on names being sorted.
 */
#include "codec/hdf5_parts.h"

#include <string.h>

enum {
    HEAP_BYTES = 32,
    TREE_BYTES = 24,
    LEAF_BYTES = 8,
    SYMBOL_BYTES = 40,
    LEVEL_MOST = 32,
    CACHED_SOFT_LINK = 2,
};

typedef struct walk {
    const cvyi_h5 *h5;
    const uint8_t *names;
    size_t n_names;
    size_t budget; /* bytes that further nodes may take */
    cvyi_h5_link_fn *visit;
    void *context;
} walk;

static cvy_status heap_open(walk *w, uint64_t address, cvy_error *err)
{
    const uint8_t *const p = cvyi_h5_at(w->h5, address, HEAP_BYTES);

    if (p == NULL || memcmp(p, "HEAP", 4) != 0 || p[4] != 0)
        return cvyi_fail(err, CVY_FORMAT,
                         "an HDF5 group's heap of names is damaged");

    const uint64_t size = cvyi_le64(p + 8);

    w->names = cvyi_h5_at(w->h5, cvyi_le64(p + 24), size);
    if (w->names == NULL)
        return cvyi_fail_at(err, CVY_FORMAT, cvyi_h5_offset(w->h5, p) + 8,
                            "an HDF5 heap of names outside the file");
    w->n_names = (size_t)size;
    return CVY_OK;
}

static cvy_status read_symbol(cvyi_h5_link *out, const walk *w,
                              const uint8_t *p, cvy_error *err)
{
    const int64_t at = cvyi_h5_offset(w->h5, p);
    const uint64_t offset = cvyi_le64(p);

    if (offset >= w->n_names)
        return cvyi_fail_at(err, CVY_FORMAT, at,
                            "an HDF5 name outside its heap");

    const char *const name = (const char *)w->names + offset;
    const char *const end = memchr(name, '\0', w->n_names - (size_t)offset);

    if (end == NULL)
        return cvyi_fail_at(err, CVY_FORMAT, at, "an HDF5 name never ends");

    *out = (cvyi_h5_link){ name, (size_t)(end - name), cvyi_le64(p + 8) };
    return CVY_OK;
}

/* A soft link has no header; its target is a path, which is never followed. */
static cvy_status refuse_soft_link(const cvyi_h5_link *s, const uint8_t *p,
                                   const walk *w, cvy_error *err)
{
    char place[CVYI_H5_PLACE_BYTES];

    if (cvyi_le32(p + 16) != CACHED_SOFT_LINK && s->header != CVYI_H5_NOWHERE)
        return CVY_OK;
    return cvyi_located(err,
                        cvyi_fail_at(err, CVY_UNSUPPORTED,
                                     cvyi_h5_offset(w->h5, p),
                                     CVYI_H5_SOFT_LINK),
                        cvyi_h5_place(place, s->name, s->size));
}

static cvy_status take_budget(walk *w, size_t bytes, int64_t at,
                              cvy_error *err)
{
    if (bytes > w->budget)
        return cvyi_fail_at(err, CVY_FORMAT, at,
                            "an HDF5 tree uses the same nodes again");
    w->budget -= bytes;
    return CVY_OK;
}

static cvy_status visit_leaf(walk *w, uint64_t address, cvy_error *err)
{
    const uint8_t *const p = cvyi_h5_at(w->h5, address, LEAF_BYTES);

    if (p == NULL || memcmp(p, "SNOD", 4) != 0 || p[4] != 1)
        return cvyi_fail(err, CVY_FORMAT,
                         "expected an HDF5 symbol node (SNOD)");

    const size_t n = cvyi_le16(p + 6);
    const uint8_t *const entries =
        cvyi_h5_at(w->h5, address + LEAF_BYTES, n * SYMBOL_BYTES);

    if (entries == NULL)
        return cvyi_fail_at(err, CVY_FORMAT, (int64_t)address + 6,
                            "an HDF5 symbol node runs out of the file");
    CVYI_TRY(
        take_budget(w, LEAF_BYTES + n * SYMBOL_BYTES, (int64_t)address, err));
    for (size_t i = 0; i < n; i++) {
        const uint8_t *const entry = entries + i * SYMBOL_BYTES;
        cvyi_h5_link s = { 0 };

        CVYI_TRY(read_symbol(&s, w, entry, err));
        CVYI_TRY(refuse_soft_link(&s, entry, w, err));
        CVYI_TRY(w->visit(w->context, &s, err));
    }
    return CVY_OK;
}

/* `level` is what the parent leads one to expect, or -1 at the root. */
static cvy_status visit_tree(walk *w, uint64_t address, int level,
                             cvy_error *err)
{
    const uint8_t *const p = cvyi_h5_at(w->h5, address, TREE_BYTES);

    if (p == NULL || memcmp(p, "TREE", 4) != 0 || p[4] != 0)
        return cvyi_fail(err, CVY_FORMAT,
                         "expected a B-tree node of an HDF5 group (TREE)");
    if ((level >= 0 && p[5] != level) || p[5] > LEVEL_MOST)
        return cvyi_fail_at(err, CVY_FORMAT, (int64_t)address + 5,
                            "an HDF5 B-tree node of the wrong level");

    const size_t n = cvyi_le16(p + 6);
    const size_t bytes = TREE_BYTES + 16 * n + 8;
    const uint8_t *const keys = cvyi_h5_at(w->h5, address, bytes);

    if (keys == NULL)
        return cvyi_fail_at(err, CVY_FORMAT, (int64_t)address + 6,
                            "an HDF5 B-tree node runs out of the file");
    CVYI_TRY(take_budget(w, bytes, (int64_t)address, err));
    for (size_t i = 0; i < n; i++) {
        const uint64_t child = cvyi_le64(keys + TREE_BYTES + 16 * i + 8);

        if (p[5] == 0)
            CVYI_TRY(visit_leaf(w, child, err));
        else
            CVYI_TRY(visit_tree(w, child, p[5] - 1, err));
    }
    return CVY_OK;
}

cvy_status cvyi_h5_visit_symbols(const cvyi_h5 *h5, const cvyi_h5_node *group,
                                 cvyi_h5_link_fn *visit, void *context,
                                 cvy_error *err)
{
    walk w = {
        .h5 = h5, .budget = h5->size, .visit = visit, .context = context
    };

    CVYI_TRY(heap_open(&w, group->heap, err));
    return visit_tree(&w, group->tree, -1, err);
}
