/* pysrc/eval_map.c - dicts and sets: keys, in order of insertion. */
#include "pysrc/eval_parts.h"

#include <limits.h>

cvy_status cvyi_py_hashable(cvyi_py_eval *eval, const cvyi_py_value *key,
                            cvy_error *err)
{
    switch (key->type) {
    case CVYI_PY_V_OPAQUE:
        return cvyi_py_refuse_opaque(eval, key, err);
    case CVYI_PY_V_LIST:
    case CVYI_PY_V_DICT:
    case CVYI_PY_V_SET:
    case CVYI_PY_V_SLICE:
        return cvyi_py_throw(eval, err, "TypeError", "unhashable type: '%s'",
                             cvyi_py_type_name(key));
    case CVYI_PY_V_TUPLE:
        CVYI_TRY(cvyi_py_enter(eval, err));
        for (int i = 0; i < key->seq->n; i++) {
            cvy_status status = cvyi_py_tick(eval, 1, err);

            if (status == CVY_OK)
                status = cvyi_py_hashable(eval, &key->seq->items[i], err);
            if (status != CVY_OK) {
                eval->nesting--;
                return status;
            }
        }
        eval->nesting--;
        return CVY_OK;
    case CVYI_PY_V_INSTANCE:
        if (cvyi_py_class_find(key->instance->class_, -1, "__eq__") != NULL ||
            cvyi_py_class_find(key->instance->class_, -1, "__hash__") != NULL)
            return cvyi_py_refuse(
                eval, err, "%s has its own __eq__ or __hash__ and is a key",
                cvyi_py_describe(eval, key));
        return CVY_OK;
    case CVYI_PY_V_FLOAT:
        if (key->real != key->real)
            return cvyi_py_refuse(eval, err, "nan is used as a key");
        return CVY_OK;
    default:
        return CVY_OK;
    }
}

/* Keys of the host are the same if they are the same thing. */
static cvy_status same_key(bool *out, cvyi_py_eval *eval,
                           const cvyi_py_value *a, const cvyi_py_value *b,
                           cvy_error *err)
{
    if (a->type == CVYI_PY_V_TEXT && b->type == CVYI_PY_V_TEXT) {
        *out = strcmp(a->text, b->text) == 0;
        return CVY_OK;
    }
    if (a->type == CVYI_PY_V_HOST || b->type == CVYI_PY_V_HOST) {
        *out = cvyi_py_identical(a, b);
        return CVY_OK;
    }
    return cvyi_py_same(out, eval, a, b, err);
}

cvy_status cvyi_py_find(int *at, cvyi_py_eval *eval,
                        const cvyi_py_value *items, int n,
                        const cvyi_py_value *key, cvy_error *err)
{
    CVYI_TRY(cvyi_py_hashable(eval, key, err));
    CVYI_TRY(cvyi_py_tick(eval, n / 16, err));
    for (int i = 0; i < n; i++) {
        bool same;

        CVYI_TRY(same_key(&same, eval, &items[i], key, err));
        if (same) {
            *at = i;
            return CVY_OK;
        }
    }
    *at = -1;
    return CVY_OK;
}

cvy_status cvyi_py_set_add(cvyi_py_eval *eval, cvyi_py_seq *set,
                           const cvyi_py_value *value, cvy_error *err)
{
    int at;

    CVYI_TRY(cvyi_py_find(&at, eval, set->items, set->n, value, err));
    return at >= 0 ? CVY_OK : cvyi_py_seq_add(eval, set, value, err);
}

static cvy_status grow(cvyi_py_eval *eval, cvyi_py_map *map, cvy_error *err)
{
    const int wanted = map->capacity < 4 ? 4 : map->capacity * 2;
    const size_t n = (size_t)map->n;
    cvyi_py_value *keys, *values;

    if (map->capacity > INT_MAX / 4)
        return cvyi_py_refuse(eval, err, "a dict grows too long");
    CVYI_PY_NEW(keys, eval, wanted, err);
    CVYI_PY_NEW(values, eval, wanted, err);
    if (n > 0) {
        memcpy(keys, map->keys, n * sizeof *keys);
        memcpy(values, map->values, n * sizeof *values);
    }
    map->keys = keys;
    map->values = values;
    map->capacity = wanted;
    return CVY_OK;
}

cvy_status cvyi_py_dict_set(cvyi_py_eval *eval, cvyi_py_value *dict,
                            const cvyi_py_value *key,
                            const cvyi_py_value *value, cvy_error *err)
{
    const cvyi_py_value k = *key, v = *value; /* may be in the map */
    cvyi_py_map *const map = dict->map;
    int at;

    CVYI_TRY(cvyi_py_find(&at, eval, map->keys, map->n, &k, err));
    if (map->of != NULL && k.type == CVYI_PY_V_TEXT)
        CVYI_TRY(cvyi_py_names_set(eval, &map->of->names, k.text, &v, err));
    if (at >= 0) {
        map->values[at] = v;
        return CVY_OK;
    }
    if (map->n == map->capacity)
        CVYI_TRY(grow(eval, map, err));
    map->keys[map->n] = k;
    map->values[map->n++] = v;
    return CVY_OK;
}

void cvyi_py_map_drop(cvyi_py_map *map, int at)
{
    const size_t after = (size_t)(--map->n - at);

    if (map->of != NULL && map->keys[at].type == CVYI_PY_V_TEXT)
        cvyi_py_names_drop(&map->of->names, map->keys[at].text);
    memmove(map->keys + at, map->keys + at + 1, after * sizeof *map->keys);
    memmove(map->values + at, map->values + at + 1,
            after * sizeof *map->values);
}

void cvyi_py_seq_drop(cvyi_py_seq *seq, int at)
{
    const size_t after = (size_t)(--seq->n - at);

    memmove(seq->items + at, seq->items + at + 1, after * sizeof *seq->items);
}
