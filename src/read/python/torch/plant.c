/* read/python/torch/plant.c - what a network returns, as leaves. */
#include "read/python/torch/script.h"

#include <string.h>

static cvy_status plant(cvyi_tree *out, cvyi_py_eval *eval,
                        const cvyi_py_value *value, int depth, cvy_error *err);

static cvy_status plant_many(cvyi_tree *out, cvyi_py_eval *eval, int n,
                             const cvyi_py_value *keys,
                             const cvyi_py_value *values, int depth,
                             cvy_error *err)
{
    cvyi_arena *const arena = &cvyi_torch_of(eval)->graph->arena;
    cvyi_tree *const items =
        cvyi_arena_alloc(arena, (size_t)n + 1, sizeof *items);
    const char **const names =
        cvyi_arena_alloc(arena, (size_t)n + 1, sizeof *names);

    if (items == NULL || names == NULL)
        return cvyi_no_memory(err);
    for (int i = 0; i < n; i++) {
        CVYI_TRY(plant(&items[i], eval, &values[i], depth + 1, err));
        if (keys == NULL)
            continue;
        if (keys[i].type != CVYI_PY_V_TEXT)
            return cvyi_fail(err, CVY_UNSUPPORTED,
                             "the model returns a dict with a key that is no "
                             "text");
        names[i] = cvyi_arena_text(arena, keys[i].text, strlen(keys[i].text));
        if (names[i] == NULL)
            return cvyi_no_memory(err);
    }
    *out = (cvyi_tree){ .kind = keys != NULL ? CVYI_TREE_DICT : CVYI_TREE_LIST,
                        .n = n,
                        .items = items,
                        .keys = keys != NULL ? names : NULL };
    return CVY_OK;
}

static cvy_status plant(cvyi_tree *out, cvyi_py_eval *eval,
                        const cvyi_py_value *value, int depth, cvy_error *err)
{
    enum { DEEPEST = 32 };
    const int result = cvyi_torch_result(value);

    if (result >= 0) {
        *out = (cvyi_tree){ .kind = CVYI_TREE_SINGLE, .result = result };
        return cvyi_torch_current(eval, result, err);
    }
    if (cvyi_py_opaque(value) != NULL)
        return cvyi_py_refuse_opaque(eval, value, err);
    if (depth < DEEPEST && value->type == CVYI_PY_V_DICT)
        return plant_many(out, eval, value->map->n, value->map->keys,
                          value->map->values, depth, err);
    if (depth < DEEPEST &&
        (value->type == CVYI_PY_V_LIST || value->type == CVYI_PY_V_TUPLE))
        return plant_many(out, eval, value->seq->n, NULL, value->seq->items,
                          depth, err);
    return cvyi_fail(err, CVY_UNSUPPORTED, "the model returns %s",
                     cvyi_py_describe(eval, value));
}

cvy_status cvyi_torch_plant(cvyi_tree *out, cvyi_py_eval *eval,
                            const cvyi_py_value *value, cvy_error *err)
{
    return plant(out, eval, value, 0, err);
}
