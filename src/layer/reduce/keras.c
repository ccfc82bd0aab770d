/* layer/reduce/keras.c - Keras' words for one number along axes. */
#include "layer/adaptive.h"
#include "layer/keras.h"
#include "layer/marks.h"

/* ---- reading ---- */

static cvy_status from_reduction(cvyi_phrase *out, const cvyi_bound *call,
                                 const char *kind, cvy_error *err)
{
    bool reduced[CVYI_MAX_DIMS];
    bool keep;

    CVYI_TRY(cvyi_keras_input(NULL, out, call, call->in[0].rank,
                              CVYI_AXES_LAST, err));
    CVYI_TRY(cvyi_arg_bool(&keep, out, call, "keepdims", err));
    CVYI_TRY(cvyi_reduced_axes(reduced, out, call, "axis", err));
    return cvyi_reduction_add(out, call, kind, reduced, keep, "axis", err);
}

static cvy_status from_min(cvyi_phrase *out, const cvyi_bound *call,
                           cvy_error *err)
{
    CVYI_TRY(cvyi_keras_must_be_off(out, call, "initial",
                                    "leave this argument out", err));
    return from_reduction(out, call, "min", err);
}

/* The numbers are float32 and stay so. */
static cvy_status from_prod(cvyi_phrase *out, const cvyi_bound *call,
                            cvy_error *err)
{
    CVYI_TRY(cvyi_keras_must_be_off(out, call, "dtype",
                                    "leave this argument out", err));
    return from_reduction(out, call, "product", err);
}

#define FROM(function, kind)                                             \
    static cvy_status function(cvyi_phrase *out, const cvyi_bound *call, \
                               cvy_error *err)                           \
    {                                                                    \
        return from_reduction(out, call, kind, err);                     \
    }

FROM(from_sum, "sum")
FROM(from_amin, "min")
FROM(from_var, "variance")
FROM(from_std, "deviation")
FROM(from_logsumexp, "logsumexp")

/* ---- writing ---- */

static cvy_status say(cvyi_said *out, const cvyi_saying *what,
                      const char *kind, const char *word, cvy_error *err)
{
    int64_t axes[CVYI_MAX_DIMS];
    const int n = cvyi_marked(axes, what->attrs, "axes");

    if (!cvyi_attr_is(what->attrs, "kind", kind) || n == 0)
        return cvyi_fail(err, CVY_UNSUPPORTED, "this is another reduction");
    cvyi_code_begin(out, "ops.%s", word);
    cvyi_code_raw(out, NULL, "{0}");
    if (n == 1)
        cvyi_code_int(out, "axis", axes[0]);
    else
        cvyi_code_tuple(out, "axis", axes, n);
    cvyi_code_bool(out, "keepdims", true);
    cvyi_code_end(out);
    cvyi_reduction_means(out, what);
    return cvyi_text_status(&out->code, err);
}

#define SAY(function, kind, word)                                       \
    static cvy_status function(cvyi_said *out, const cvyi_saying *what, \
                               cvy_error *err)                          \
    {                                                                   \
        return say(out, what, kind, word, err);                         \
    }

SAY(to_max, "max", "max")
SAY(to_mean, "average", "mean")
SAY(to_min, "min", "min")
SAY(to_sum, "sum", "sum")
SAY(to_prod, "product", "prod")
SAY(to_var, "variance", "var")
SAY(to_std, "deviation", "std")
SAY(to_logsumexp, "logsumexp", "logsumexp")

/* clang-format off */
static const cvyi_argument arguments[] = {
    { "axis",     "reduced axes", NULL },
    { "keepdims", "keepdims",     NULL },
    { 0 }
};

#define FUNCTION(word, text, from, to)                              \
    { .dialect = "keras3", .name = "keras.ops." word,               \
      .signature = "x, axis=None, keepdims=False" text,             \
      .from_call = from, .form = CVYI_FORM_FUNCTION, .to_call = to, \
      .arguments = arguments }
#define SAID(word, to)                                              \
    { .dialect = "keras3", .name = "keras.ops." word,               \
      .form = CVYI_FORM_FUNCTION, .to_call = to }

const cvyi_spelling cvyi_reduce_keras[] = {
    FUNCTION("sum",  "",               from_sum,  to_sum),
    FUNCTION("min",  ", initial=None", from_min,  to_min),
    FUNCTION("amin", "",               from_amin, NULL),
    FUNCTION("prod", ", dtype=None",   from_prod, to_prod),
    FUNCTION("var",  "",               from_var,  to_var),
    FUNCTION("std",  "",               from_std,  to_std),
    FUNCTION("logsumexp", "", from_logsumexp, to_logsumexp),
    SAID("mean", to_mean),
    SAID("max",  to_max),
    { 0 }
};
/* clang-format on */
