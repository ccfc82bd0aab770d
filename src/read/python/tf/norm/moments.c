/*
 * read/python/tf/norm/moments.c - means and variances, and norms made of them.
 *
 * Those of each sample are tensors, and a norm made of them is arithmetic.
 * Those of a batch are no part of a network that was trained: they have names,
 * which moving averages are called after, and that is all that is known.
 */
#include "read/python/tf/norm/norm.h"

#include <string.h>

static bool is_host(const cvyi_py_value *value, const cvyi_py_host_type *type)
{
    return value != NULL && value->type == CVYI_PY_V_HOST &&
           value->host.type == type;
}

/* ---- what is known of a batch ---- */

const cvyi_tf_statistic *cvyi_tf_statistic_of(const cvyi_py_value *value)
{
    return is_host(value, &cvyi_tf_statistic_type) ? value->host.data : NULL;
}

static cvy_status give_shape(cvyi_py_value *out, cvyi_py_eval *eval,
                             const cvyi_py_value *self,
                             const cvyi_py_call_args *args, cvy_error *err)
{
    const cvyi_tf_statistic *const s = self->host.data;
    cvyi_size dims[CVYI_MAX_DIMS];

    (void)args;
    for (int i = 0; i < s->shape.rank; i++)
        dims[i] =
            cvyi_size_of(&cvyi_tf_of(eval)->trace->sizes, s->shape.dims[i]);
    return cvyi_tf_make_shape(out, eval, s->shape.rank, dims, err);
}

static const cvyi_py_host_type shape_type = {
    .name = "a method of a tensor",
    .call = give_shape,
};

static cvy_status get(cvyi_py_value *out, cvyi_py_eval *eval,
                      const cvyi_py_value *self, const char *name,
                      cvy_error *err)
{
    const cvyi_tf_statistic *const s = self->host.data;
    const char *text;

    if (strcmp(name, "shape") == 0)
        return give_shape(out, eval, self, NULL, err);
    if (strcmp(name, "get_shape") == 0) {
        *out = cvyi_py_host_value(&shape_type, (void *)s);
        return CVY_OK;
    }
    if (strcmp(name, "name") != 0)
        return cvyi_py_make_opaque(out, eval, err, "%s of %s", name,
                                   cvyi_tf_statistic_type.name);
    text = cvyi_arena_printf(cvyi_py_arena(eval), "%s:0", s->name);
    if (text == NULL)
        return cvyi_no_memory(err);
    return cvyi_py_make_text(out, eval, text, strlen(text), err);
}

const cvyi_py_host_type cvyi_tf_statistic_type = {
    .name = "the mean or variance of a batch",
    .get = get,
    .binary = cvyi_tf_binary,
    .unary = cvyi_tf_unary,
    .item = cvyi_tf_item,
};

static cvy_status statistic(cvyi_py_value *out, cvyi_py_eval *eval,
                            const cvyi_shape *shape, const char *name,
                            cvy_error *err)
{
    cvyi_tf_host *const host = cvyi_tf_of(eval);
    cvyi_tf_statistic *const kept =
        cvyi_arena_alloc(host->arena, 1, sizeof *kept);

    if (kept == NULL || name == NULL)
        return cvyi_no_memory(err);
    *kept = (cvyi_tf_statistic){ name, *shape, host->trace->n_results };
    *out = cvyi_py_host_value(&cvyi_tf_statistic_type, kept);
    return CVY_OK;
}

/* ---- tf.nn.moments ---- */

typedef struct moments {
    const cvyi_py_value *x, *axes;
    bool reduced[CVYI_MAX_DIMS];
    bool keep;
    const char *scope; /* of its operations */
} moments;

static cvy_status mark(moments *m, cvyi_py_eval *eval, int rank,
                       const cvyi_py_value *axis, cvy_error *err)
{
    const int64_t i = axis->type != CVYI_PY_V_INT ? rank
                      : axis->integer < 0         ? axis->integer + rank
                                                  : axis->integer;

    if (i < 0 || i >= rank)
        return cvyi_py_refuse(eval, err, "moments over %s of %d axes",
                              cvyi_py_describe(eval, axis), rank);
    m->reduced[i] = true;
    return CVY_OK;
}

static cvy_status open(moments *m, cvyi_py_eval *eval,
                       const cvyi_py_call_args *args, cvy_error *err)
{
    const cvyi_py_value *keep = cvyi_tf_arg(args, 4, "keep_dims");
    const char *const name = cvyi_tf_text(cvyi_tf_arg(args, 3, "name"));
    cvyi_py_value list;
    int rank;

    if (keep == NULL)
        keep = cvyi_tf_arg(args, 5, "keepdims");
    *m = (moments){ .x = cvyi_tf_arg(args, 0, "x"),
                    .axes = cvyi_tf_arg(args, 1, "axes"),
                    .keep = keep != NULL && keep->type == CVYI_PY_V_BOOL &&
                            keep->truth };
    if (m->x != NULL && m->x->type == CVYI_PY_V_HOST &&
        m->x->host.type == &cvyi_tf_variable_type)
        return cvyi_py_refuse(
            eval, err,
            "the moments of the variable %s: what is computed from weights "
            "alone is not carried over; compute it once, and make it the "
            "variable",
            ((const cvyi_tf_variable *)m->x->host.data)->name);
    if (m->x == NULL || m->axes == NULL || cvyi_tf_result(m->x) < 0)
        return cvyi_py_refuse(eval, err, "the moments of %s",
                              m->x != NULL ? cvyi_py_describe(eval, m->x)
                                           : "nothing");
    rank = cvyi_tf_type(eval, cvyi_tf_result(m->x))->rank;
    if (m->axes->type == CVYI_PY_V_INT) {
        CVYI_TRY(mark(m, eval, rank, m->axes, err));
    } else {
        CVYI_TRY(cvyi_py_eval_list(&list, eval, m->axes, err));
        for (int i = 0; i < list.seq->n; i++)
            CVYI_TRY(mark(m, eval, rank, &list.seq->items[i], err));
    }
    m->scope =
        cvyi_tf_unique(cvyi_tf_of(eval), name != NULL ? name : "moments");
    return m->scope != NULL ? CVY_OK : cvyi_no_memory(err);
}

/* Names without a value. */
static cvy_status of_batch(cvyi_py_value *pair, cvyi_py_eval *eval,
                           const moments *m, cvy_error *err)
{
    static const char *const names[2][2] = { { "Squeeze", "Squeeze_1" },
                                             { "mean", "variance" } };
    const cvyi_type *const type = cvyi_tf_type(eval, cvyi_tf_result(m->x));
    cvyi_shape shape = { 0 };

    for (int i = 0; i < type->rank; i++) {
        int64_t *const size = &shape.dims[shape.rank];

        if (m->reduced[i] && !m->keep)
            continue;
        *size = 1;
        if (!m->reduced[i] && !cvyi_size_constant(size, type->dims[i]))
            return cvyi_py_refuse(eval, err,
                                  "moments of a size that is not known");
        shape.rank++;
    }
    for (int i = 0; i < 2; i++)
        CVYI_TRY(statistic(&pair[i], eval, &shape,
                           cvyi_arena_printf(cvyi_tf_of(eval)->arena, "%s/%s",
                                             m->scope, names[m->keep][i]),
                           err));
    return CVY_OK;
}

/* Tensors: a variance is of the whole, not of one less. */
static cvy_status of_samples(cvyi_py_value *pair, cvyi_py_eval *eval,
                             const moments *m, cvy_error *err)
{
    static const char *const names[] = { "tf.reduce_mean",
                                         "tf.math.reduce_variance" };
    static const char *const keys[] = { "axis", "keepdims" };
    const cvyi_py_value given[] = { *m->axes, cvyi_py_bool(m->keep) };
    const cvyi_py_call_args args = { .n = 1,
                                     .values = m->x,
                                     .n_keywords = 2,
                                     .keywords = keys,
                                     .keyword_values = given };

    for (int i = 0; i < 2; i++) {
        bool known;

        CVYI_TRY(cvyi_tf_words(&pair[i], &known, eval, names[i], &args, err));
        CVYI_TRY(cvyi_tf_lose(eval, names[i], &args, &pair[i], err));
    }
    return CVY_OK;
}

static cvy_status moments_of(cvyi_py_value *out, cvyi_py_eval *eval,
                             const cvyi_py_call_args *args, cvy_error *err)
{
    cvyi_py_value pair[2];
    moments m;

    CVYI_TRY(open(&m, eval, args, err));
    CVYI_TRY((m.reduced[0] ? of_batch : of_samples)(pair, eval, &m, err));
    return cvyi_py_make_seq(out, eval, CVYI_PY_V_TUPLE, pair, 2, err);
}

/* ---- tf.nn.batch_normalization by what x itself has ---- */

static bool is_none(const cvyi_py_value *value)
{
    return value == NULL || value->type == CVYI_PY_V_NONE;
}

static cvy_status by_tensors(cvyi_py_value *out, bool *known,
                             cvyi_py_eval *eval, const cvyi_py_call_args *args,
                             cvy_error *err)
{
    const cvyi_py_value *const x = cvyi_tf_arg(args, 0, "x");
    const cvyi_py_value *const mean = cvyi_tf_arg(args, 1, "mean");
    const cvyi_py_value *const variance = cvyi_tf_arg(args, 2, "variance");
    const cvyi_py_value *const offset = cvyi_tf_arg(args, 3, "offset");
    const cvyi_py_value *const scale = cvyi_tf_arg(args, 4, "scale");
    const cvyi_py_value *const eps = cvyi_tf_arg(args, 5, "variance_epsilon");
    cvyi_py_value root;
    bool found;

    *known = x != NULL && mean != NULL && variance != NULL && eps != NULL &&
             cvyi_tf_result(x) >= 0 && cvyi_tf_result(mean) >= 0 &&
             cvyi_tf_result(variance) >= 0;
    if (!*known)
        return CVY_OK;
    /* What lacks axes is fitted from the last one in TensorFlow. */
    if (cvyi_tf_type(eval, cvyi_tf_result(mean))->rank !=
        cvyi_tf_type(eval, cvyi_tf_result(x))->rank)
        return cvyi_py_make_opaque(out, eval, err,
                                   "the mean of tf.nn.batch_normalization has "
                                   "other axes than its input: compute the "
                                   "moments with keep_dims=True");
    CVYI_TRY(cvyi_tf_binary(out, eval, "Sub", x, mean, err));
    CVYI_TRY(cvyi_tf_binary(&root, eval, "Add", variance, eps, err));

    const cvyi_py_call_args one = { .n = 1, .values = &root };
    cvyi_py_value divisor;

    CVYI_TRY(cvyi_tf_words(&divisor, &found, eval, "tf.sqrt", &one, err));
    CVYI_TRY(cvyi_tf_binary(out, eval, "Div", out, &divisor, err));
    if (!is_none(scale))
        CVYI_TRY(cvyi_tf_binary(out, eval, "Mult", out, scale, err));
    if (!is_none(offset))
        CVYI_TRY(cvyi_tf_binary(out, eval, "Add", out, offset, err));
    return CVY_OK;
}

/* ---- with tf.control_dependencies(…) ---- */

static cvy_status nothing(cvyi_py_value *out, cvyi_py_eval *eval,
                          const cvyi_py_value *self,
                          const cvyi_py_call_args *args, cvy_error *err)
{
    (void)eval;
    (void)self;
    (void)args;
    (void)err;
    *out = cvyi_py_none();
    return CVY_OK;
}

static const cvyi_py_host_type nothing_type = {
    .name = "a method of control dependencies",
    .call = nothing,
};

static cvy_status dependencies_get(cvyi_py_value *out, cvyi_py_eval *eval,
                                   const cvyi_py_value *self, const char *name,
                                   cvy_error *err)
{
    (void)eval;
    (void)self;
    (void)name;
    (void)err;
    *out = cvyi_py_host_value(&nothing_type, NULL);
    return CVY_OK;
}

/* What has to run first says nothing about numbers. */
static const cvyi_py_host_type dependencies_type = {
    .name = "control dependencies",
    .get = dependencies_get,
};

/* ---- the table ---- */

cvy_status cvyi_tf_normed(cvyi_py_value *out, bool *known, cvyi_py_eval *eval,
                          const char *dotted, const cvyi_py_call_args *args,
                          cvy_error *err)
{
    const cvyi_py_value *const first = cvyi_tf_arg(args, 0, "x");
    const cvyi_py_value *const opaque = cvyi_tf_first_opaque(args);

    *known = true;
    if (strcmp(dotted, "tf.train.ExponentialMovingAverage") == 0)
        return cvyi_tf_average(out, eval, args, err);
    if (strcmp(dotted, "tf.control_dependencies") == 0) {
        *out = cvyi_py_host_value(&dependencies_type, NULL);
        return CVY_OK;
    }
    if (strcmp(dotted, "tf.cast") == 0 && is_host(first, &cvyi_tf_mode_type)) {
        *out = *first;
        return CVY_OK;
    }
    *known = opaque == NULL;
    if (*known && strcmp(dotted, "tf.nn.moments") == 0)
        return moments_of(out, eval, args, err);
    if (*known && strcmp(dotted, "tf.nn.batch_normalization") == 0)
        return by_tensors(out, known, eval, args, err);
    if (opaque != NULL && strcmp(dotted, "tf.nn.moments") == 0) {
        *known = true;
        *out = *opaque;
        return CVY_OK;
    }
    *known = false;
    return CVY_OK;
}
