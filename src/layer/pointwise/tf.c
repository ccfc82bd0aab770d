/* layer/pointwise/tf.c - TensorFlow's functions of each element. */
#include <math.h>
#include <string.h>

#include "layer/pointwise/functions.h"
#include "layer/pointwise/math.h"
#include "layer/torch_number.h"

/* The function is called as in TensorFlow. */
static cvy_status from_same_name(cvyi_phrase *out, const cvyi_bound *call,
                                 cvy_error *err)
{
    return cvyi_function_step(
        out, call, strrchr(call->spelling->name, '.') + 1, NULL, err);
}

static cvy_status from_exp(cvyi_phrase *out, const cvyi_bound *call,
                           cvy_error *err)
{
    return cvyi_function_step(out, call, "exponential", NULL, err);
}

static cvy_status from_relu6(cvyi_phrase *out, const cvyi_bound *call,
                             cvy_error *err)
{
    static const double six[] = { 0, 6 };

    return cvyi_function_step(out, call, "clip", six, err);
}

static cvy_status from_leaky_relu(cvyi_phrase *out, const cvyi_bound *call,
                                  cvy_error *err)
{
    double alpha;

    CVYI_TRY(cvyi_arg_double(&alpha, out, call, "alpha", err));
    return cvyi_function_step(out, call, "leaky_relu", &alpha, err);
}

static cvy_status from_elu(cvyi_phrase *out, const cvyi_bound *call,
                           cvy_error *err)
{
    static const double one = 1;

    return cvyi_function_step(out, call, "elu", &one, err);
}

static cvy_status from_gelu(cvyi_phrase *out, const cvyi_bound *call,
                            cvy_error *err)
{
    bool approximate;

    CVYI_TRY(cvyi_arg_bool(&approximate, out, call, "approximate", err));
    return cvyi_function_step(out, call, approximate ? "gelu_tanh" : "gelu",
                              NULL, err);
}

/* x sigmoid(beta x), which is silu(beta x) / beta. */
static cvy_status from_silu(cvyi_phrase *out, const cvyi_bound *call,
                            cvy_error *err)
{
    double beta;

    CVYI_TRY(cvyi_arg_double(&beta, out, call, "beta", err));
    if (!isfinite(beta))
        return cvyi_refuse(&out->refusal, call->arena, err, CVYI_NOT_SUPPORTED,
                           "beta", "use a beta that is a number",
                           "a beta of %g is not carried over", beta);
    if (beta == 0)
        return cvyi_torch_rescale(out, call, 0.5, false, 0, err);
    if (beta != 1)
        CVYI_TRY(cvyi_torch_rescale(out, call, beta, false, 0, err));
    CVYI_TRY(cvyi_function_step(out, call, "silu", NULL, err));
    if (beta != 1)
        CVYI_TRY(cvyi_torch_rescale(out, call, beta, true, 0, err));
    return CVY_OK;
}

static cvy_status from_crelu(cvyi_phrase *out, const cvyi_bound *call,
                             cvy_error *err)
{
    return cvyi_refuse(&out->refusal, call->arena, err, CVYI_NOT_SUPPORTED, "",
                       "write it as concat([relu(x), relu(-x)], axis)",
                       "crelu uses its input twice, which is no single "
                       "layer");
}

/* Where they are the wrong way round the least wins. */
static cvy_status from_clip(cvyi_phrase *out, const cvyi_bound *call,
                            cvy_error *err)
{
    double ends[2];

    CVYI_TRY(cvyi_arg_double(&ends[0], out, call, "clip_value_min", err));
    CVYI_TRY(cvyi_arg_double(&ends[1], out, call, "clip_value_max", err));
    if (isnan(ends[0]) || isnan(ends[1]))
        return cvyi_refuse(&out->refusal, call->arena, err, CVYI_NOT_SUPPORTED,
                           "clip_value_min", "cut at numbers",
                           "NaN is not carried over");
    if (ends[0] > ends[1])
        ends[1] = ends[0];
    return cvyi_function_step(out, call, "clip", ends, err);
}

/* clang-format off */
static const cvyi_argument none[] = { { 0 } };
static const cvyi_argument slope[] = {
    { "alpha", "slope", NULL }, { 0 }
};
static const cvyi_argument approximate[] = {
    { "approximate", "approximation", "False is exact" },
    { 0 }
};
static const cvyi_argument beta[] = {
    { "beta", "beta", "x * sigmoid(beta * x)" }, { 0 }
};
static const cvyi_argument ends[] = {
    { "clip_value_min", "minimum", NULL },
    { "clip_value_max", "maximum", NULL },
    { 0 }
};

#define ROW(version, text, made, from, table)                \
    {                                                        \
        .dialect = version, .name = text, .signature = made, \
        .from_call = from, .form = CVYI_FORM_FUNCTION,       \
        .arguments = table                                   \
    }
/* TensorFlow 1 and 2 */
#define BOTH(text, made, from, table)     \
    ROW("tf2", text, made, from, table),  \
    ROW("tf1", text, made, from, table)
#define X "x, name=None"
#define SAME from_same_name

const cvyi_spelling cvyi_pointwise_tf[] = {
    BOTH("tf.nn.relu",          X, SAME,       none),
    BOTH("tf.nn.relu6",         X, from_relu6, none),
    BOTH("tf.nn.leaky_relu",    "x, alpha=0.2, name=None", from_leaky_relu,
         slope),
    BOTH("tf.nn.elu",           X, from_elu,   none),
    BOTH("tf.nn.selu",          X, SAME,       none),
    ROW("tf2", "tf.nn.gelu",    "x, approximate=False, name=None", from_gelu,
        approximate),
    BOTH("tf.nn.silu",          "x, beta=1.0", from_silu, beta),
    BOTH("tf.nn.swish",         "x, beta=1.0", from_silu, beta),
    BOTH("tf.nn.softplus",      X, SAME,       none),
    BOTH("tf.math.softplus",    X, SAME,       none),
    BOTH("tf.nn.softsign",      X, SAME,       none),
    BOTH("tf.math.softsign",    X, SAME,       none),
    BOTH("tf.nn.sigmoid",       X, SAME,       none),
    BOTH("tf.math.sigmoid",     X, SAME,       none),
    BOTH("tf.sigmoid",          X, SAME,       none),
    BOTH("tf.nn.tanh",          X, SAME,       none),
    BOTH("tf.math.tanh",        X, SAME,       none),
    BOTH("tf.tanh",             X, SAME,       none),
    BOTH("tf.math.log_sigmoid", X, SAME,       none),
    ROW("tf1", "tf.log_sigmoid", X, SAME,      none),
    BOTH("tf.math.exp",         X, from_exp,   none),
    BOTH("tf.exp",              X, from_exp,   none),
    BOTH("tf.clip_by_value",
         "x, clip_value_min, clip_value_max, name=None", from_clip, ends),
#define MATH(function, Class, torch, keras, tf) \
    BOTH("tf.math." tf, X, cvyi_math_from_name, none),
#include "layer/pointwise/math.def"
#undef MATH
    BOTH("tf.abs",              X, cvyi_math_from_name, none),
    BOTH("tf.cos",              X, cvyi_math_from_name, none),
    BOTH("tf.floor",            X, cvyi_math_from_name, none),
    BOTH("tf.round",            X, cvyi_math_from_name, none),
    BOTH("tf.math.round",       X, cvyi_math_from_name, none),
    BOTH("tf.sign",             X, cvyi_math_from_name, none),
    BOTH("tf.sin",              X, cvyi_math_from_name, none),
    BOTH("tf.sqrt",             X, cvyi_math_from_name, none),
    BOTH("tf.square",           X, cvyi_math_from_name, none),
    BOTH("tf.pow",              "x, y, name=None", cvyi_power_from_pair,
         NULL),
    BOTH("tf.math.pow",         "x, y, name=None", cvyi_power_from_pair,
         NULL),
    ROW("tf2", "tf.nn.crelu",   "x, axis=-1, name=None", from_crelu, none),
    ROW("tf1", "tf.nn.crelu",   "x, name=None, axis=-1", from_crelu, none),
    { 0 }
};
/* clang-format on */
