/* graph/keep.c - making what a graph is given its own. */
#include "graph/keep.h"

#include <string.h>

bool cvyi_keep_text(const char **x, cvyi_arena *arena)
{
    if (*x != NULL)
        *x = cvyi_arena_text(arena, *x, strlen(*x));
    else
        return true;
    return *x != NULL;
}

bool cvyi_keep_array(void *out, const void *in, int count, size_t size,
                     cvyi_arena *arena)
{
    void *const copy =
        count > 0 ? cvyi_arena_alloc(arena, (size_t)count, size) : NULL;

    if (count > 0 && copy == NULL)
        return false;
    if (count > 0)
        memcpy(copy, in, (size_t)count * size);
    memcpy(out, &copy, sizeof copy);
    return true;
}

bool cvyi_keep_blocks(const cvyi_feature_block **x, int n, cvyi_arena *arena)
{
    return cvyi_keep_array(x, *x, n, sizeof **x, arena);
}

static bool keep_keys(const char *const **x, int n, cvyi_arena *arena)
{
    const char **keys;

    if (!cvyi_keep_array(&keys, *x, n, sizeof *keys, arena))
        return false;
    for (int i = 0; i < n; i++)
        if (!cvyi_keep_text(&keys[i], arena))
            return false;
    *x = keys;
    return true;
}

static bool keep_inside(cvyi_value *value, cvyi_arena *arena)
{
    cvyi_value *items;

    if (value->kind == CVYI_TEXT)
        return cvyi_keep_text(&value->text, arena);
    if (value->kind != CVYI_LIST && value->kind != CVYI_DICT)
        return true;
    if (!cvyi_keep_array(&items, value->items, value->n, sizeof *items, arena))
        return false;
    for (int i = 0; i < value->n; i++)
        if (!keep_inside(&items[i], arena))
            return false;
    value->items = items;
    return value->kind == CVYI_LIST ||
           keep_keys(&value->keys, value->n, arena);
}

bool cvyi_keep_value(const cvyi_value **x, cvyi_arena *arena)
{
    cvyi_value *copy;

    if (*x == NULL)
        return true;
    if (!cvyi_keep_array(&copy, *x, 1, sizeof *copy, arena) ||
        !keep_inside(copy, arena))
        return false;
    *x = copy;
    return true;
}

bool cvyi_keep_type(cvyi_type *x, cvyi_sizes *sizes)
{
    for (int i = 0; i < x->rank; i++) {
        x->dims[i] = cvyi_size_import(sizes, x->dims[i]);
        if (x->dims[i] == NULL)
            return false;
    }
    return true;
}

static bool keep_attr(cvyi_attr_value *x, cvyi_attr_kind kind,
                      cvyi_arena *arena, cvyi_sizes *sizes)
{
    if (!cvyi_keep_text(&x->constant, arena))
        return false;
    if (x->n == 0)
        return true;
    if (kind == CVYI_ATTR_WORD)
        return cvyi_keep_text(&x->word, arena);
    if (kind == CVYI_ATTR_FLOATS)
        return cvyi_keep_array(&x->reals, x->reals, x->n, sizeof *x->reals,
                               arena);
    for (int i = 0; kind == CVYI_ATTR_SIZES && i < x->n; i++) {
        x->sizes[i] = cvyi_size_import(sizes, x->sizes[i]);
        if (x->sizes[i] == NULL)
            return false;
    }
    return true;
}

bool cvyi_keep_attrs(cvyi_attrs *x, cvyi_arena *arena, cvyi_sizes *sizes)
{
    const cvyi_attr *const rows = x->op->attrs;

    for (int i = 0; rows != NULL && rows[i].name != NULL; i++)
        if (!keep_attr(&x->at[i], rows[i].kind, arena, sizes))
            return false;
    return true;
}

bool cvyi_keep_param(cvyi_param *x, cvyi_arena *arena)
{
    return cvyi_keep_text(&x->name, arena) &&
           cvyi_keep_text(&x->slot, arena) &&
           cvyi_keep_blocks(&x->blocks, x->n_blocks, arena) &&
           cvyi_keep_value(&x->initialiser, arena) &&
           cvyi_keep_value(&x->regulariser, arena) &&
           cvyi_keep_value(&x->constraint, arena);
}

bool cvyi_keep_module(cvyi_module *x, cvyi_arena *arena)
{
    const char *const *comments = x->comments;

    if (!keep_keys(&comments, x->n_comments, arena))
        return false;
    memcpy(&x->comments, &comments, sizeof comments);
    return keep_keys(&x->input_names, x->n_inputs, arena) &&
           cvyi_keep_text(&x->name, arena) &&
           cvyi_keep_text(&x->class_name, arena) &&
           cvyi_keep_text(&x->role, arena) &&
           cvyi_keep_text(&x->where, arena) &&
           cvyi_keep_text(&x->loop_variable, arena) &&
           cvyi_keep_text(&x->loop_iterable, arena);
}

bool cvyi_keep_tree(cvyi_tree *x, cvyi_arena *arena)
{
    cvyi_tree *items;

    if (x->kind == CVYI_TREE_SINGLE)
        return true;
    if (!cvyi_keep_array(&items, x->items, x->n, sizeof *items, arena))
        return false;
    for (int i = 0; i < x->n; i++)
        if (!cvyi_keep_tree(&items[i], arena))
            return false;
    x->items = items;
    return x->kind == CVYI_TREE_LIST || keep_keys(&x->keys, x->n, arena);
}
