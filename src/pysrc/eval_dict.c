/* pysrc/eval_dict.c - methods of dicts. */
#include "pysrc/eval_builtins.h"

cvy_status cvyi_py_d_clear(cvyi_py_value *out, cvyi_py_eval *eval,
                           const cvyi_py_given *given, cvy_error *err)
{
    (void)eval;
    (void)err;
    while (given->self->map->n > 0)
        cvyi_py_map_drop(given->self->map, given->self->map->n - 1);
    *out = cvyi_py_none();
    return CVY_OK;
}

static cvy_status put_all(cvyi_py_eval *eval, cvyi_py_value *dict,
                          const cvyi_py_map *map, cvy_error *err)
{
    for (int i = 0, n = map->n; i < n && i < map->n; i++)
        CVYI_TRY(
            cvyi_py_dict_set(eval, dict, &map->keys[i], &map->values[i], err));
    return CVY_OK;
}

cvy_status cvyi_py_d_copy(cvyi_py_value *out, cvyi_py_eval *eval,
                          const cvyi_py_given *given, cvy_error *err)
{
    cvyi_py_value made;

    CVYI_TRY(cvyi_py_make_dict(&made, eval, err));
    CVYI_TRY(put_all(eval, &made, given->self->map, err));
    *out = made;
    return CVY_OK;
}

static cvy_status place(int *at, cvyi_py_eval *eval,
                        const cvyi_py_given *given, cvy_error *err)
{
    const cvyi_py_map *const map = given->self->map;

    return cvyi_py_find(at, eval, map->keys, map->n, given->at[0], err);
}

cvy_status cvyi_py_d_get(cvyi_py_value *out, cvyi_py_eval *eval,
                         const cvyi_py_given *given, cvy_error *err)
{
    int at;

    CVYI_TRY(place(&at, eval, given, err));
    *out = at >= 0                ? given->self->map->values[at]
           : given->at[1] != NULL ? *given->at[1]
                                  : cvyi_py_none();
    return CVY_OK;
}

cvy_status cvyi_py_d_has_key(cvyi_py_value *out, cvyi_py_eval *eval,
                             const cvyi_py_given *given, cvy_error *err)
{
    int at;

    CVYI_TRY(place(&at, eval, given, err));
    *out = cvyi_py_bool(at >= 0);
    return CVY_OK;
}

cvy_status cvyi_py_d_setdefault(cvyi_py_value *out, cvyi_py_eval *eval,
                                const cvyi_py_given *given, cvy_error *err)
{
    cvyi_py_value dict = *given->self;
    int at;

    CVYI_TRY(cvyi_py_d_get(out, eval, given, err));
    CVYI_TRY(place(&at, eval, given, err));
    return at >= 0 ? CVY_OK
                   : cvyi_py_dict_set(eval, &dict, given->at[0], out, err);
}

cvy_status cvyi_py_d_pop(cvyi_py_value *out, cvyi_py_eval *eval,
                         const cvyi_py_given *given, cvy_error *err)
{
    int at;

    CVYI_TRY(place(&at, eval, given, err));
    if (at < 0 && given->at[1] == NULL)
        return cvyi_py_get_item(out, eval, given->self, given->at[0], err);
    if (at < 0) {
        *out = *given->at[1];
        return CVY_OK;
    }
    *out = given->self->map->values[at];
    cvyi_py_map_drop(given->self->map, at);
    return CVY_OK;
}

cvy_status cvyi_py_d_popitem(cvyi_py_value *out, cvyi_py_eval *eval,
                             const cvyi_py_given *given, cvy_error *err)
{
    cvyi_py_map *const map = given->self->map;

    if (map->n == 0)
        return cvyi_py_throw(eval, err, "KeyError", "the dict is empty");

    const cvyi_py_value pair[] = { map->keys[map->n - 1],
                                   map->values[map->n - 1] };

    CVYI_TRY(cvyi_py_make_seq(out, eval, CVYI_PY_V_TUPLE, pair, 2, err));
    cvyi_py_map_drop(map, map->n - 1);
    return CVY_OK;
}

/* ---- update ---- */

static cvy_status put_pairs(cvyi_py_eval *eval, cvyi_py_value *dict,
                            const cvyi_py_value *pairs, cvy_error *err)
{
    cvyi_py_walk walk;
    cvyi_py_value item;
    bool more;

    CVYI_TRY(cvyi_py_walk_open(&walk, eval, pairs, true, err));
    for (;;) {
        const cvyi_py_seq *pair;

        CVYI_TRY(cvyi_py_walk_next(&item, &more, &walk, eval, err));
        if (!more)
            return CVY_OK;
        CVYI_TRY(cvyi_py_elements(&pair, eval, &item, true, err));
        if (pair->n != 2)
            return cvyi_py_throw(eval, err, "ValueError",
                                 "a pair of a dict has %d parts", pair->n);
        CVYI_TRY(cvyi_py_dict_set(eval, dict, &pair->items[0], &pair->items[1],
                                  err));
    }
}

cvy_status cvyi_py_d_update(cvyi_py_value *out, cvyi_py_eval *eval,
                            const cvyi_py_given *given, cvy_error *err)
{
    const cvyi_py_value *const from = given->at[0];
    cvyi_py_value dict = *given->self;

    if (from != NULL && from->type == CVYI_PY_V_DICT)
        CVYI_TRY(put_all(eval, &dict, from->map, err));
    else if (from != NULL && (from->type == CVYI_PY_V_INSTANCE ||
                              from->type == CVYI_PY_V_HOST))
        return cvyi_py_refuse(eval, err, "a dict made of %s",
                              cvyi_py_describe(eval, from));
    else if (from != NULL)
        CVYI_TRY(put_pairs(eval, &dict, from, err));
    for (int i = 0; i < given->args->n_keywords; i++) {
        const cvyi_py_value key = cvyi_py_text_value(given->args->keywords[i]);

        CVYI_TRY(cvyi_py_dict_set(eval, &dict, &key,
                                  &given->args->keyword_values[i], err));
    }
    *out = cvyi_py_none();
    return CVY_OK;
}

/* ---- views ---- */

/* In Python 2 they are lists. */
static cvy_status view(cvyi_py_value *out, cvyi_py_eval *eval,
                       const cvyi_py_given *given, cvyi_py_view which,
                       cvy_error *err)
{
    const cvyi_py_method method = { .kind = CVYI_PY_M_VIEW,
                                    .self = *given->self,
                                    .view = which };
    cvyi_py_value made;

    CVYI_TRY(cvyi_py_make_method(&made, eval, method, err));
    if (cvyi_py_is_python2(eval))
        return cvyi_py_eval_list(out, eval, &made, err);
    *out = made;
    return CVY_OK;
}

cvy_status cvyi_py_d_keys(cvyi_py_value *out, cvyi_py_eval *eval,
                          const cvyi_py_given *given, cvy_error *err)
{
    return view(out, eval, given, CVYI_PY_VIEW_KEYS, err);
}

cvy_status cvyi_py_d_values(cvyi_py_value *out, cvyi_py_eval *eval,
                            const cvyi_py_given *given, cvy_error *err)
{
    return view(out, eval, given, CVYI_PY_VIEW_VALUES, err);
}

cvy_status cvyi_py_d_items(cvyi_py_value *out, cvyi_py_eval *eval,
                           const cvyi_py_given *given, cvy_error *err)
{
    return view(out, eval, given, CVYI_PY_VIEW_ITEMS, err);
}
