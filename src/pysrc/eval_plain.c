/* pysrc/eval_plain.c - plain values as trees of base/value.h. */
#include "pysrc/eval_parts.h"

static bool convert(cvyi_value *out, cvyi_py_eval *eval,
                    const cvyi_py_value *value);

static bool convert_all(const cvyi_value **out, cvyi_py_eval *eval,
                        const cvyi_py_value *items, int n)
{
    cvyi_value *const made =
        cvyi_py_alloc(eval, (size_t)n, sizeof *made, NULL);

    if (made == NULL)
        return false;
    for (int i = 0; i < n; i++)
        if (!convert(&made[i], eval, &items[i]))
            return false;
    *out = made;
    return true;
}

static bool convert_dict(cvyi_value *out, cvyi_py_eval *eval,
                         const cvyi_py_map *map)
{
    const char **const keys =
        cvyi_py_alloc(eval, (size_t)map->n, sizeof *keys, NULL);

    if (keys == NULL)
        return false;
    for (int i = 0; i < map->n; i++) {
        if (map->keys[i].type != CVYI_PY_V_TEXT)
            return false;
        keys[i] = map->keys[i].text;
    }
    out->kind = CVYI_DICT;
    out->n = map->n;
    out->keys = keys;
    return convert_all(&out->items, eval, map->values, map->n);
}

static bool convert_inner(cvyi_value *out, cvyi_py_eval *eval,
                          const cvyi_py_value *value)
{
    switch (value->type) {
    case CVYI_PY_V_NONE:
        out->kind = CVYI_NONE;
        return true;
    case CVYI_PY_V_BOOL:
        out->kind = CVYI_BOOL;
        out->truth = value->truth;
        return true;
    case CVYI_PY_V_INT:
        out->kind = CVYI_INT;
        out->integer = value->integer;
        return true;
    case CVYI_PY_V_FLOAT:
        out->kind = CVYI_FLOAT;
        out->real = value->real;
        return true;
    case CVYI_PY_V_TEXT:
        out->kind = CVYI_TEXT;
        out->text = value->text;
        return true;
    case CVYI_PY_V_TUPLE:
    case CVYI_PY_V_LIST:
        out->kind = CVYI_LIST;
        out->n = value->seq->n;
        return convert_all(&out->items, eval, value->seq->items, out->n);
    case CVYI_PY_V_DICT:
        return convert_dict(out, eval, value->map);
    default:
        return false;
    }
}

/* A list that holds itself ends at the limit of nesting, one that holds
 * another twice, many times over, at the limit of steps. */
static bool convert(cvyi_value *out, cvyi_py_eval *eval,
                    const cvyi_py_value *value)
{
    bool plain;

    if (cvyi_py_enter(eval, NULL) != CVY_OK)
        return false;
    plain = cvyi_py_tick(eval, 1, NULL) == CVY_OK &&
            convert_inner(out, eval, value);
    eval->nesting--;
    return plain;
}

bool cvyi_py_plain(cvyi_value *out, cvyi_py_eval *eval,
                   const cvyi_py_value *value)
{
    cvyi_value made = { 0 };

    if (!convert(&made, eval, value))
        return false;
    *out = made;
    return true;
}
