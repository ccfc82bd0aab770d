/*
 * read/python/tf/composed.c - functions that are others of TensorFlow, one
 * after the other: a norm of numbers is the root of a sum of squares.
 */
#include "read/python/tf/host.h"

#include <string.h>

/* A function of words on values; *known false: it is none. What is not known
 * stays so. */
static cvy_status apply(cvyi_py_value *out, bool *known, cvyi_py_eval *eval,
                        const char *dotted, const cvyi_py_value *values, int n,
                        cvy_error *err)
{
    const cvyi_py_call_args args = { .n = n, .values = values };

    return cvyi_tf_words(out, known, eval, dotted, &args, err);
}

static cvy_status then(cvyi_py_value *out, bool *known, cvyi_py_eval *eval,
                       const char *dotted, cvy_error *err)
{
    const cvyi_py_value x = *out;

    return *known ? apply(out, known, eval, dotted, &x, 1, err) : CVY_OK;
}

static int rank_of(const cvyi_py_eval *eval, const cvyi_py_value *x)
{
    return x != NULL && cvyi_tf_result(x) >= 0
               ? cvyi_tf_type(eval, cvyi_tf_result(x))->rank
               : 0;
}

/* ---- pairs ---- */

static cvy_status pair(cvyi_py_value *out, bool *known, cvyi_py_eval *eval,
                       const cvyi_py_call_args *args, const char *between,
                       const char *after, cvy_error *err)
{
    const cvyi_py_value *const x = cvyi_tf_arg(args, 0, "x");
    const cvyi_py_value *const y = cvyi_tf_arg(args, 1, "y");

    *known = x != NULL && y != NULL;
    if (!*known)
        return CVY_OK;
    CVYI_TRY(apply(out, known, eval, between,
                   (const cvyi_py_value[]){ *x, *y }, 2, err));
    return then(out, known, eval, after, err);
}

static cvy_status squared_difference(cvyi_py_value *out, bool *known,
                                     cvyi_py_eval *eval,
                                     const cvyi_py_call_args *args,
                                     cvy_error *err)
{
    return pair(out, known, eval, args, "tf.subtract", "tf.square", err);
}

static cvy_status floordiv(cvyi_py_value *out, bool *known, cvyi_py_eval *eval,
                           const cvyi_py_call_args *args, cvy_error *err)
{
    return pair(out, known, eval, args, "tf.divide", "tf.floor", err);
}

/* scalar_mul(scalar, x) */
static cvy_status scalar_mul(cvyi_py_value *out, bool *known,
                             cvyi_py_eval *eval, const cvyi_py_call_args *args,
                             cvy_error *err)
{
    const cvyi_py_value *const scalar = cvyi_tf_arg(args, 0, "scalar");
    const cvyi_py_value *const x = cvyi_tf_arg(args, 1, "x");

    *known = scalar != NULL && x != NULL;
    return *known ? apply(out, known, eval, "tf.multiply",
                          (const cvyi_py_value[]){ *x, *scalar }, 2, err)
                  : CVY_OK;
}

/* accumulate_n(inputs, shape, dtype) */
static cvy_status accumulate_n(cvyi_py_value *out, bool *known,
                               cvyi_py_eval *eval,
                               const cvyi_py_call_args *args, cvy_error *err)
{
    const cvyi_py_value *const list = cvyi_tf_arg(args, 0, "inputs");

    *known = list != NULL;
    return *known ? apply(out, known, eval, "tf.add_n", list, 1, err) : CVY_OK;
}

/* ---- axes ---- */

/* norm(x, ord, axis, keepdims): of the squares, or the magnitudes, along an
 * axis; of two axes the squares alone. */
static cvy_status norm(cvyi_py_value *out, bool *known, cvyi_py_eval *eval,
                       const cvyi_py_call_args *args, cvy_error *err)
{
    const cvyi_py_value *const x = cvyi_tf_arg(args, 0, "tensor");
    const cvyi_py_value *const kind = cvyi_tf_arg(args, 1, "ord");
    const cvyi_py_value *const axis = cvyi_tf_arg(args, 2, "axis");
    const cvyi_py_value *keep = cvyi_tf_arg(args, 3, "keepdims");
    const char *const word = cvyi_tf_text(kind);
    const double order = kind == NULL ? 2 : cvyi_tf_number(kind, 0);
    const bool one = axis != NULL && axis->type == CVYI_PY_V_INT;
    const bool root = kind == NULL ||
                      (word != NULL && strcmp(word, "euclidean") == 0) ||
                      (one && word == NULL && order == 2);
    cvyi_py_value values[3];

    keep = keep != NULL ? keep : cvyi_tf_arg(args, -1, "keep_dims");
    *known = rank_of(eval, x) > 0 && axis != NULL &&
             axis->type != CVYI_PY_V_NONE &&
             (root || (one && word == NULL && order == 1));
    if (!*known)
        return CVY_OK;
    values[1] = *axis;
    values[2] = keep != NULL ? *keep : cvyi_py_bool(false);
    CVYI_TRY(apply(&values[0], known, eval, root ? "tf.square" : "tf.abs", x,
                   1, err));
    if (*known)
        CVYI_TRY(apply(out, known, eval, "tf.reduce_sum", values, 3, err));
    return root ? then(out, known, eval, "tf.sqrt", err) : CVY_OK;
}

/* The last two axes change places. */
static cvy_status matrix_transpose(cvyi_py_value *out, bool *known,
                                   cvyi_py_eval *eval,
                                   const cvyi_py_call_args *args,
                                   cvy_error *err)
{
    const cvyi_py_value *const x = cvyi_tf_arg(args, 0, "a");
    const int rank = rank_of(eval, x);
    cvyi_py_value axes[CVYI_MAX_DIMS], values[2];

    *known = rank > 2;
    if (!*known)
        return CVY_OK;
    for (int i = 0; i < rank; i++)
        axes[i] = cvyi_py_int(i < rank - 2 ? i : 2 * rank - 3 - i);
    values[0] = *x;
    CVYI_TRY(
        cvyi_py_make_seq(&values[1], eval, CVYI_PY_V_LIST, axes, rank, err));
    return apply(out, known, eval, "tf.transpose", values, 2, err);
}

/* Pictures of a batch are turned around an axis. */
static cvy_status turned(cvyi_py_value *out, bool *known, cvyi_py_eval *eval,
                         const cvyi_py_call_args *args, int axis,
                         cvy_error *err)
{
    const cvyi_py_value *const x = cvyi_tf_arg(args, 0, "image");
    const cvyi_py_value along = cvyi_py_int(axis);
    cvyi_py_value values[2];

    *known = rank_of(eval, x) == 4;
    if (!*known)
        return CVY_OK;
    values[0] = *x;
    CVYI_TRY(
        cvyi_py_make_seq(&values[1], eval, CVYI_PY_V_LIST, &along, 1, err));
    return apply(out, known, eval, "tf.reverse", values, 2, err);
}

static cvy_status flip_left_right(cvyi_py_value *out, bool *known,
                                  cvyi_py_eval *eval,
                                  const cvyi_py_call_args *args,
                                  cvy_error *err)
{
    return turned(out, known, eval, args, 2, err);
}

static cvy_status flip_up_down(cvyi_py_value *out, bool *known,
                               cvyi_py_eval *eval,
                               const cvyi_py_call_args *args, cvy_error *err)
{
    return turned(out, known, eval, args, 1, err);
}

/* What is above 0 beside what is below. */
static cvy_status crelu(cvyi_py_value *out, bool *known, cvyi_py_eval *eval,
                        const cvyi_py_call_args *args, cvy_error *err)
{
    const cvyi_py_value *const x = cvyi_tf_arg(args, 0, "features");
    const cvyi_py_value *const axis = cvyi_tf_arg(args, 2, "axis");
    cvyi_py_value both[2], values[2];

    *known = rank_of(eval, x) > 0;
    if (!*known)
        return CVY_OK;
    both[0] = *x;
    CVYI_TRY(apply(&both[1], known, eval, "tf.negative", x, 1, err));
    if (!*known || cvyi_tf_result(&both[1]) < 0) {
        *out = both[1];
        return CVY_OK;
    }
    CVYI_TRY(cvyi_py_make_seq(&values[0], eval, CVYI_PY_V_LIST, both, 2, err));
    values[1] = axis != NULL ? *axis : cvyi_py_int(-1);
    CVYI_TRY(apply(out, known, eval, "tf.concat", values, 2, err));
    return then(out, known, eval, "tf.nn.relu", err);
}

static const struct {
    const char *name;
    cvy_status (*run)(cvyi_py_value *out, bool *known, cvyi_py_eval *eval,
                      const cvyi_py_call_args *args, cvy_error *err);
} table[] = {
    { "tf.squared_difference", squared_difference },
    { "tf.math.squared_difference", squared_difference },
    { "tf.floordiv", floordiv },
    { "tf.floor_div", floordiv },
    { "tf.math.floordiv", floordiv },
    { "tf.scalar_mul", scalar_mul },
    { "tf.math.scalar_mul", scalar_mul },
    { "tf.accumulate_n", accumulate_n },
    { "tf.math.accumulate_n", accumulate_n },
    { "tf.norm", norm },
    { "tf.linalg.norm", norm },
    { "tf.matrix_transpose", matrix_transpose },
    { "tf.linalg.matrix_transpose", matrix_transpose },
    { "tf.linalg.transpose", matrix_transpose },
    { "tf.image.flip_left_right", flip_left_right },
    { "tf.image.flip_up_down", flip_up_down },
    { "tf.nn.crelu", crelu },
};

/* The same under another name. */
static const char *const renamed[][2] = {
    { "tf.reverse_v2", "tf.reverse" },
    { "tf.math.rint", "tf.round" },
    { "tf.rint", "tf.round" },
};

cvy_status cvyi_tf_composed(cvyi_py_value *out, bool *known,
                            cvyi_py_eval *eval, const char *dotted,
                            const cvyi_py_call_args *args, cvy_error *err)
{
    const cvyi_py_value *const opaque = cvyi_tf_first_opaque(args);

    *known = false;
    for (size_t i = 0; i < sizeof renamed / sizeof *renamed; i++)
        if (strcmp(renamed[i][0], dotted) == 0)
            return cvyi_tf_words(out, known, eval, renamed[i][1], args, err);
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        if (strcmp(table[i].name, dotted) != 0)
            continue;
        *known = opaque != NULL;
        if (opaque == NULL)
            return table[i].run(out, known, eval, args, err);
        *out = *opaque;
    }
    return CVY_OK;
}
