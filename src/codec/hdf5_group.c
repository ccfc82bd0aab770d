/*
 * codec/hdf5_group.c - what an object is, and from names to objects.
 *
 * A group is of the old style (hdf5_symbols.c) or of the new (hdf5_links.c).
 * Either way all of it is looked at before a name is believed: no group may
 * have two children of one name.
 */
#include "codec/hdf5_parts.h"
#include "codec/name.h"

#include <stdlib.h>
#include <string.h>

static cvy_status visit_children(const cvyi_h5 *h5, const cvyi_h5_node *group,
                                 cvyi_h5_link_fn *visit, void *context,
                                 cvy_error *err)
{
    return group->linked
               ? cvyi_h5_visit_links(h5, group, visit, context, err)
               : cvyi_h5_visit_symbols(h5, group, visit, context, err);
}

static cvy_status read_symbols(cvyi_h5_node *out, const cvyi_h5 *h5,
                               const cvyi_h5_message *m, cvy_error *err)
{
    if (m->size < 16)
        return cvyi_fail_at(err, CVY_FORMAT, cvyi_h5_offset(h5, m->data),
                            "an HDF5 symbol table message is cut short");
    out->tree = cvyi_le64(m->data);
    out->heap = cvyi_le64(m->data + 8);
    return CVY_OK;
}

/* The messages that say what the object is; there may be only one. */
static cvy_status read_kind(cvyi_h5_node *out, const cvyi_h5 *h5,
                            const cvyi_h5_message *m, cvy_error *err)
{
    if (m->type != CVYI_H5_SYMBOLS && m->type != CVYI_H5_LINK_INFO &&
        m->type != CVYI_H5_LAYOUT)
        return CVY_OK;
    if (out->kind != CVYI_H5_MISSING)
        return cvyi_fail_at(err, CVY_FORMAT, cvyi_h5_offset(h5, m->data),
                            "an HDF5 object that is two things at once");
    out->kind = m->type == CVYI_H5_LAYOUT ? CVYI_H5_DATASET : CVYI_H5_GROUP;
    if (m->type == CVYI_H5_SYMBOLS)
        return read_symbols(out, h5, m, err);
    if (m->type == CVYI_H5_LINK_INFO)
        return cvyi_h5_link_info(out, h5, m, err);
    return CVY_OK;
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
                            "dataset: a committed datatype" CVYI_H5_RESAVE);
    *out = node;
    return CVY_OK;
}

static cvy_status refuse_twice(const char *name, size_t size, cvy_error *err)
{
    char place[CVYI_H5_PLACE_BYTES];

    return cvyi_fail_in(err, CVY_FORMAT, cvyi_h5_place(place, name, size),
                        "two HDF5 objects of one name");
}

typedef struct wanted {
    const char *name;
    size_t size;
    bool found;
    uint64_t header;
} wanted;

static cvy_status compare(void *context, const cvyi_h5_link *link,
                          cvy_error *err)
{
    wanted *const w = context;

    if (link->size != w->size || memcmp(link->name, w->name, w->size) != 0)
        return CVY_OK;
    if (w->found)
        return refuse_twice(w->name, w->size, err);
    w->found = true;
    w->header = link->header;
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

static cvy_status check_name(const cvyi_h5 *h5, const cvyi_h5_link *link,
                             cvy_error *err)
{
    const char *const fault = memchr(link->name, '/', link->size) != NULL
                                  ? "holds a slash"
                                  : cvyi_name_fault(link->name, link->size);

    if (fault != NULL)
        return cvyi_fail_at(err, CVY_FORMAT,
                            cvyi_h5_offset(h5, (const uint8_t *)link->name),
                            "an HDF5 name %s", fault);
    return CVY_OK;
}

/* `left` bounds all names of one group by the size of the file: many links
 * may lead to one long name. */
typedef struct listing {
    const cvyi_h5 *h5;
    cvyi_arena *arena;
    cvyi_h5_child *children;
    int n, capacity, depth;
    size_t left;
} listing;

static cvy_status append(void *context, const cvyi_h5_link *link,
                         cvy_error *err)
{
    listing *const l = context;

    CVYI_TRY(check_name(l->h5, link, err));
    if (link->size > l->left)
        return cvyi_fail(err, CVY_FORMAT,
                         "HDF5 names that add up to more than the file");
    l->left -= link->size;

    cvyi_h5_child *const children = cvyi_arena_grow(
        l->arena, l->children, l->n, &l->capacity, sizeof *children);

    if (children == NULL)
        return cvyi_no_memory(err);
    l->children = children;

    cvyi_h5_child *const child = &children[l->n];

    child->name = cvyi_arena_text(l->arena, link->name, link->size);
    if (child->name == NULL)
        return cvyi_no_memory(err);
    CVYI_TRY(cvyi_located(err,
                          cvyi_h5_node_open(&child->node, l->h5, link->header,
                                            l->depth, err),
                          child->name));
    l->n++;
    return CVY_OK;
}

static int by_name(const void *a, const void *b)
{
    const cvyi_h5_child *const x = a, *const y = b;

    return strcmp(x->name, y->name);
}

cvy_status cvyi_h5_list(const cvyi_h5_child **out, int *n, cvyi_arena *arena,
                        const cvyi_h5 *h5, const cvyi_h5_node *group,
                        cvy_error *err)
{
    const cvyi_h5_node *const node = group != NULL ? group : &h5->root;
    listing l = {
        .h5 = h5, .arena = arena, .depth = node->depth + 1, .left = h5->size
    };

    if (node->kind != CVYI_H5_GROUP)
        return cvyi_fail(err, CVY_FORMAT, "an HDF5 group was expected here");
    CVYI_TRY(visit_children(h5, node, append, &l, err));
    if (l.n > 0)
        qsort(l.children, (size_t)l.n, sizeof *l.children, by_name);
    for (int i = 1; i < l.n; i++)
        if (by_name(&l.children[i - 1], &l.children[i]) == 0)
            return refuse_twice(l.children[i].name, strlen(l.children[i].name),
                                err);
    *out = l.children;
    *n = l.n;
    return CVY_OK;
}
