/*
 * codec/hdf5_group.c - groups: from names to objects.
 *
 *   symbol table message   address of a B-tree, address of a local heap
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
#include "codec/name.h"

#include <string.h>

enum {
    HEAP_BYTES = 32,
    TREE_BYTES = 24,
    LEAF_BYTES = 8,
    SYMBOL_BYTES = 40,
    LEVEL_MOST = 32,
    CACHED_SOFT_LINK = 2,
};

typedef struct symbol {
    const char *name; /* in the file, terminated */
    size_t size;
    uint64_t header;
} symbol;

/* Called for each child; sets *done to end the walk. */
typedef cvy_status visit_fn(void *context, bool *done, const symbol *s,
                            cvy_error *err);

typedef struct walk {
    const cvyi_h5 *h5;
    const uint8_t *names;
    size_t n_names;
    size_t budget; /* bytes that further nodes may take */
    visit_fn *visit;
    void *context;
    bool done;
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

static cvy_status read_symbol(symbol *out, const walk *w, const uint8_t *p,
                              cvy_error *err)
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

    const size_t size = (size_t)(end - name);
    const char *const fault = memchr(name, '/', size) != NULL
                                  ? "holds a slash"
                                  : cvyi_name_fault(name, size);

    if (fault != NULL)
        return cvyi_fail_at(err, CVY_FORMAT, at, "an HDF5 name %s", fault);
    *out = (symbol){ name, size, cvyi_le64(p + 8) };
    return CVY_OK;
}

/* A soft link has no header; its target is a path, which is never followed. */
static cvy_status refuse_soft_link(const symbol *s, const uint8_t *p,
                                   const walk *w, cvy_error *err)
{
    if (cvyi_le32(p + 16) != CACHED_SOFT_LINK && s->header != CVYI_H5_NOWHERE)
        return CVY_OK;
    return cvyi_located(err,
                        cvyi_fail_at(err, CVY_UNSUPPORTED,
                                     cvyi_h5_offset(w->h5, p),
                                     "an HDF5 soft link; links are not "
                                     "followed"),
                        s->name);
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
    for (size_t i = 0; i < n && !w->done; i++) {
        const uint8_t *const entry = entries + i * SYMBOL_BYTES;
        symbol s = { 0 };

        CVYI_TRY(read_symbol(&s, w, entry, err));
        CVYI_TRY(refuse_soft_link(&s, entry, w, err));
        CVYI_TRY(w->visit(w->context, &w->done, &s, err));
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
    for (size_t i = 0; i < n && !w->done; i++) {
        const uint64_t child = cvyi_le64(keys + TREE_BYTES + 16 * i + 8);

        if (p[5] == 0)
            CVYI_TRY(visit_leaf(w, child, err));
        else
            CVYI_TRY(visit_tree(w, child, p[5] - 1, err));
    }
    return CVY_OK;
}

static cvy_status visit_children(const cvyi_h5 *h5, const cvyi_h5_node *group,
                                 visit_fn *visit, void *context,
                                 cvy_error *err)
{
    walk w = {
        .h5 = h5, .budget = h5->size, .visit = visit, .context = context
    };

    CVYI_TRY(heap_open(&w, group->heap, err));
    return visit_tree(&w, group->tree, -1, err);
}

static cvy_status read_symbols(cvyi_h5_node *out, const cvyi_h5 *h5,
                               const cvyi_h5_message *m, cvy_error *err)
{
    const int64_t at = cvyi_h5_offset(h5, m->data);

    if (out->kind != CVYI_H5_MISSING)
        return cvyi_fail_at(err, CVY_FORMAT, at,
                            "an HDF5 object that is two things at once");
    if (m->size < 16)
        return cvyi_fail_at(err, CVY_FORMAT, at,
                            "an HDF5 symbol table message is cut short");
    out->kind = CVYI_H5_GROUP;
    out->tree = cvyi_le64(m->data);
    out->heap = cvyi_le64(m->data + 8);
    return CVY_OK;
}

static cvy_status read_kind(cvyi_h5_node *out, const cvyi_h5 *h5,
                            const cvyi_h5_message *m, cvy_error *err)
{
    const int64_t at = cvyi_h5_offset(h5, m->data);

    switch (m->type) {
    case CVYI_H5_SYMBOLS:
        return read_symbols(out, h5, m, err);
    case CVYI_H5_LINK_INFO:
    case CVYI_H5_LINK:
        return cvyi_fail_at(err, CVY_UNSUPPORTED, at,
                            "a new-style HDF5 group (link info), as written "
                            "for external links and for names outside ASCII; "
                            "rename those layers");
    case CVYI_H5_LAYOUT:
        if (out->kind != CVYI_H5_MISSING)
            return cvyi_fail_at(err, CVY_FORMAT, at,
                                "an HDF5 object that is two things at once");
        out->kind = CVYI_H5_DATASET;
        return CVY_OK;
    default:
        return CVY_OK;
    }
}

cvy_status cvyi_h5_node_open(cvyi_h5_node *out, const cvyi_h5 *h5,
                             uint64_t header, int depth, cvy_error *err)
{
    cvyi_h5_node node = { .depth = depth, .header = header };
    cvyi_h5_messages messages;
    cvyi_h5_message m;

    if (depth > CVYI_H5_DEPTH_MOST)
        return cvyi_fail(err, CVY_UNSUPPORTED,
                         "HDF5 groups nested deeper than %d levels",
                         (int)CVYI_H5_DEPTH_MOST);
    CVYI_TRY(cvyi_h5_messages_open(&messages, h5, header, err));
    for (;;) {
        CVYI_TRY(cvyi_h5_message_next(&m, &messages, err));
        if (m.type == CVYI_H5_END)
            break;
        CVYI_TRY(read_kind(&node, h5, &m, err));
    }
    if (node.kind == CVYI_H5_MISSING)
        return cvyi_fail_at(err, CVY_UNSUPPORTED, (int64_t)header,
                            "an HDF5 object that is neither group nor "
                            "dataset (a committed datatype?)");
    *out = node;
    return CVY_OK;
}

typedef struct wanted {
    const char *name;
    size_t size;
    bool found;
    uint64_t header;
} wanted;

static cvy_status compare(void *context, bool *done, const symbol *s,
                          cvy_error *err)
{
    wanted *const w = context;

    (void)err;
    if (s->size == w->size && memcmp(s->name, w->name, s->size) == 0) {
        w->found = *done = true;
        w->header = s->header;
    }
    return CVY_OK;
}

cvy_status cvyi_h5_find(cvyi_h5_node *out, const cvyi_h5 *h5,
                        const cvyi_h5_node *group, const char *path,
                        cvy_error *err)
{
    cvyi_h5_node node = group != NULL ? *group : h5->root;

    for (const char *p = path; *p != '\0';) {
        wanted w = { .name = p, .size = strcspn(p, "/") };

        p += w.size + (p[w.size] == '/');
        if (w.size == 0)
            continue;
        if (node.kind == CVYI_H5_GROUP)
            CVYI_TRY(cvyi_located(
                err, visit_children(h5, &node, compare, &w, err), path));
        if (!w.found) {
            *out = (cvyi_h5_node){ .kind = CVYI_H5_MISSING };
            return CVY_OK;
        }
        CVYI_TRY(cvyi_located(
            err, cvyi_h5_node_open(&node, h5, w.header, node.depth + 1, err),
            path));
    }
    *out = node;
    return CVY_OK;
}

typedef struct listing {
    const cvyi_h5 *h5;
    cvyi_arena *arena;
    cvyi_h5_child *children;
    int n, capacity, depth;
} listing;

static cvy_status append(void *context, bool *done, const symbol *s,
                         cvy_error *err)
{
    listing *const l = context;
    cvyi_h5_child *const children = cvyi_arena_grow(
        l->arena, l->children, l->n, &l->capacity, sizeof *children);

    (void)done;
    if (children == NULL)
        return cvyi_no_memory(err);
    l->children = children;

    cvyi_h5_child *const child = &children[l->n];

    child->name = cvyi_arena_text(l->arena, s->name, s->size);
    if (child->name == NULL)
        return cvyi_no_memory(err);
    CVYI_TRY(cvyi_located(
        err, cvyi_h5_node_open(&child->node, l->h5, s->header, l->depth, err),
        child->name));
    l->n++;
    return CVY_OK;
}

cvy_status cvyi_h5_list(const cvyi_h5_child **out, int *n, cvyi_arena *arena,
                        const cvyi_h5 *h5, const cvyi_h5_node *group,
                        cvy_error *err)
{
    const cvyi_h5_node *const node = group != NULL ? group : &h5->root;
    listing l = { .h5 = h5, .arena = arena, .depth = node->depth + 1 };

    if (node->kind != CVYI_H5_GROUP)
        return cvyi_fail(err, CVY_FORMAT, "an HDF5 group was expected here");
    CVYI_TRY(visit_children(h5, node, append, &l, err));
    *out = l.children;
    *n = l.n;
    return CVY_OK;
}
