/* layer/pointwise/keras.c - Keras' words for functions of each element. */
#include <math.h>
#include <string.h>

#include "layer/pointwise/functions.h"
#include "layer/words.h"

/* The function is called as in Keras and its parameters follow x. */
static cvy_status from_same_name(cvyi_phrase *out, const cvyi_bound *call,
                                 cvy_error *err)
{
    const char *const name = strrchr(call->spelling->name, '.') + 1;
    double params[CVYI_FUNCTION_PARAMS] = { 0 };

    for (int i = 1; i < call->n; i++)
        CVYI_TRY(
            cvyi_arg_double(&params[i - 1], out, call, call->names[i], err));
    return cvyi_function_step(out, call, name, params, err);
}

static cvy_status from_swish(cvyi_phrase *out, const cvyi_bound *call,
                             cvy_error *err)
{
    return cvyi_function_step(out, call, "silu", NULL, err);
}

static cvy_status from_hard_swish(cvyi_phrase *out, const cvyi_bound *call,
                                  cvy_error *err)
{
    return cvyi_function_step(out, call, "hard_silu", NULL, err);
}

static cvy_status from_hard_tanh(cvyi_phrase *out, const cvyi_bound *call,
                                 cvy_error *err)
{
    static const double unit[] = { -1, 1 };

    return cvyi_function_step(out, call, "clip", unit, err);
}

static cvy_status from_relu6(cvyi_phrase *out, const cvyi_bound *call,
                             cvy_error *err)
{
    static const double six[] = { 0, 6 };

    return cvyi_function_step(out, call, "clip", six, err);
}

static cvy_status from_gelu(cvyi_phrase *out, const cvyi_bound *call,
                            cvy_error *err)
{
    bool approximate;

    CVYI_TRY(cvyi_arg_bool(&approximate, out, call, "approximate", err));
    return cvyi_function_step(out, call, approximate ? "gelu_tanh" : "gelu",
                              NULL, err);
}

static cvy_status illegal(cvyi_phrase *out, const cvyi_bound *call,
                          const char *name, double value, cvy_error *err)
{
    return cvyi_refuse(&out->refusal, call->arena, err, CVYI_ILLEGAL_IN_SOURCE,
                       name, "correct this argument in the source",
                       "%s must not be below 0, not %g", name, value);
}

/* A number that the layer insists to be 0 or more. */
static cvy_status arg_not_negative(double *out, cvyi_phrase *phrase,
                                   const cvyi_bound *call, const char *name,
                                   cvy_error *err)
{
    double value;

    CVYI_TRY(cvyi_arg_double(&value, phrase, call, name, err));
    if (!(value >= 0))
        return illegal(phrase, call, name, value, err);
    *out = value;
    return CVY_OK;
}

/* ReLU's three arguments: the simplest function that they amount to. */
static cvy_status from_relu(cvyi_phrase *out, const cvyi_bound *call,
                            cvy_error *err)
{
    const bool bounded = !cvyi_is_none(cvyi_arg(call, "max_value"));
    double slope, threshold, most = INFINITY;

    CVYI_TRY(arg_not_negative(&slope, out, call, "negative_slope", err));
    CVYI_TRY(arg_not_negative(&threshold, out, call, "threshold", err));
    if (bounded)
        CVYI_TRY(arg_not_negative(&most, out, call, "max_value", err));

    const double all[] = { slope, threshold, most };
    const double ends[] = { 0, most };

    if (slope == 0 && threshold == 0 && bounded)
        return cvyi_function_step(out, call, "clip", ends, err);
    if (slope == 0 && threshold == 0)
        return cvyi_function_step(out, call, "relu", NULL, err);
    if (slope == 0 && !bounded)
        return cvyi_function_step(out, call, "threshold",
                                  (const double[]){ threshold, 0 }, err);
    if (threshold == 0 && !bounded)
        return cvyi_function_step(out, call, "leaky_relu", &slope, err);
    return cvyi_function_step(out, call, "general_relu", all, err);
}

static cvy_status from_leaky_relu(cvyi_phrase *out, const cvyi_bound *call,
                                  cvy_error *err)
{
    double slope;

    CVYI_TRY(arg_not_negative(&slope, out, call, "negative_slope", err));
    return cvyi_function_step(out, call, "leaky_relu", &slope, err);
}

static cvy_status from_elu_layer(cvyi_phrase *out, const cvyi_bound *call,
                                 cvy_error *err)
{
    double alpha;

    CVYI_TRY(cvyi_arg_double(&alpha, out, call, "alpha", err));
    return cvyi_function_step(out, call, "elu", &alpha, err);
}

#define ACTIVATION(word, text, from)                            \
    {                                                           \
        .dialect = "keras3", .name = "keras.activations." word, \
        .signature = text, .from_call = from                    \
    }
#define LAYER(word, text, from)                                               \
    {                                                                         \
        .dialect = "keras3", .name = "keras.layers." word, .signature = text, \
        .from_call = from                                                     \
    }

/* clang-format off */
const cvyi_spelling cvyi_pointwise_keras[] = {
    ACTIVATION("celu",           "x, alpha=1.0",         from_same_name),
    ACTIVATION("elu",            "x, alpha=1.0",         from_same_name),
    ACTIVATION("exponential",    "x",                    from_same_name),
    ACTIVATION("gelu",           "x, approximate=False", from_gelu),
    ACTIVATION("hard_shrink",    "x, threshold=0.5",     from_same_name),
    ACTIVATION("hard_sigmoid",   "x",                    from_same_name),
    ACTIVATION("hard_silu",      "x",                    from_same_name),
    ACTIVATION("hard_swish",     "x",                    from_hard_swish),
    ACTIVATION("hard_tanh",      "x",                    from_hard_tanh),
    ACTIVATION("leaky_relu",     "x, negative_slope=0.2", from_same_name),
    ACTIVATION("log_sigmoid",    "x",                    from_same_name),
    ACTIVATION("mish",           "x",                    from_same_name),
    ACTIVATION("relu",
               "x, negative_slope=0.0, max_value=None, threshold=0.0",
               from_relu),
    ACTIVATION("relu6",          "x",                    from_relu6),
    ACTIVATION("selu",           "x",                    from_same_name),
    ACTIVATION("sigmoid",        "x",                    from_same_name),
    ACTIVATION("silu",           "x",                    from_same_name),
    ACTIVATION("soft_shrink",    "x, threshold=0.5",     from_same_name),
    ACTIVATION("softplus",       "x",                    from_same_name),
    ACTIVATION("softsign",       "x",                    from_same_name),
    ACTIVATION("sparse_plus",    "x",                    from_same_name),
    ACTIVATION("sparse_sigmoid", "x",                    from_same_name),
    ACTIVATION("squareplus",     "x, b=4",               from_same_name),
    ACTIVATION("swish",          "x",                    from_swish),
    ACTIVATION("tanh",           "x",                    from_same_name),
    ACTIVATION("tanh_shrink",    "x",                    from_same_name),
    ACTIVATION("threshold",      "x, threshold, default_value",
               from_same_name),
    LAYER("ReLU",
          "max_value=None, negative_slope=0.0, threshold=0.0, **kwargs",
          from_relu),
    LAYER("LeakyReLU", "negative_slope=0.3, **kwargs", from_leaky_relu),
    LAYER("ELU",       "alpha=1.0, **kwargs",          from_elu_layer),
    { 0 }
};
/* clang-format on */
