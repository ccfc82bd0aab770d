/*
 * read/python/tf/view.c - variables under other axes: reshaped, transposed.
 *
 * tf.reshape(gamma, [1, 1, 1, -1]) is gamma still, and so is tf.transpose(W):
 * a view says how its axes are those of the variable.
 */
#include "read/python/tf/host.h"

#include <string.h>

static bool is_list(const cvyi_py_value *value)
{
    return value->type == CVYI_PY_V_LIST || value->type == CVYI_PY_V_TUPLE;
}

static cvyi_tf_variable *variable_of(const cvyi_py_value *value)
{
    return value != NULL && value->type == CVYI_PY_V_HOST &&
                   value->host.type == &cvyi_tf_variable_type
               ? value->host.data
               : NULL;
}

/* Letters for the axes of a shape that have more than one element. */
static void put_axes(char *rule, const cvyi_shape *shape, const int *order)
{
    char letters[CVYI_MAX_DIMS];
    size_t at = strlen(rule);
    char next = 'C';

    for (int i = 0; i < shape->rank; i++)
        letters[i] = shape->dims[i] == 1 ? '1' : next++;
    for (int i = 0; i < shape->rank; i++) {
        rule[at++] = ' ';
        rule[at++] = letters[order != NULL ? order[i] : i];
    }
    rule[at] = '\0';
}

/* The variable with the axes of `shape`; `order` says which of its own each
 * is, NULL: only axes of one element came or went. */
static cvy_status look(cvyi_py_value *out, cvyi_py_eval *eval,
                       const cvyi_tf_variable *v, const cvyi_shape *shape,
                       const int *order, cvy_error *err)
{
    cvyi_tf_variable *const made =
        cvyi_arena_alloc(cvyi_tf_of(eval)->arena, 1, sizeof *made);
    char rule[8 * CVYI_MAX_DIMS] = "";
    cvyi_layout layout;

    if (made == NULL)
        return cvyi_no_memory(err);
    put_axes(rule, &v->shape, NULL);
    strcat(rule, " ->");
    put_axes(rule, order != NULL ? &v->shape : shape, order);
    CVYI_TRY(cvyi_layout_parse(&layout, rule, 0, v->shape.rank, v->shape.dims,
                               err));
    *made = *v;
    made->shape = *shape;
    made->of = v->of != NULL ? v->of : v;
    if (v->of != NULL)
        CVYI_TRY(cvyi_layout_then(&made->view, &v->view, &layout, err));
    else
        made->view = layout;
    *out = cvyi_py_host_value(&cvyi_tf_variable_type, made);
    return CVY_OK;
}

/* Are the axes of more than one element the same ones? */
static bool same_axes(const cvyi_shape *a, const cvyi_shape *b)
{
    int i = 0, k = 0;

    for (;;) {
        while (i < a->rank && a->dims[i] == 1)
            i++;
        while (k < b->rank && b->dims[k] == 1)
            k++;
        if (i == a->rank || k == b->rank)
            return i == a->rank && k == b->rank;
        if (a->dims[i++] != b->dims[k++])
            return false;
    }
}

static cvy_status reshape(cvyi_py_value *out, cvyi_py_eval *eval,
                          const cvyi_tf_variable *v,
                          const cvyi_py_value *wanted, cvy_error *err)
{
    cvyi_size dims[CVYI_MAX_DIMS];
    cvyi_shape shape = { 0 };
    int64_t all = 1, known = 1;
    int hole = -1;

    for (int i = 0; i < v->shape.rank; i++)
        all *= v->shape.dims[i];
    CVYI_TRY(cvyi_tf_read_shape(&shape.rank, dims, eval, wanted, err));
    for (int i = 0; i < shape.rank; i++) {
        if (dims[i] == NULL && hole < 0) {
            hole = i;
            continue;
        }
        if (dims[i] == NULL || !cvyi_size_constant(&shape.dims[i], dims[i]) ||
            shape.dims[i] < 1)
            return cvyi_py_refuse(eval, err, "this shape of a variable");
        known *= shape.dims[i];
    }
    if (hole >= 0)
        shape.dims[hole] = all / known;
    if (shape.rank < 0 || !same_axes(&v->shape, &shape))
        return cvyi_py_make_opaque(out, eval, err,
                                   "the variable %s with axes that are joined "
                                   "or cut is not carried over",
                                   v->name);
    return look(out, eval, v, &shape, NULL, err);
}

static cvy_status transpose(cvyi_py_value *out, cvyi_py_eval *eval,
                            const cvyi_tf_variable *v,
                            const cvyi_py_value *perm, cvy_error *err)
{
    const int rank = v->shape.rank;
    int order[CVYI_MAX_DIMS];
    bool seen[CVYI_MAX_DIMS] = { false };
    cvyi_shape shape = { .rank = rank };
    const bool given = perm != NULL && is_list(perm);

    if (given && perm->seq->n != rank)
        return cvyi_py_refuse(eval, err, "this order of a variable's axes");
    for (int i = 0; i < rank; i++) {
        const cvyi_py_value *const one = given ? &perm->seq->items[i] : NULL;

        if (one != NULL && one->type != CVYI_PY_V_INT)
            return cvyi_py_refuse(eval, err,
                                  "this order of a variable's axes");
        order[i] = one != NULL ? (int)one->integer : rank - 1 - i;
        if (order[i] < 0 || order[i] >= rank || seen[order[i]])
            return cvyi_py_refuse(eval, err,
                                  "this order of a variable's axes");
        seen[order[i]] = true;
        shape.dims[i] = v->shape.dims[order[i]];
    }
    return look(out, eval, v, &shape, order, err);
}

static cvy_status expand(cvyi_py_value *out, cvyi_py_eval *eval,
                         const cvyi_tf_variable *v, const cvyi_py_value *axis,
                         cvy_error *err)
{
    cvyi_shape shape = { .rank = v->shape.rank + 1 };
    int64_t at = axis != NULL && axis->type == CVYI_PY_V_INT ? axis->integer
                                                             : INT64_MAX;

    at += at < 0 ? shape.rank : 0;
    if (at < 0 || at >= shape.rank || shape.rank > CVYI_MAX_DIMS)
        return cvyi_py_refuse(eval, err, "this axis of a variable");
    for (int i = 0; i < shape.rank; i++)
        shape.dims[i] = i == at ? 1 : v->shape.dims[i - (i > at)];
    return look(out, eval, v, &shape, NULL, err);
}

static cvy_status squeeze(cvyi_py_value *out, cvyi_py_eval *eval,
                          const cvyi_tf_variable *v, cvy_error *err)
{
    cvyi_shape shape = { 0 };

    for (int i = 0; i < v->shape.rank; i++)
        if (v->shape.dims[i] != 1)
            shape.dims[shape.rank++] = v->shape.dims[i];
    return look(out, eval, v, &shape, NULL, err);
}

/* v[None, :, None] and v[:, :, None] */
static cvy_status subscript(cvyi_py_value *out, bool *known,
                            cvyi_py_eval *eval, const cvyi_tf_variable *v,
                            const cvyi_py_value *index, cvy_error *err)
{
    const cvyi_py_value *const items =
        is_list(index) ? index->seq->items : index;
    const int n = is_list(index) ? index->seq->n : 1;
    cvyi_shape shape = { 0 };
    int axis = 0;

    *known = n <= CVYI_MAX_DIMS;
    for (int i = 0; *known && i < n; i++) {
        const cvyi_py_value *const one = &items[i];
        const bool whole = one->type == CVYI_PY_V_SLICE &&
                           one->bounds.start->type == CVYI_PY_V_NONE &&
                           one->bounds.stop->type == CVYI_PY_V_NONE &&
                           one->bounds.step->type == CVYI_PY_V_NONE;
        const int left = v->shape.rank - axis;
        int rest = n - 1 - i, take = whole ? 1 : 0;

        if (one->type == CVYI_PY_V_ELLIPSIS) {
            for (int k = i + 1; k < n; k++)
                rest -= items[k].type == CVYI_PY_V_NONE;
            take = left - rest;
        } else if (one->type == CVYI_PY_V_NONE) {
            *known = shape.rank < CVYI_MAX_DIMS;
            if (*known)
                shape.dims[shape.rank++] = 1;
            continue;
        } else if (!whole) {
            *known = false;
        }
        *known = *known && take >= 0 && take <= left;
        for (int k = 0; *known && k < take; k++) {
            *known = shape.rank < CVYI_MAX_DIMS;
            if (*known)
                shape.dims[shape.rank++] = v->shape.dims[axis++];
        }
    }
    while (*known && axis < v->shape.rank) {
        *known = shape.rank < CVYI_MAX_DIMS;
        if (*known)
            shape.dims[shape.rank++] = v->shape.dims[axis++];
    }
    return *known ? look(out, eval, v, &shape, NULL, err) : CVY_OK;
}

cvy_status cvyi_tf_view(cvyi_py_value *out, bool *known, cvyi_py_eval *eval,
                        const char *dotted, const cvyi_py_call_args *args,
                        cvy_error *err)
{
    const cvyi_py_value *x = args->n > 0 ? &args->values[0] : NULL;
    const cvyi_tf_variable *v;

    x = x != NULL ? x : cvyi_tf_arg(args, -1, "tensor");
    x = x != NULL ? x : cvyi_tf_arg(args, -1, "input");
    v = variable_of(x);
    *known = v != NULL;
    if (!*known)
        return CVY_OK;
    if (strcmp(dotted, "tf.reshape") == 0 &&
        cvyi_tf_arg(args, 1, "shape") != NULL)
        return reshape(out, eval, v, cvyi_tf_arg(args, 1, "shape"), err);
    if (strcmp(dotted, "tf.transpose") == 0)
        return transpose(out, eval, v, cvyi_tf_arg(args, 1, "perm"), err);
    if (strcmp(dotted, "tf.expand_dims") == 0) {
        const cvyi_py_value *const axis = cvyi_tf_arg(args, 1, "axis");

        return expand(out, eval, v,
                      axis != NULL ? axis : cvyi_tf_arg(args, -1, "dim"), err);
    }
    if (strcmp(dotted, "tf.squeeze") == 0 && args->n + args->n_keywords == 1)
        return squeeze(out, eval, v, err);
    if (strcmp(dotted, "operator.getitem") == 0 && args->n == 2)
        return subscript(out, known, eval, v, &args->values[1], err);
    *known = false;
    return CVY_OK;
}
