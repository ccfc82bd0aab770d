/*
 * read/python/tf/contrib/collect.c - slim's repeat and stack, and the
 * collections that its layers put their outputs into.
 */
#include "read/python/tf/contrib/contrib.h"

#include "pysrc/eval_parts.h"

#include <string.h>

/* ---- layers in a row ---- */

/* "scope" and the rest of the arguments of a call. */
typedef struct row {
    cvyi_py_eval *eval;
    const char *scope; /* of each, before its number */
    const cvyi_py_value *layer;
    cvyi_py_call_args args; /* the input first, "scope" last */
    cvyi_py_value *values;  /* of args */
    cvyi_py_value *scope_value;
} row;

/* The name of a function that no scope is given for. */
static cvy_status name_of(const char **out, cvyi_py_eval *eval,
                          const cvyi_py_value *layer, cvy_error *err)
{
    cvyi_py_value name;

    CVYI_TRY(cvyi_py_eval_get(&name, eval, layer, "__name__", err));
    *out = cvyi_tf_text(&name);
    return *out != NULL ? CVY_OK
                        : cvyi_py_refuse(eval, err,
                                         "a layer without a name is repeated");
}

/* What stands behind place `skip` is for the layer. */
static cvy_status open_row(row *r, cvyi_py_eval *eval,
                           const cvyi_py_call_args *args, int skip,
                           cvy_error *err)
{
    const int rest = args->n > skip ? args->n - skip : 0;
    const char **keys;
    cvyi_py_value *named;
    int n = 0;

    *r = (row){ .eval = eval };
    CVYI_PY_NEW(r->values, eval, rest + 1, err);
    CVYI_PY_NEW(keys, eval, args->n_keywords + 1, err);
    CVYI_PY_NEW(named, eval, args->n_keywords + 1, err);
    for (int i = 0; i < rest; i++)
        r->values[1 + i] = args->values[skip + i];
    for (int i = 0; i < args->n_keywords; i++) {
        static const char *const own[] = { "scope", "inputs", "repetitions",
                                           "layer", "stack_args" };
        bool taken = false;

        for (size_t k = 0; k < sizeof own / sizeof *own; k++)
            taken = taken || strcmp(own[k], args->keywords[i]) == 0;
        if (taken)
            continue;
        keys[n] = args->keywords[i];
        named[n++] = args->keyword_values[i];
    }
    keys[n] = "scope";
    r->scope_value = &named[n++];
    r->args = (cvyi_py_call_args){ rest + 1, r->values, n, keys, named };
    return CVY_OK;
}

static cvy_status next_in_row(row *r, int number, cvy_error *err)
{
    const char *const name = cvyi_arena_printf(cvyi_tf_of(r->eval)->arena,
                                               "%s_%d", r->scope, number);

    if (name == NULL)
        return cvyi_no_memory(err);
    CVYI_TRY(cvyi_py_tick(r->eval, 1, err));
    CVYI_TRY(
        cvyi_py_make_text(r->scope_value, r->eval, name, strlen(name), err));
    return cvyi_py_eval_call(&r->values[0], r->eval, r->layer, &r->args, err);
}

/* What both begin with; the scope is entered. */
static cvy_status begin_row(row *r, const cvyi_py_call_args *args, int layer,
                            const char *fallback, cvy_error *err)
{
    const cvyi_py_value *const x = cvyi_tf_arg(args, 0, "inputs");
    const cvyi_py_value *const scope = cvyi_tf_arg(args, -1, "scope");

    r->layer = cvyi_tf_arg(args, layer, "layer");
    if (x == NULL || r->layer == NULL)
        return cvyi_py_refuse(r->eval, err, "%s without its layer", fallback);
    r->values[0] = *x;
    r->scope = cvyi_tf_text(scope);
    if (r->scope == NULL && scope != NULL && scope->type != CVYI_PY_V_NONE)
        return cvyi_py_refuse(r->eval, err, "%s in a scope that is no text",
                              fallback);
    if (r->scope == NULL)
        CVYI_TRY(name_of(&r->scope, r->eval, r->layer, err));
    return cvyi_tf_enter_called(r->eval, scope, fallback, NULL, err);
}

static cvy_status repeat_row(row *r, int64_t times, cvy_error *err)
{
    for (int i = 1; i <= times; i++)
        CVYI_TRY(next_in_row(r, i, err));
    return CVY_OK;
}

cvy_status cvyi_tf_repeat(cvyi_py_value *out, cvyi_py_eval *eval,
                          const cvyi_py_call_args *args, cvy_error *err)
{
    enum { MOST = 10000 };
    const cvyi_py_value *const times = cvyi_tf_arg(args, 1, "repetitions");
    cvy_status status;
    row r;

    if (times != NULL && cvyi_py_opaque(times) != NULL)
        return cvyi_py_refuse_opaque(eval, times, err);
    if (times == NULL || times->type != CVYI_PY_V_INT || times->integer > MOST)
        return cvyi_py_refuse(eval, err,
                              "how often a layer is repeated is not known");
    CVYI_TRY(open_row(&r, eval, args, 3, err));
    CVYI_TRY(begin_row(&r, args, 2, "Repeat", err));
    status = repeat_row(&r, times->integer, err);
    cvyi_tf_leave(cvyi_tf_of(eval));
    *out = r.values[0];
    return status;
}

static cvy_status stack_row(row *r, const cvyi_py_seq *all, cvy_error *err)
{
    for (int i = 0; i < all->n; i++) {
        const cvyi_py_value *const item = &all->items[i];
        const bool list =
            item->type == CVYI_PY_V_LIST || item->type == CVYI_PY_V_TUPLE;
        const int n = list ? item->seq->n : 1;
        cvyi_py_value *values;

        CVYI_PY_NEW(values, r->eval, n + 1, err);
        values[0] = r->values[0];
        for (int k = 0; k < n; k++)
            values[1 + k] = list ? item->seq->items[k] : *item;
        r->values = values;
        r->args.n = n + 1;
        r->args.values = values;
        CVYI_TRY(next_in_row(r, i + 1, err));
    }
    return CVY_OK;
}

cvy_status cvyi_tf_stack(cvyi_py_value *out, cvyi_py_eval *eval,
                         const cvyi_py_call_args *args, cvy_error *err)
{
    const cvyi_py_value *const all = cvyi_tf_arg(args, 2, "stack_args");
    const bool list = all != NULL && (all->type == CVYI_PY_V_LIST ||
                                      all->type == CVYI_PY_V_TUPLE);
    cvy_status status;
    row r;

    if (!list || cvyi_py_opaque(all) != NULL)
        return cvyi_py_refuse(eval, err, "stack without a list that is known");
    CVYI_TRY(open_row(&r, eval, args, args->n, err));
    CVYI_TRY(begin_row(&r, args, 1, "Stack", err));
    status = stack_row(&r, all->seq, err);
    cvyi_tf_leave(cvyi_tf_of(eval));
    *out = r.values[0];
    return status;
}

/* ---- collections ---- */

typedef struct cvyi_tf_collected {
    const char *name, *alias;
    cvyi_py_value value;
} cvyi_tf_collected;

static cvy_status collect_in(cvyi_py_eval *eval, const char *name,
                             const char *alias, const cvyi_py_value *value,
                             cvy_error *err)
{
    enum { MOST = 100000 };
    cvyi_tf_host *const host = cvyi_tf_of(eval);
    cvyi_tf_collected *const all =
        cvyi_arena_grow(host->arena, host->collected, host->n_collected,
                        &host->collected_capacity, sizeof *all);

    if (all == NULL)
        return cvyi_no_memory(err);
    if (host->n_collected >= MOST)
        return cvyi_py_refuse(eval, err, "the collection %.60s is too large",
                              name);
    host->collected = all;
    all[host->n_collected++] = (cvyi_tf_collected){ name, alias, *value };
    return CVY_OK;
}

cvy_status cvyi_tf_collect(cvyi_py_eval *eval, const cvyi_py_value *names,
                           const char *alias, const cvyi_py_value *value,
                           cvy_error *err)
{
    const bool list = names != NULL && (names->type == CVYI_PY_V_LIST ||
                                        names->type == CVYI_PY_V_TUPLE);
    const char *const one = cvyi_tf_text(names);

    if (one != NULL)
        return collect_in(eval, one, alias, value, err);
    for (int i = 0; list && i < names->seq->n; i++)
        if (cvyi_tf_text(&names->seq->items[i]) != NULL)
            CVYI_TRY(collect_in(eval, names->seq->items[i].text, alias, value,
                                err));
    return CVY_OK;
}

cvy_status cvyi_tf_collection_dict(cvyi_py_value *out, cvyi_py_eval *eval,
                                   const cvyi_py_call_args *args,
                                   cvy_error *err)
{
    const cvyi_tf_host *const host = cvyi_tf_of(eval);
    const char *const name = cvyi_tf_text(cvyi_tf_arg(args, 0, "collection"));
    cvyi_py_value key;

    if (name == NULL)
        return cvyi_py_refuse(eval, err, "a collection that is not known");
    CVYI_TRY(cvyi_py_make_dict(out, eval, err));
    for (int i = 0; i < host->n_collected; i++) {
        const cvyi_tf_collected *const c = &host->collected[i];

        if (strcmp(c->name, name) != 0)
            continue;
        CVYI_TRY(
            cvyi_py_make_text(&key, eval, c->alias, strlen(c->alias), err));
        CVYI_TRY(cvyi_py_dict_set(eval, out, &key, &c->value, err));
    }
    return CVY_OK;
}

cvy_status cvyi_tf_collect_named(cvyi_py_value *out, cvyi_py_eval *eval,
                                 const cvyi_py_call_args *args, cvy_error *err)
{
    const cvyi_py_value *const names = cvyi_tf_arg(args, 0, "collections");
    const char *const alias = cvyi_tf_text(cvyi_tf_arg(args, 1, "alias"));
    const cvyi_py_value *const value = cvyi_tf_arg(args, 2, "outputs");

    if (alias == NULL || value == NULL)
        return cvyi_py_refuse(eval, err, "what is collected has no name");
    *out = *value;
    return cvyi_tf_collect(eval, names, alias, value, err);
}

/* The size of the last axis of a shape. */
cvy_status cvyi_tf_last_dimension(cvyi_py_value *out, cvyi_py_eval *eval,
                                  const cvyi_py_call_args *args,
                                  cvy_error *err)
{
    const cvyi_py_value *const of = cvyi_tf_arg(args, 0, "shape");
    cvyi_size dims[CVYI_MAX_DIMS];
    int rank = -1;

    CVYI_TRY(cvyi_tf_read_shape(&rank, dims, eval, of, err));
    if (rank < 1 || dims[rank - 1] == NULL)
        return cvyi_py_refuse(eval, err,
                              "the last size of a shape that is "
                              "not known");
    *out = cvyi_tf_size(dims[rank - 1]);
    return CVY_OK;
}
