/*
 * read/keras_tree.c - structures of inputs and outputs.
 *
 * Around tensors stand lists and dicts as the user had them. Where Keras
 * counts, it takes the items of a dict sorted by key; a model's own order here
 * is the one of its config.
 */
#include "read/keras.h"

#include <stdlib.h>
#include <string.h>

enum { DEPTH_MOST = 32 };

/* ---- from JSON ---- */

static cvy_status plant(cvyi_tree *out, const cvyi_keras_planting *how,
                        const cvyi_value *value, int depth, cvy_error *err);

static cvy_status plant_items(cvyi_tree *out, const cvyi_keras_planting *how,
                              const cvyi_value *value, int depth,
                              cvy_error *err)
{
    const size_t n = (size_t)value->n;
    const bool dict = value->kind == CVYI_DICT;
    cvyi_tree *const items = cvyi_arena_alloc(how->arena, n, sizeof *items);

    if (items == NULL)
        return cvyi_no_memory(err);
    for (int i = 0; i < value->n; i++)
        CVYI_TRY(plant(&items[i], how, &value->items[i], depth + 1, err));
    *out = (cvyi_tree){ .kind = dict ? CVYI_TREE_DICT : CVYI_TREE_LIST,
                        .n = value->n,
                        .items = items,
                        .keys = dict ? value->keys : NULL };
    return CVY_OK;
}

static cvy_status plant(cvyi_tree *out, const cvyi_keras_planting *how,
                        const cvyi_value *value, int depth, cvy_error *err)
{
    cvyi_tree leaf = { .kind = CVYI_TREE_SINGLE };

    if (how->is_leaf(value)) {
        CVYI_TRY(how->leaf(&leaf.result, how->self, value, err));
        *out = leaf;
        return CVY_OK;
    }
    if (depth == DEPTH_MOST)
        return cvyi_fail_in(err, CVY_UNSUPPORTED, how->where,
                            "more than %d levels", DEPTH_MOST);
    if ((value->kind != CVYI_LIST && value->kind != CVYI_DICT) ||
        value->n == 0)
        return cvyi_fail_in(err, CVY_FORMAT, how->where,
                            "expected %s, or a list or a dict of such",
                            how->expected);
    return plant_items(out, how, value, depth, err);
}

cvy_status cvyi_keras_plant(cvyi_tree *out, const cvyi_keras_planting *how,
                            const cvyi_value *value, cvy_error *err)
{
    return plant(out, how, value, 0, err);
}

/* ---- Keras' own order ---- */

typedef struct branch {
    const char *key;
    const cvyi_tree *tree;
} branch;

static int by_key(const void *a, const void *b)
{
    return strcmp(((const branch *)a)->key, ((const branch *)b)->key);
}

/* The items of a dict, sorted; NULL when memory is refused. */
static branch *sorted_items(cvyi_arena *arena, const cvyi_tree *dict)
{
    branch *const rows =
        cvyi_arena_alloc(arena, (size_t)dict->n, sizeof *rows);

    if (rows == NULL)
        return NULL;
    for (int i = 0; i < dict->n; i++)
        rows[i] = (branch){ dict->keys[i], &dict->items[i] };
    qsort(rows, (size_t)dict->n, sizeof *rows, by_key);
    return rows;
}

static cvy_status flatten(int *out, int *n, cvyi_arena *arena,
                          const cvyi_tree *tree, cvy_error *err)
{
    const branch *rows = NULL;

    if (tree->kind == CVYI_TREE_SINGLE) {
        out[(*n)++] = tree->result;
        return CVY_OK;
    }
    if (tree->kind == CVYI_TREE_DICT) {
        rows = sorted_items(arena, tree);
        if (rows == NULL)
            return cvyi_no_memory(err);
    }
    for (int i = 0; i < tree->n; i++)
        CVYI_TRY(flatten(out, n, arena,
                         rows != NULL ? rows[i].tree : &tree->items[i], err));
    return CVY_OK;
}

cvy_status cvyi_keras_sorted(const int **out, cvyi_arena *arena,
                             const cvyi_tree *tree, cvy_error *err)
{
    const size_t leaves = (size_t)cvyi_tree_leaves(tree, NULL, 0);
    int *const sorted = cvyi_arena_alloc(arena, leaves, sizeof *sorted);
    int n = 0;

    if (sorted == NULL)
        return cvyi_no_memory(err);
    CVYI_TRY(flatten(sorted, &n, arena, tree, err));
    *out = sorted;
    return CVY_OK;
}

/* ---- what is handed to a model, and its inputs ---- */

/* A dict for a model whose inputs are none: Keras goes by their names. */
static cvy_status match_names(int *chosen, bool *fits, cvyi_keras *k,
                              const cvyi_keras_model *model,
                              const cvyi_tree *handed, cvy_error *err)
{
    const branch *const rows = sorted_items(k->arena, handed);

    if (rows == NULL)
        return cvyi_no_memory(err);
    *fits = model->input_tree.kind == CVYI_TREE_SINGLE ||
            model->input_tree.n == model->n_in;
    for (int i = 0; *fits && i < model->n_in; i++) {
        const branch key = { model->layers[model->ins[i]].name, NULL };
        const branch *const row =
            bsearch(&key, rows, (size_t)handed->n, sizeof *rows, by_key);

        *fits = row != NULL && row->tree->kind == CVYI_TREE_SINGLE;
        if (*fits)
            chosen[i] = row->tree->result;
    }
    return CVY_OK;
}

/* Keras takes the leaves one after another, but not of dicts with other keys,
 * nor a list for a dict that is not sorted. */
static cvy_status same_keys(bool *out, cvyi_keras *k, const cvyi_tree *own,
                            const cvyi_tree *handed, cvy_error *err)
{
    *out = true;
    if (own->kind != CVYI_TREE_DICT)
        return CVY_OK;

    const bool dict = handed->kind == CVYI_TREE_DICT;
    const branch *const a = sorted_items(k->arena, own);
    const branch *const b = dict ? sorted_items(k->arena, handed) : NULL;

    if (a == NULL || (dict && b == NULL))
        return cvyi_no_memory(err);
    *out = !dict || own->n == handed->n;
    for (int i = 0; *out && i < own->n; i++)
        *out = strcmp(a[i].key, dict ? b[i].key : own->keys[i]) == 0;
    return CVY_OK;
}

static cvy_status match_order(int *chosen, bool *fits, cvyi_keras *k,
                              const cvyi_keras_model *model,
                              const cvyi_tree *handed, cvy_error *err)
{
    const int *own, *given;

    *fits = cvyi_tree_leaves(handed, NULL, 0) == model->n_in;
    if (*fits)
        CVYI_TRY(same_keys(fits, k, &model->input_tree, handed, err));
    if (!*fits)
        return CVY_OK;
    CVYI_TRY(cvyi_keras_sorted(&own, k->arena, &model->input_tree, err));
    CVYI_TRY(cvyi_keras_sorted(&given, k->arena, handed, err));
    for (int i = 0; i < model->n_in; i++)
        chosen[own[i]] = given[i];
    return CVY_OK;
}

cvy_status cvyi_keras_match(const int **out, cvyi_keras *k,
                            const cvyi_keras_model *model,
                            const cvyi_tree *handed, cvy_error *err)
{
    const bool names = handed->kind == CVYI_TREE_DICT &&
                       model->input_tree.kind != CVYI_TREE_DICT;
    int *const chosen =
        cvyi_arena_alloc(k->arena, (size_t)model->n_in, sizeof *chosen);
    bool fits;

    if (chosen == NULL)
        return cvyi_no_memory(err);
    CVYI_TRY((names ? match_names : match_order)(chosen, &fits, k, model,
                                                 handed, err));
    *out = fits ? chosen : NULL;
    return CVY_OK;
}

/* ---- to the graph ---- */

cvy_status cvyi_keras_transplant(cvyi_tree *out, cvyi_arena *arena,
                                 const cvyi_tree *tree,
                                 const cvyi_keras_value *results,
                                 cvy_error *err)
{
    const size_t n = (size_t)tree->n;
    cvyi_tree copy = *tree;

    if (tree->kind == CVYI_TREE_SINGLE) {
        copy.result = results[tree->result].result;
        *out = copy;
        return CVY_OK;
    }

    cvyi_tree *const items = cvyi_arena_alloc(arena, n, sizeof *items);
    const char **const keys = cvyi_arena_alloc(arena, n, sizeof *keys);

    if (items == NULL || keys == NULL)
        return cvyi_no_memory(err);
    for (int i = 0; i < tree->n; i++) {
        CVYI_TRY(cvyi_keras_transplant(&items[i], arena, &tree->items[i],
                                       results, err));
        if (tree->kind != CVYI_TREE_DICT)
            continue;
        keys[i] = cvyi_arena_text(arena, tree->keys[i], strlen(tree->keys[i]));
        if (keys[i] == NULL)
            return cvyi_no_memory(err);
    }
    copy.items = items;
    copy.keys = tree->kind == CVYI_TREE_DICT ? keys : NULL;
    *out = copy;
    return CVY_OK;
}
