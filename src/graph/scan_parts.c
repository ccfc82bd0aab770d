/* graph/scan_parts.c - blocks, layouts and trees in a graph's text. */
#include "graph/scan.h"

enum { MAX_TREE_DEPTH = 64 };

static cvy_status scan_block(cvyi_feature_block *out, cvyi_scan *scan)
{
    cvyi_feature_block block = { 0 };
    int64_t order[CVYI_MAX_DIMS];
    int n;

    CVYI_TRY(cvyi_scan_ints(block.dims, &block.rank, CVYI_MAX_DIMS, scan));
    CVYI_TRY(cvyi_scan_need(scan, '@'));
    CVYI_TRY(cvyi_scan_ints(order, &n, CVYI_MAX_DIMS, scan));
    if (n != block.rank)
        return cvyi_scan_expected(scan, "as many numbers behind the @");
    for (int i = 0; i < n; i++) {
        if (order[i] < 0 || order[i] >= n)
            return cvyi_scan_expected(scan, "a permutation");
        block.order[i] = (int)order[i];
    }
    *out = block;
    return CVY_OK;
}

cvy_status cvyi_scan_blocks(const cvyi_feature_block **out, int *n,
                            cvyi_scan *scan)
{
    cvyi_feature_block *blocks = NULL;
    int count = 0, room = 0;

    do {
        blocks = cvyi_arena_grow(&scan->graph->arena, blocks, count, &room,
                                 sizeof *blocks);
        if (blocks == NULL)
            return cvyi_no_memory(scan->err);
        CVYI_TRY(scan_block(&blocks[count++], scan));
        while (*scan->at == ' ')
            scan->at++;
    } while (*scan->at == '[');
    *out = blocks;
    *n = count;
    return CVY_OK;
}

/* ---- layouts ---- */

/* A letter that names an atom; its number, or -1. */
static int scan_letter(cvyi_scan *scan)
{
    while (*scan->at == ' ')
        scan->at++;
    if (*scan->at < 'a' || *scan->at >= 'a' + CVY_MAX_RANK)
        return -1;
    return *scan->at++ - 'a';
}

/* The next atom of the source; its size stands there or is the axis's. */
static cvy_status source_atom(cvyi_layout *layout, int64_t axis,
                              cvyi_scan *scan)
{
    if (scan_letter(scan) != layout->n)
        return cvyi_scan_expected(scan, "the letters a, b, c... in order");
    layout->dims[layout->n] = axis;
    if (cvyi_scan_mark(scan, '='))
        CVYI_TRY(cvyi_scan_int64(&layout->dims[layout->n], scan));
    layout->n++;
    return CVY_OK;
}

static cvy_status target_atom(cvyi_layout *layout, int *placed,
                              cvyi_scan *scan)
{
    const int atom = scan_letter(scan);

    if (atom < 0 || atom >= layout->n || *placed == layout->n)
        return cvyi_scan_expected(scan, "a letter of the left side, once");
    layout->perm[(*placed)++] = atom;
    return CVY_OK;
}

/* One axis of either side: 1, a letter, or letters in parentheses. */
static cvy_status scan_axis(cvyi_layout *layout, int *placed, int *group,
                            const int64_t *axis, cvyi_scan *scan)
{
    const bool joined = cvyi_scan_mark(scan, '(');
    int atoms = 0;

    if (!joined && cvyi_scan_mark(scan, '1')) {
        *group = 0;
        return CVY_OK;
    }
    do {
        CVYI_TRY(axis != NULL ? source_atom(layout, *axis, scan)
                              : target_atom(layout, placed, scan));
        atoms++;
    } while (joined && !cvyi_scan_mark(scan, ')'));
    *group = atoms;
    return CVY_OK;
}

cvy_status cvyi_scan_layout(cvyi_layout *out, const cvy_view *stored,
                            cvyi_scan *scan)
{
    cvyi_layout layout = { .source_rank = stored->rank };
    int placed = 0;

    for (int i = 0; i < stored->rank; i++)
        CVYI_TRY(scan_axis(&layout, &placed, &layout.source_group[i],
                           &stored->dims[i], scan));
    CVYI_TRY(cvyi_scan_need(scan, '-'));
    CVYI_TRY(cvyi_scan_need(scan, '>'));
    while (!cvyi_scan_mark(scan, '}')) {
        if (layout.target_rank == CVYI_MAX_DIMS)
            return cvyi_scan_expected(scan, "no more axes");
        CVYI_TRY(scan_axis(&layout, &placed,
                           &layout.target_group[layout.target_rank++], NULL,
                           scan));
    }
    if (placed != layout.n)
        return cvyi_scan_expected(scan, "every letter of the left side");
    *out = layout;
    return CVY_OK;
}

/* ---- trees ---- */

static cvy_status scan_node(cvyi_tree *out, int depth, cvyi_scan *scan);

static cvy_status scan_item(cvyi_tree *item, const char **key, int depth,
                            cvyi_scan *scan)
{
    if (key != NULL) {
        CVYI_TRY(cvyi_scan_text(key, scan));
        CVYI_TRY(cvyi_scan_need(scan, ':'));
    }
    return scan_node(item, depth + 1, scan);
}

static cvy_status scan_items(cvyi_tree *out, bool dict, int depth,
                             cvyi_scan *scan)
{
    cvyi_arena *const arena = &scan->graph->arena;
    const char close = dict ? '}' : ']';
    cvyi_tree *items = NULL;
    const char **keys = NULL;
    int n = 0, room = 0, key_room = 0;

    while (!cvyi_scan_mark(scan, close)) {
        if (n > 0)
            CVYI_TRY(cvyi_scan_need(scan, ','));
        items = cvyi_arena_grow(arena, items, n, &room, sizeof *items);
        keys = cvyi_arena_grow(arena, keys, n, &key_room, sizeof *keys);
        if (items == NULL || keys == NULL)
            return cvyi_no_memory(scan->err);
        CVYI_TRY(scan_item(&items[n], dict ? &keys[n] : NULL, depth, scan));
        n++;
    }
    *out = (cvyi_tree){ .kind = dict ? CVYI_TREE_DICT : CVYI_TREE_LIST,
                        .n = n,
                        .items = items,
                        .keys = dict ? keys : NULL };
    return CVY_OK;
}

static cvy_status scan_node(cvyi_tree *out, int depth, cvyi_scan *scan)
{
    if (depth == MAX_TREE_DEPTH)
        return cvyi_scan_expected(scan, "fewer levels");
    if (cvyi_scan_mark(scan, '['))
        return scan_items(out, false, depth, scan);
    if (cvyi_scan_mark(scan, '{'))
        return scan_items(out, true, depth, scan);
    CVYI_TRY(cvyi_scan_need(scan, '%'));
    *out = (cvyi_tree){ .kind = CVYI_TREE_SINGLE };
    return cvyi_scan_int(&out->result, scan, 0, scan->graph->n_results - 1);
}

cvy_status cvyi_scan_tree(cvyi_tree *out, cvyi_scan *scan)
{
    return scan_node(out, 0, scan);
}
