/*
 * read/python/tf/parts.c - what takes tensors apart: split, unstack, slice.
 *
 * Each part is a subscript of its own.
 */
#include "read/python/tf/host.h"

static bool is_list(const cvyi_py_value *value)
{
    return value->type == CVYI_PY_V_LIST || value->type == CVYI_PY_V_TUPLE;
}

static cvy_status subscript(cvyi_py_value *out, cvyi_py_eval *eval,
                            const cvyi_py_value *x, int axis, int64_t start,
                            int64_t stop, bool single, cvy_error *err)
{
    cvyi_py_value *const ends =
        cvyi_arena_alloc(cvyi_py_arena(eval), 6, sizeof *ends);
    cvyi_py_value items[CVYI_MAX_DIMS], index;

    if (ends == NULL)
        return cvyi_no_memory(err);
    for (int i = 0; i < 6; i++)
        ends[i] = cvyi_py_none();
    ends[3] = cvyi_py_int(start);
    ends[4] = cvyi_py_int(stop);
    for (int i = 0; i <= axis; i++) {
        cvyi_py_value *const from = i < axis ? ends : ends + 3;

        items[i] = (cvyi_py_value){ .type = CVYI_PY_V_SLICE,
                                    .bounds = { from, from + 1, from + 2 } };
    }
    if (single)
        items[axis] = cvyi_py_int(start);
    CVYI_TRY(
        cvyi_py_make_seq(&index, eval, CVYI_PY_V_TUPLE, items, axis + 1, err));
    return cvyi_tf_item(out, eval, x, &index, err);
}

static cvy_status axis_of(int *axis, int64_t *length, cvyi_py_eval *eval,
                          const cvyi_py_value *x, const cvyi_py_value *value,
                          cvy_error *err)
{
    const int result = x != NULL ? cvyi_tf_result(x) : -1;
    const int64_t given =
        value != NULL && value->type == CVYI_PY_V_INT ? value->integer : 0;
    const cvyi_type *type;

    if (result < 0)
        return cvyi_py_refuse(eval, err, "parts of what is no tensor");
    type = cvyi_tf_type(eval, result);
    if (given < -type->rank || given >= type->rank)
        return cvyi_py_refuse(eval, err, "there is no axis %lld",
                              (long long)given);
    *axis = (int)(given < 0 ? given + type->rank : given);
    if (!cvyi_size_constant(length, type->dims[*axis]))
        return cvyi_py_refuse(eval, err,
                              "parts of an axis whose size is not known");
    return CVY_OK;
}

enum { MOST_PARTS = 4096 };

static cvy_status parts(cvyi_py_value *out, cvyi_py_eval *eval,
                        const cvyi_py_value *x, int axis, const int64_t *at,
                        int n, bool single, cvy_error *err)
{
    cvyi_py_value *const items =
        cvyi_arena_alloc(cvyi_py_arena(eval), (size_t)n + 1, sizeof *items);

    if (items == NULL)
        return cvyi_no_memory(err);
    for (int i = 0; i < n; i++)
        CVYI_TRY(subscript(&items[i], eval, x, axis, at[i], at[i + 1], single,
                           err));
    return cvyi_py_make_seq(out, eval, CVYI_PY_V_LIST, items, n, err);
}

/* Of old, the axis came first: tf.split(axis, n, value). */
cvy_status cvyi_tf_split(cvyi_py_value *out, cvyi_py_eval *eval,
                         const cvyi_py_call_args *args, cvy_error *err)
{
    const bool old = args->n >= 3 && args->values[0].type == CVYI_PY_V_INT &&
                     cvyi_tf_result(&args->values[2]) >= 0;
    const cvyi_py_value *const x = cvyi_tf_arg(args, old ? 2 : 0, "value");
    const cvyi_py_value *const how =
        cvyi_tf_arg(args, 1, "num_or_size_splits");
    const cvyi_py_value *along = cvyi_tf_arg(args, old ? 0 : 2, "axis");
    int64_t at[MOST_PARTS + 1] = { 0 }, length;
    int axis, n = 0;

    if (along == NULL)
        along = cvyi_tf_arg(args, -1, "split_dim");
    CVYI_TRY(axis_of(&axis, &length, eval, x, along, err));
    if (how != NULL && how->type == CVYI_PY_V_INT && how->integer > 0 &&
        how->integer <= MOST_PARTS && length % how->integer == 0) {
        for (n = 0; n < how->integer; n++)
            at[n + 1] = at[n] + length / how->integer;
        return parts(out, eval, x, axis, at, n, false, err);
    }
    if (how == NULL || !is_list(how) || how->seq->n > MOST_PARTS)
        return cvyi_py_refuse(eval, err, "this split is not followed");
    for (n = 0; n < how->seq->n; n++) {
        const cvyi_py_value *const one = &how->seq->items[n];

        if (one->type != CVYI_PY_V_INT || one->integer < 1 ||
            one->integer > length - at[n])
            return cvyi_py_refuse(eval, err, "this split is not followed");
        at[n + 1] = at[n] + one->integer;
    }
    return parts(out, eval, x, axis, at, n, false, err);
}

cvy_status cvyi_tf_unstack(cvyi_py_value *out, cvyi_py_eval *eval,
                           const cvyi_py_call_args *args, cvy_error *err)
{
    const cvyi_py_value *const x = cvyi_tf_arg(args, 0, "value");
    int64_t at[MOST_PARTS + 1], length;
    int axis;

    CVYI_TRY(
        axis_of(&axis, &length, eval, x, cvyi_tf_arg(args, 2, "axis"), err));
    if (length > MOST_PARTS)
        return cvyi_py_refuse(eval, err, "an unstack of too many parts");
    for (int64_t i = 0; i <= length; i++)
        at[i] = i;
    return parts(out, eval, x, axis, at, (int)length, true, err);
}

/* tf.slice(x, begin, size): size -1 is up to the end. */
cvy_status cvyi_tf_slice(cvyi_py_value *out, cvyi_py_eval *eval,
                         const cvyi_py_call_args *args, cvy_error *err)
{
    const cvyi_py_value *const x = cvyi_tf_arg(args, 0, "input_");
    const cvyi_py_value *const begin = cvyi_tf_arg(args, 1, "begin");
    const cvyi_py_value *const size = cvyi_tf_arg(args, 2, "size");
    cvyi_py_value items[CVYI_MAX_DIMS], index;
    int n;

    if (x == NULL || begin == NULL || size == NULL || !is_list(begin) ||
        !is_list(size) || begin->seq->n != size->seq->n ||
        begin->seq->n > CVYI_MAX_DIMS)
        return cvyi_py_refuse(eval, err, "this slice is not followed");
    n = begin->seq->n;
    for (int i = 0; i < n; i++) {
        const cvyi_py_value *const from = &begin->seq->items[i];
        const cvyi_py_value *const by = &size->seq->items[i];
        cvyi_py_value *const ends =
            cvyi_arena_alloc(cvyi_py_arena(eval), 3, sizeof *ends);

        if (ends == NULL)
            return cvyi_no_memory(err);
        if (from->type != CVYI_PY_V_INT || by->type != CVYI_PY_V_INT)
            return cvyi_py_refuse(eval, err,
                                  "a slice of sizes that are not known");
        ends[0] = cvyi_py_int(from->integer);
        ends[1] = by->integer < 0 ? cvyi_py_none()
                                  : cvyi_py_int(from->integer + by->integer);
        ends[2] = cvyi_py_none();
        items[i] = (cvyi_py_value){ .type = CVYI_PY_V_SLICE,
                                    .bounds = { ends, ends + 1, ends + 2 } };
    }
    CVYI_TRY(cvyi_py_make_seq(&index, eval, CVYI_PY_V_TUPLE, items, n, err));
    return cvyi_tf_item(out, eval, x, &index, err);
}
