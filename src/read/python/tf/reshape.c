/*
 * read/python/tf/reshape.c - reshapes that are something plainer: none at all,
 * axes of size 1 that go or come, positions for a loss.
 */
#include "read/python/tf/training/training.h"

#include <string.h>

static bool is_one(cvyi_size size)
{
    int64_t n;

    return size != NULL && cvyi_size_constant(&n, size) && n == 1;
}

/* Is `shorter` the other without the axes of size 1 in *axes? Its sizes may be
 * NULL (-1) once. The batch stays, and where several axes could be meant, the
 * last of them, which channels are on. */
static bool without_ones(int *axes, int *n_axes, const cvyi_size *longer,
                         int n_longer, const cvyi_size *shorter, int n_shorter)
{
    int at = n_shorter - 1, open = 0;

    *n_axes = n_longer - n_shorter;
    for (int i = n_longer - 1, gone = *n_axes; i >= 0; i--) {
        const bool same =
            at >= 0 &&
            (shorter[at] == longer[i] ||
             ((shorter[at] == NULL || longer[i] == NULL) && open == 0));

        if (same) {
            open += shorter[at] == NULL || longer[i] == NULL;
            at--;
        } else if (i > 0 && gone > 0 && is_one(longer[i])) {
            axes[--gone] = i;
        } else {
            return false;
        }
    }
    return at < 0 && *n_axes > 0;
}

static cvy_status squeeze(cvyi_py_value *out, bool *known, cvyi_py_eval *eval,
                          const cvyi_py_value *x, const int *axes, int n,
                          cvy_error *err)
{
    cvyi_py_value items[CVYI_MAX_DIMS], given[2] = { *x };
    const cvyi_py_call_args args = { .n = 2, .values = given };

    for (int i = 0; i < n; i++)
        items[i] = cvyi_py_int(axes[i]);
    CVYI_TRY(cvyi_py_make_seq(&given[1], eval, CVYI_PY_V_LIST, items, n, err));
    return cvyi_tf_words(out, known, eval, "tf.squeeze", &args, err);
}

static cvy_status expand(cvyi_py_value *out, bool *known, cvyi_py_eval *eval,
                         const cvyi_py_value *x, const int *axes, int n,
                         cvy_error *err)
{
    cvyi_py_value given[2] = { *x };
    const cvyi_py_call_args args = { .n = 2, .values = given };

    for (int i = 0; i < n; i++) {
        given[1] = cvyi_py_int(axes[i]);
        CVYI_TRY(
            cvyi_tf_words(out, known, eval, "tf.expand_dims", &args, err));
        if (!*known || cvyi_tf_result(out) < 0)
            return CVY_OK;
        given[0] = *out;
    }
    return CVY_OK;
}

/* The sizes that are asked for; *n -1: they are no sizes. */
static cvy_status read_sizes(int *n, cvyi_size *dims, cvyi_py_eval *eval,
                             const cvyi_py_value *shape, cvy_error *err)
{
    const bool list = shape != NULL && (shape->type == CVYI_PY_V_LIST ||
                                        shape->type == CVYI_PY_V_TUPLE);

    *n = -1;
    if (shape == NULL || cvyi_py_opaque(shape) != NULL ||
        (!list && (shape->type != CVYI_PY_V_HOST ||
                   shape->host.type != &cvyi_tf_shape_type)))
        return CVY_OK;
    for (int i = 0; list && i < shape->seq->n; i++)
        if (cvyi_tf_as_size(eval, &shape->seq->items[i]) == NULL &&
            shape->seq->items[i].type != CVYI_PY_V_INT &&
            shape->seq->items[i].type != CVYI_PY_V_NONE)
            return CVY_OK;
    if (list && shape->seq->n > CVYI_MAX_DIMS)
        return CVY_OK;
    return cvyi_tf_read_shape(n, dims, eval, shape, err);
}

static bool is_same(const cvyi_type *type, const cvyi_size *dims, int n)
{
    bool same = n == type->rank;
    int open = 0;

    for (int i = 0; same && i < n; i++) {
        open += dims[i] == NULL;
        same = open < 2 && (dims[i] == NULL || dims[i] == type->dims[i]);
    }
    return same;
}

cvy_status cvyi_tf_reshape(cvyi_py_value *out, bool *known, cvyi_py_eval *eval,
                           const cvyi_py_call_args *args, cvy_error *err)
{
    const cvyi_py_value *const x = cvyi_tf_arg(args, 0, "tensor");
    const int result = x != NULL ? cvyi_tf_result(x) : -1;
    cvyi_size dims[CVYI_MAX_DIMS];
    int axes[CVYI_MAX_DIMS], n, n_axes;
    const cvyi_type *type;

    *known = false;
    if (result < 0)
        return CVY_OK;
    CVYI_TRY(read_sizes(&n, dims, eval, cvyi_tf_arg(args, 1, "shape"), err));
    type = cvyi_tf_type(eval, result);
    if (n < 0)
        return CVY_OK;
    *known = is_same(type, dims, n);
    if (*known) {
        *out = *x;
        return CVY_OK;
    }
    if (n > 2 && n < type->rank &&
        without_ones(axes, &n_axes, type->dims, type->rank, dims, n))
        return squeeze(out, known, eval, x, axes, n_axes, err);
    if (n > type->rank && (type->rank > 2 || n == 3) && type->rank > 1 &&
        without_ones(axes, &n_axes, dims, n, type->dims, type->rank))
        return expand(out, known, eval, x, axes, n_axes, err);
    return cvyi_tf_make_positions(out, known, eval, result, n, dims, err);
}
