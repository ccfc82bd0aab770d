/* layer/reduce/tf.c - TensorFlow's functions for one number along axes. Those
 * for means and maxima stand with the global pools. */
#include "layer/adaptive.h"

static cvy_status from_reduction(cvyi_phrase *out, const cvyi_bound *call,
                                 const char *kind, cvy_error *err)
{
    bool reduced[CVYI_MAX_DIMS];
    bool keep = false;

    if (call->n_in != 1)
        return cvyi_refuse(&out->refusal, call->arena, err,
                           CVYI_ILLEGAL_IN_SOURCE, "x",
                           "correct this call in the source",
                           "it takes one tensor, not %d", call->n_in);
    if (!cvyi_is_none(cvyi_arg(call, "keepdims")))
        CVYI_TRY(cvyi_arg_bool(&keep, out, call, "keepdims", err));
    CVYI_TRY(cvyi_reduced_axes(reduced, out, call, "axis", err));
    return cvyi_reduction_add(out, call, kind, reduced, keep, "axis", err);
}

#define FROM(function, kind)                                             \
    static cvy_status function(cvyi_phrase *out, const cvyi_bound *call, \
                               cvy_error *err)                           \
    {                                                                    \
        return from_reduction(out, call, kind, err);                     \
    }

FROM(from_sum, "sum")
FROM(from_min, "min")
FROM(from_prod, "product")
FROM(from_variance, "variance")
FROM(from_std, "deviation")
FROM(from_logsumexp, "logsumexp")

/* clang-format off */
static const cvyi_argument arguments[] = {
    { "axis",     "reduced axes", NULL },
    { "keepdims", "keepdims",     NULL },
    { 0 }
};

#define ROW(word, from)                                             \
    { .dialect = "tf2", .name = word,                               \
      .signature = "x, axis=None, keepdims=False, name=None",       \
      .from_call = from, .form = CVYI_FORM_FUNCTION,                \
      .arguments = arguments }

const cvyi_spelling cvyi_reduce_tf[] = {
    ROW("tf.reduce_sum",      from_sum),
    ROW("tf.math.reduce_sum", from_sum),
    ROW("tf.reduce_min",      from_min),
    ROW("tf.math.reduce_min", from_min),
    ROW("tf.reduce_prod",           from_prod),
    ROW("tf.math.reduce_prod",      from_prod),
    ROW("tf.math.reduce_variance",  from_variance),
    ROW("tf.math.reduce_std",       from_std),
    ROW("tf.reduce_logsumexp",      from_logsumexp),
    ROW("tf.math.reduce_logsumexp", from_logsumexp),
    { 0 }
};
/* clang-format on */
