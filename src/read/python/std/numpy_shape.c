/* read/python/std/numpy_shape.c - NumPy: shapes, joins, and what arrays
 * have as methods. */
#include "read/python/std/numpy.h"

/* ---- shapes ---- */

static cvy_status m_reshape(cvyi_py_value *out, cvyi_py_eval *eval,
                            const cvyi_py_given *given, cvy_error *err)
{
    int64_t dims[CVYI_PYTHON_RANK], known = 1;
    const cvyi_python_array *from;
    cvyi_python_array *made;
    int rank, open = -1;

    CVYI_TRY(cvyi_python_array_from(&from, eval, given->at[0], NULL, err));
    CVYI_TRY(cvyi_python_sizes(&rank, dims, eval, given->at[1], err));
    for (int i = 0; i < rank; i++) {
        if (dims[i] == -1)
            open = i;
        else if (dims[i] < 0 || !cvyi_mul64(&known, known, dims[i]))
            return cvyi_py_throw(eval, err, "ValueError",
                                 "a negative size in reshape()");
    }
    if (open >= 0 && known > 0)
        dims[open] = from->n / known;
    if (open >= 0 ? known == 0 || dims[open] * known != from->n
                  : known != from->n)
        return cvyi_py_throw(eval, err, "ValueError",
                             "reshape() of %lld elements into another number",
                             (long long)from->n);
    CVYI_TRY(
        cvyi_python_array_make(&made, eval, from->dtype, rank, dims, err));
    memcpy(made->items, from->items, (size_t)from->n * sizeof *made->items);
    cvyi_python_array_share(made, from);
    *out = cvyi_python_array_value(made);
    return CVY_OK;
}

static cvy_status flat(cvyi_py_value *out, cvyi_py_eval *eval,
                       const cvyi_py_value *value, bool share, cvy_error *err)
{
    const cvyi_python_array *from;
    cvyi_python_array *made;

    CVYI_TRY(cvyi_python_array_from(&from, eval, value, NULL, err));
    CVYI_TRY(
        cvyi_python_array_make(&made, eval, from->dtype, 1, &from->n, err));
    memcpy(made->items, from->items, (size_t)from->n * sizeof *made->items);
    if (share)
        cvyi_python_array_share(made, from);
    *out = cvyi_python_array_value(made);
    return CVY_OK;
}

static cvy_status m_flatten(cvyi_py_value *out, cvyi_py_eval *eval,
                            const cvyi_py_given *given, cvy_error *err)
{
    return flat(out, eval, given->at[0], false, err);
}

static cvy_status m_ravel(cvyi_py_value *out, cvyi_py_eval *eval,
                          const cvyi_py_given *given, cvy_error *err)
{
    return flat(out, eval, given->at[0], true, err);
}

/* Each axis of the result is axis order[i] of the array. */
static cvy_status order_of(int64_t order[CVYI_PYTHON_RANK], cvyi_py_eval *eval,
                           int rank, const cvyi_py_value *axes, cvy_error *err)
{
    bool taken[CVYI_PYTHON_RANK] = { false };
    int n = rank;

    for (int i = 0; i < rank; i++)
        order[i] = rank - 1 - i;
    if (axes != NULL && axes->type != CVYI_PY_V_NONE)
        CVYI_TRY(cvyi_python_sizes(&n, order, eval, axes, err));
    for (int i = 0; i < n && n == rank; i++) {
        if (order[i] < 0)
            order[i] += rank;
        if (order[i] < 0 || order[i] >= rank || taken[order[i]])
            n = -1;
        else
            taken[order[i]] = true;
    }
    return n == rank ? CVY_OK
                     : cvyi_py_throw(eval, err, "ValueError",
                                     "axes that do not match the array");
}

static cvy_status m_transpose(cvyi_py_value *out, cvyi_py_eval *eval,
                              const cvyi_py_given *given, cvy_error *err)
{
    int64_t order[CVYI_PYTHON_RANK], dims[CVYI_PYTHON_RANK];
    const cvyi_python_array *from;
    cvyi_python_array *made;

    CVYI_TRY(cvyi_python_array_from(&from, eval, given->at[0], NULL, err));
    CVYI_TRY(order_of(order, eval, from->rank, given->at[1], err));
    for (int i = 0; i < from->rank; i++)
        dims[i] = from->dims[order[i]];
    CVYI_TRY(cvyi_python_array_make(&made, eval, from->dtype, from->rank, dims,
                                    err));
    for (int64_t i = 0; i < made->n; i++) {
        int64_t at = i, place = 0;

        for (int axis = from->rank - 1; axis >= 0; axis--) {
            int64_t step = 1;

            for (int j = (int)order[axis] + 1; j < from->rank; j++)
                step *= from->dims[j];
            place += at % dims[axis] * step;
            at /= dims[axis];
        }
        made->items[i] = from->items[place];
    }
    cvyi_python_array_share(made, from);
    *out = cvyi_python_array_value(made);
    return CVY_OK;
}

/* ---- joins ---- */

static cvy_status axis_of(int *out, cvyi_py_eval *eval,
                          const cvyi_py_value *value, int rank, cvy_error *err)
{
    int64_t axis = 0;

    if (value != NULL)
        CVYI_TRY(cvyi_py_need_int(&axis, eval, value, "axis", err));
    if (axis < -rank || axis >= rank)
        return cvyi_py_throw(eval, err, "ValueError",
                             "there is no axis %lld of %d", (long long)axis,
                             rank);
    *out = (int)(axis < 0 ? axis + rank : axis);
    return CVY_OK;
}

static void copy_into(cvyi_python_array *made, const cvyi_python_array *part,
                      int axis, int64_t at)
{
    int64_t inner = 1, outer = 1;

    for (int i = axis + 1; i < part->rank; i++)
        inner *= part->dims[i];
    for (int i = 0; i < axis; i++)
        outer *= part->dims[i];
    for (int64_t o = 0; o < outer; o++)
        for (int64_t i = 0; i < part->dims[axis] * inner; i++)
            made->items[(o * made->dims[axis] + at) * inner + i] =
                cvyi_python_kept(
                    made->dtype,
                    part->items[o * part->dims[axis] * inner + i]);
}

static bool fit(const cvyi_python_array *a, const cvyi_python_array *b,
                int axis)
{
    bool same = a->rank == b->rank;

    for (int i = 0; same && i < a->rank; i++)
        same = i == axis || a->dims[i] == b->dims[i];
    return same;
}

static cvy_status m_concatenate(cvyi_py_value *out, cvyi_py_eval *eval,
                                const cvyi_py_given *given, cvy_error *err)
{
    const cvyi_python_array **parts;
    const cvyi_python_dtype *dtype;
    int64_t dims[CVYI_PYTHON_RANK], at = 0;
    cvyi_python_array *made;
    cvyi_py_value list;
    int axis = 0;

    CVYI_TRY(cvyi_py_eval_list(&list, eval, given->at[0], err));
    if (list.seq->n == 0)
        return cvyi_py_throw(eval, err, "ValueError", "nothing to join");
    CVYI_PY_NEW(parts, eval, list.seq->n, err);
    for (int i = 0; i < list.seq->n; i++)
        CVYI_TRY(cvyi_python_array_from(&parts[i], eval, &list.seq->items[i],
                                        NULL, err));
    CVYI_TRY(axis_of(&axis, eval, given->at[1], parts[0]->rank, err));
    memcpy(dims, parts[0]->dims, sizeof dims);
    dims[axis] = 0;
    dtype = parts[0]->dtype;
    for (int i = 0; i < list.seq->n; i++) {
        if (!fit(parts[0], parts[i], axis))
            return cvyi_py_throw(eval, err, "ValueError",
                                 "arrays of shapes that do not fit together");
        dims[axis] += parts[i]->dims[axis];
        if (parts[i]->dtype->kind > dtype->kind ||
            (parts[i]->dtype->kind == dtype->kind &&
             parts[i]->dtype->bits > dtype->bits))
            dtype = parts[i]->dtype;
    }
    CVYI_TRY(
        cvyi_python_array_make(&made, eval, dtype, parts[0]->rank, dims, err));
    for (int i = 0; i < list.seq->n; i++) {
        copy_into(made, parts[i], axis, at);
        at += parts[i]->dims[axis];
    }
    *out = cvyi_python_array_value(made);
    return CVY_OK;
}

/* An array with one axis more. */
static cvy_status expanded(cvyi_py_value *out, cvyi_py_eval *eval,
                           const cvyi_python_array *from, int axis,
                           cvy_error *err)
{
    int64_t dims[CVYI_PYTHON_RANK + 1];
    cvyi_python_array *made;

    for (int i = 0; i < axis; i++)
        dims[i] = from->dims[i];
    dims[axis] = 1;
    for (int i = axis; i < from->rank; i++)
        dims[i + 1] = from->dims[i];
    CVYI_TRY(cvyi_python_array_make(&made, eval, from->dtype, from->rank + 1,
                                    dims, err));
    memcpy(made->items, from->items, (size_t)from->n * sizeof *made->items);
    cvyi_python_array_share(made, from);
    *out = cvyi_python_array_value(made);
    return CVY_OK;
}

static cvy_status m_expand_dims(cvyi_py_value *out, cvyi_py_eval *eval,
                                const cvyi_py_given *given, cvy_error *err)
{
    const cvyi_python_array *from;
    int axis;

    CVYI_TRY(cvyi_python_array_from(&from, eval, given->at[0], NULL, err));
    CVYI_TRY(axis_of(&axis, eval, given->at[1], from->rank + 1, err));
    return expanded(out, eval, from, axis, err);
}

static cvy_status m_stack(cvyi_py_value *out, cvyi_py_eval *eval,
                          const cvyi_py_given *given, cvy_error *err)
{
    const cvyi_python_array *from;
    cvyi_py_given joined = { 0 };
    cvyi_py_value list, where;
    int axis = 0;

    CVYI_TRY(cvyi_py_eval_list(&list, eval, given->at[0], err));
    for (int i = 0; i < list.seq->n; i++) {
        CVYI_TRY(cvyi_python_array_from(&from, eval, &list.seq->items[i], NULL,
                                        err));
        CVYI_TRY(axis_of(&axis, eval, given->at[1], from->rank + 1, err));
        CVYI_TRY(expanded(&list.seq->items[i], eval, from, axis, err));
    }
    where = cvyi_py_int(axis);
    joined.at[0] = &list;
    joined.at[1] = &where;
    return m_concatenate(out, eval, &joined, err);
}

/* Axes of one are left out. */
static cvy_status m_squeeze(cvyi_py_value *out, cvyi_py_eval *eval,
                            const cvyi_py_given *given, cvy_error *err)
{
    int64_t dims[CVYI_PYTHON_RANK];
    const cvyi_python_array *from;
    cvyi_python_array *made;
    int rank = 0, axis = -1;

    CVYI_TRY(cvyi_python_array_from(&from, eval, given->at[0], NULL, err));
    if (given->at[1] != NULL && given->at[1]->type != CVYI_PY_V_NONE)
        CVYI_TRY(axis_of(&axis, eval, given->at[1], from->rank, err));
    if (axis >= 0 && from->dims[axis] != 1)
        return cvyi_py_throw(eval, err, "ValueError",
                             "an axis is squeezed that is not one");
    for (int i = 0; i < from->rank; i++)
        if (axis >= 0 ? i != axis : from->dims[i] != 1)
            dims[rank++] = from->dims[i];
    CVYI_TRY(
        cvyi_python_array_make(&made, eval, from->dtype, rank, dims, err));
    memcpy(made->items, from->items, (size_t)from->n * sizeof *made->items);
    cvyi_python_array_share(made, from);
    *out = cvyi_python_array_value(made);
    return CVY_OK;
}

/* ---- the others ---- */

static cvy_status m_astype(cvyi_py_value *out, cvyi_py_eval *eval,
                           const cvyi_py_given *given, cvy_error *err)
{
    const cvyi_python_array *from;
    const cvyi_python_dtype *dtype;
    cvyi_python_array *made;

    CVYI_TRY(cvyi_numpy_dtype(&dtype, eval, given->at[1], "float64", err));
    CVYI_TRY(cvyi_python_array_from(&from, eval, given->at[0], NULL, err));
    CVYI_TRY(cvyi_python_array_make(&made, eval, dtype, from->rank, from->dims,
                                    err));
    for (int64_t i = 0; i < made->n; i++)
        made->items[i] = cvyi_python_kept(dtype, from->items[i]);
    *out = cvyi_python_array_value(made);
    return CVY_OK;
}

static cvy_status m_copy(cvyi_py_value *out, cvyi_py_eval *eval,
                         const cvyi_py_given *given, cvy_error *err)
{
    const cvyi_python_array *from;
    cvyi_python_array *made;

    CVYI_TRY(cvyi_python_array_from(&from, eval, given->at[0], NULL, err));
    CVYI_TRY(cvyi_python_array_make(&made, eval, from->dtype, from->rank,
                                    from->dims, err));
    memcpy(made->items, from->items, (size_t)from->n * sizeof *made->items);
    *out = cvyi_python_array_value(made);
    return CVY_OK;
}

/* Nested lists of elements `from` on, of the axes from `axis` on. */
static cvy_status to_list(cvyi_py_value *out, cvyi_py_eval *eval,
                          const cvyi_python_array *array, int axis,
                          int64_t from, int64_t n, cvy_error *err)
{
    if (axis == array->rank) {
        *out = cvyi_python_scalar(array->dtype, array->items[from]);
        return CVY_OK;
    }
    CVYI_TRY(cvyi_py_tick(eval, array->dims[axis], err));
    CVYI_TRY(cvyi_py_make_seq(out, eval, CVYI_PY_V_LIST, NULL, 0, err));
    for (int64_t i = 0; i < array->dims[axis]; i++) {
        const int64_t part = n / array->dims[axis];
        cvyi_py_value item;

        CVYI_TRY(
            to_list(&item, eval, array, axis + 1, from + i * part, part, err));
        CVYI_TRY(cvyi_py_seq_add(eval, out->seq, &item, err));
    }
    return CVY_OK;
}

static cvy_status m_tolist(cvyi_py_value *out, cvyi_py_eval *eval,
                           const cvyi_py_given *given, cvy_error *err)
{
    const cvyi_python_array *array;

    CVYI_TRY(cvyi_python_array_from(&array, eval, given->at[0], NULL, err));
    return to_list(out, eval, array, 0, 0, array->n, err);
}

static cvy_status m_item(cvyi_py_value *out, cvyi_py_eval *eval,
                         const cvyi_py_given *given, cvy_error *err)
{
    const cvyi_python_array *array;

    CVYI_TRY(cvyi_python_array_from(&array, eval, given->at[0], NULL, err));
    if (array->n != 1)
        return cvyi_py_throw(eval, err, "ValueError",
                             "item() of an array of %lld elements",
                             (long long)array->n);
    *out = cvyi_python_scalar(array->dtype, array->items[0]);
    return CVY_OK;
}

static cvy_status m_round(cvyi_py_value *out, cvyi_py_eval *eval,
                          const cvyi_py_given *given, cvy_error *err)
{
    const cvyi_python_array *array;
    cvyi_py_value value;

    if (given->at[1] != NULL)
        return cvyi_py_refuse(eval, err, "round() of arrays to digits");
    if (cvyi_py_is_number(given->at[0]))
        return cvyi_py_call_plain(out, eval,
                                  cvyi_py_eval_builtin(eval, "round"),
                                  given->at[0], NULL, err);
    CVYI_TRY(cvyi_python_array_from(&array, eval, given->at[0], NULL, err));
    value = cvyi_python_array_value(array);
    return cvyi_python_array_unary(out, eval, "round", &value, err);
}

/* np.shape, np.size, np.ndim */
static cvy_status part_of(cvyi_py_value *out, cvyi_py_eval *eval,
                          const cvyi_py_given *given, const char *name,
                          cvy_error *err)
{
    const cvyi_python_array *array;
    cvyi_py_value value;

    CVYI_TRY(cvyi_python_array_from(&array, eval, given->at[0], NULL, err));
    value = cvyi_python_array_value(array);
    return cvyi_py_eval_get(out, eval, &value, name, err);
}

static cvy_status m_shape(cvyi_py_value *out, cvyi_py_eval *eval,
                          const cvyi_py_given *given, cvy_error *err)
{
    return part_of(out, eval, given, "shape", err);
}

static cvy_status m_size(cvyi_py_value *out, cvyi_py_eval *eval,
                         const cvyi_py_given *given, cvy_error *err)
{
    return part_of(out, eval, given, "size", err);
}

static cvy_status m_ndim(cvyi_py_value *out, cvyi_py_eval *eval,
                         const cvyi_py_given *given, cvy_error *err)
{
    return part_of(out, eval, given, "ndim", err);
}

const cvyi_py_builtin cvyi_numpy_more[] = {
    { .name = "all", .signature = "a axis? keepdims?", .run = cvyi_numpy_all },
    { .name = "any", .signature = "a axis? keepdims?", .run = cvyi_numpy_any },
    { .name = "astype", .signature = "a dtype **", .run = m_astype },
    { .name = "concatenate",
      .signature = "-arrays axis?",
      .run = m_concatenate },
    { .name = "copy", .signature = "a", .run = m_copy },
    { .name = "cumsum", .signature = "a axis?", .run = cvyi_numpy_cumsum },
    { .name = "expand_dims", .signature = "a axis", .run = m_expand_dims },
    { .name = "flatten", .signature = "a", .run = m_flatten },
    { .name = "item", .signature = "a", .run = m_item },
    { .name = "max", .signature = "a axis? keepdims?", .run = cvyi_numpy_max },
    { .name = "mean",
      .signature = "a axis? keepdims?",
      .run = cvyi_numpy_mean },
    { .name = "min", .signature = "a axis? keepdims?", .run = cvyi_numpy_min },
    { .name = "ndim", .signature = "a", .run = m_ndim },
    { .name = "prod",
      .signature = "a axis? keepdims?",
      .run = cvyi_numpy_prod },
    { .name = "ravel", .signature = "a", .run = m_ravel },
    { .name = "reshape", .signature = "a newshape", .run = m_reshape },
    { .name = "round", .signature = "a decimals?", .run = m_round },
    { .name = "shape", .signature = "a", .run = m_shape },
    { .name = "size", .signature = "a", .run = m_size },
    { .name = "squeeze", .signature = "a axis?", .run = m_squeeze },
    { .name = "stack", .signature = "arrays axis?", .run = m_stack },
    { .name = "sum", .signature = "a axis? keepdims?", .run = cvyi_numpy_sum },
    { .name = "tolist", .signature = "a", .run = m_tolist },
    { .name = "transpose", .signature = "a axes?", .run = m_transpose },
};
const int cvyi_numpy_n_more = sizeof cvyi_numpy_more / sizeof *cvyi_numpy_more;
