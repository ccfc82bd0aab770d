/* layer/pointwise/keras.c - Keras' words for functions of each element. */
#include <math.h>
#include <string.h>

#include "layer/pointwise/keras.h"
#include "layer/pointwise/math.h"

#include "layer/torch_number.h"

/* ---- one function each ---- */

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

static cvy_status from_silu(cvyi_phrase *out, const cvyi_bound *call,
                            cvy_error *err)
{
    return cvyi_function_step(out, call, "silu", NULL, err);
}

static cvy_status from_hard_silu(cvyi_phrase *out, const cvyi_bound *call,
                                 cvy_error *err)
{
    return cvyi_function_step(out, call, "hard_silu", NULL, err);
}

static cvy_status from_exp(cvyi_phrase *out, const cvyi_bound *call,
                           cvy_error *err)
{
    return cvyi_function_step(out, call, "exponential", NULL, err);
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

/* Keras 2: clip(0.2 x + 0.5, 0, 1). */
static cvy_status from_steep_sigmoid(cvyi_phrase *out, const cvyi_bound *call,
                                     cvy_error *err)
{
    static const double unit[] = { 0, 1 };

    cvyi_phrase_remark(out, "Keras 2's hard_sigmoid is clip(0.2 x + 0.5, 0, "
                            "1); that of Keras 3 and of torch has the slope "
                            "1/6");
    CVYI_TRY(cvyi_torch_rescale(out, call, 0.2, false, 0.5, err));
    out->steps[out->n - 1].label = "scale";
    return cvyi_function_step(out, call, "clip", unit, err);
}

static cvy_status not_supported(cvyi_phrase *out, const cvyi_bound *call,
                                const char *name, double value,
                                const char *advice, cvy_error *err)
{
    return cvyi_refuse(&out->refusal, call->arena, err, CVYI_NOT_SUPPORTED,
                       name, advice, "%s of %g is not carried over", name,
                       value);
}

static cvy_status from_celu(cvyi_phrase *out, const cvyi_bound *call,
                            cvy_error *err)
{
    double alpha;

    CVYI_TRY(cvyi_arg_double(&alpha, out, call, "alpha", err));
    if (alpha == 0)
        return not_supported(out, call, "alpha", alpha,
                             "use relu: Keras divides by alpha", err);
    return cvyi_function_step(out, call, "celu", &alpha, err);
}

static cvy_status from_squareplus(cvyi_phrase *out, const cvyi_bound *call,
                                  cvy_error *err)
{
    double b;

    CVYI_TRY(cvyi_arg_double(&b, out, call, "b", err));
    if (!(b >= 0))
        return not_supported(out, call, "b", b, "use a b of 0 or more", err);
    return cvyi_function_step(out, call, b > 0 ? "squareplus" : "relu", &b,
                              err);
}

/* As Python takes a value for a condition. */
static bool is_true(const cvyi_value *value)
{
    double number = 0;

    switch (value->kind) {
    case CVYI_NONE:
        return false;
    case CVYI_BOOL:
        return value->truth;
    case CVYI_TEXT:
        return value->text[0] != '\0';
    case CVYI_LIST:
    case CVYI_DICT:
        return value->n > 0;
    default:
        return !cvyi_as_double(&number, value) || number != 0;
    }
}

static cvy_status from_gelu(cvyi_phrase *out, const cvyi_bound *call,
                            cvy_error *err)
{
    const bool approximate = is_true(cvyi_arg(call, "approximate"));

    return cvyi_function_step(out, call, approximate ? "gelu_tanh" : "gelu",
                              NULL, err);
}

/* ---- numbers that layers insist on ---- */

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

const char *cvyi_relu_function(double *params, const cvyi_relu *relu)
{
    const bool bounded = !isinf(relu->most);

    params[0] = params[1] = params[2] = 0;
    if (relu->slope == 0 && relu->threshold == 0) {
        params[1] = bounded ? relu->most : 0;
        return bounded ? "clip" : "relu";
    }
    if (relu->slope == 0 && !bounded) {
        params[0] = relu->threshold;
        return "threshold";
    }
    params[0] = relu->slope;
    if (relu->threshold == 0 && !bounded)
        return "leaky_relu";
    params[1] = relu->threshold;
    params[2] = relu->most;
    return "general_relu";
}

static cvy_status add_relu(cvyi_phrase *out, const cvyi_bound *call,
                           const cvyi_relu *relu, cvy_error *err)
{
    double params[CVYI_FUNCTION_PARAMS];
    const char *const function = cvyi_relu_function(params, relu);

    return cvyi_function_step(out, call, function, params, err);
}

/* The layer: three numbers of 0 or more. */
static cvy_status from_relu_layer(cvyi_phrase *out, const cvyi_bound *call,
                                  cvy_error *err)
{
    cvyi_relu r = { .most = INFINITY };

    CVYI_TRY(arg_not_negative(&r.slope, out, call, "negative_slope", err));
    CVYI_TRY(arg_not_negative(&r.threshold, out, call, "threshold", err));
    if (!cvyi_is_none(cvyi_arg(call, "max_value")))
        CVYI_TRY(arg_not_negative(&r.most, out, call, "max_value", err));
    return add_relu(out, call, &r, err);
}

/* The function takes any numbers: max_value cuts at 0 too then. */
static cvy_status read_relu(cvyi_phrase *out, const cvyi_bound *call,
                            const char *slope, cvy_error *err)
{
    const bool bounded = !cvyi_is_none(cvyi_arg(call, "max_value"));
    cvyi_relu r = { .most = INFINITY };

    CVYI_TRY(cvyi_arg_double(&r.slope, out, call, slope, err));
    CVYI_TRY(cvyi_arg_double(&r.threshold, out, call, "threshold", err));
    if (bounded)
        CVYI_TRY(cvyi_arg_double(&r.most, out, call, "max_value", err));
    if (bounded && !(r.most >= 0))
        return not_supported(out, call, "max_value", r.most,
                             "use a maximum of 0 or more", err);
    if (bounded && r.threshold < 0)
        return not_supported(out, call, "threshold", r.threshold,
                             "use a threshold of 0 or more, or no maximum",
                             err);
    return add_relu(out, call, &r, err);
}

static cvy_status from_relu(cvyi_phrase *out, const cvyi_bound *call,
                            cvy_error *err)
{
    return read_relu(out, call, "negative_slope", err);
}

/* Keras 2 calls the slope alpha. */
static cvy_status from_relu_alpha(cvyi_phrase *out, const cvyi_bound *call,
                                  cvy_error *err)
{
    return read_relu(out, call, "alpha", err);
}

/* ops.relu takes x alone. */
static cvy_status from_plain_relu(cvyi_phrase *out, const cvyi_bound *call,
                                  cvy_error *err)
{
    return cvyi_function_step(out, call, "relu", NULL, err);
}

/* Keras 3 still knows the slope by its old name, which wins. */
static cvy_status from_leaky_relu(cvyi_phrase *out, const cvyi_bound *call,
                                  cvy_error *err)
{
    const bool old = !cvyi_is_none(cvyi_arg(call, "alpha"));
    double slope;

    CVYI_TRY(arg_not_negative(&slope, out, call,
                              old ? "alpha" : "negative_slope", err));
    return cvyi_function_step(out, call, "leaky_relu", &slope, err);
}

/* Keras 2 takes any slope. */
static cvy_status from_leaky_relu_2(cvyi_phrase *out, const cvyi_bound *call,
                                    cvy_error *err)
{
    double slope;

    CVYI_TRY(cvyi_arg_double(&slope, out, call, "alpha", err));
    return cvyi_function_step(out, call, "leaky_relu", &slope, err);
}

static cvy_status from_thresholded(cvyi_phrase *out, const cvyi_bound *call,
                                   cvy_error *err)
{
    double params[CVYI_FUNCTION_PARAMS] = { 0 };

    CVYI_TRY(arg_not_negative(&params[0], out, call, "theta", err));
    return cvyi_function_step(out, call, "threshold", params, err);
}

static cvy_status from_elu_layer(cvyi_phrase *out, const cvyi_bound *call,
                                 cvy_error *err)
{
    double alpha;

    CVYI_TRY(cvyi_arg_double(&alpha, out, call, "alpha", err));
    return cvyi_function_step(out, call, "elu", &alpha, err);
}

/* ---- cutting at numbers ---- */

/* Where they are the wrong way round the least wins. */
static cvy_status from_clip(cvyi_phrase *out, const cvyi_bound *call,
                            cvy_error *err)
{
    double ends[2];

    CVYI_TRY(cvyi_arg_double(&ends[0], out, call, "x_min", err));
    CVYI_TRY(cvyi_arg_double(&ends[1], out, call, "x_max", err));
    if (isnan(ends[0]) || isnan(ends[1]))
        return not_supported(out, call, "x_min", (double)NAN, "cut at numbers",
                             err);
    if (ends[0] > ends[1])
        ends[1] = ends[0];
    return cvyi_function_step(out, call, "clip", ends, err);
}

static cvy_status from_round(cvyi_phrase *out, const cvyi_bound *call,
                             cvy_error *err)
{
    int64_t decimals;

    CVYI_TRY(cvyi_arg_int(&decimals, out, call, "decimals", INT64_MIN, err));
    if (decimals != 0)
        return not_supported(out, call, "decimals", (double)decimals,
                             "round to whole numbers", err);
    return cvyi_math_from_name(out, call, err);
}

/* ---- the table ---- */

/* clang-format off */
static const cvyi_argument alpha[] = {
    { "alpha", "alpha", NULL }, { 0 }
};
static const cvyi_argument plus[] = {
    { "b", "b", NULL }, { 0 }
};
static const cvyi_argument shrink[] = {
    { "threshold", "threshold", NULL }, { 0 }
};
static const cvyi_argument approximate[] = {
    { "approximate", "approximation", "False is exact" },
    { 0 }
};
static const cvyi_argument ops_approximate[] = {
    { "approximate", "approximation",
      "True takes tanh; the default of keras.ops alone" },
    { 0 }
};
static const cvyi_argument slope_3[] = {
    { "negative_slope", "slope", "0.3 in the layer, 0.2 in the function" },
    { "alpha", "old slope", "the old name of negative_slope" },
    { 0 }
};
static const cvyi_argument slope_2[] = {
    { "alpha", "slope", "0.3 in the layer, 0.2 in the function" }, { 0 }
};
static const cvyi_argument slope_call[] = {
    { "negative_slope", "slope", "0.2 in the function, 0.3 in the layer" },
    { 0 }
};
static const cvyi_argument relu[] = {
    { "max_value", "maximum", "None: no maximum" },
    { "negative_slope", "slope", NULL },
    { "threshold", "threshold", NULL },
    { 0 }
};
static const cvyi_argument relu_alpha[] = {
    { "alpha", "slope", NULL },
    { "max_value", "maximum", "None: no maximum" },
    { "threshold", "threshold", NULL },
    { 0 }
};
static const cvyi_argument theta[] = {
    { "theta", "threshold", NULL }, { 0 }
};
static const cvyi_argument threshold[] = {
    { "threshold", "threshold", NULL },
    { "default_value", "value", NULL },
    { 0 }
};
static const cvyi_argument ends[] = {
    { "x_min", "minimum", NULL }, { "x_max", "maximum", NULL }, { 0 }
};
static const cvyi_argument none[] = { { 0 } };

#define ROW(version, text, made, from, table, to)                    \
    {                                                                \
        .dialect = version, .name = text, .signature = made,         \
        .from_call = from, .form = CVYI_FORM_FUNCTION,               \
        .to_call = to, .arguments = table                            \
    }
/* A layer is written in Keras 3, and read in the version that is said. */
#define LAYER(version, text, made, from, table, to)                  \
    {                                                                \
        .dialect = version, .name = "keras.layers." text,            \
        .signature = made, .from_call = from,                        \
        .form = CVYI_FORM_MODULE, .to_call = to, .arguments = table  \
    }
#define TO_LAYER cvyi_pointwise_keras_module
#define TO_CALL cvyi_pointwise_keras_call
/* keras.activations and keras.ops, of Keras 3 */
#define BOTH(word, made, from, table) \
    ACTIVATION(word, made, from, table, NULL), OPS(word, made, from, table)
#define ACTIVATION(word, made, from, table, to) \
    ROW("keras3", "keras.activations." word, made, from, table, to)
#define OPS(word, made, from, table) \
    ROW("keras3", "keras.ops." word, made, from, table, TO_CALL)
#define OLD(word, made, from, table) \
    ROW("keras2", "keras.activations." word, made, from, table, NULL)
#define SAME from_same_name

const cvyi_spelling cvyi_pointwise_keras[] = {
    LAYER("keras3", "Activation", "activation, **kwargs", NULL, none,
          TO_LAYER),
    BOTH("celu",            "x, alpha=1.0",           from_celu,   alpha),
    BOTH("elu",             "x, alpha=1.0",           SAME,        alpha),
    ACTIVATION("exponential", "x",                    SAME,        none,
               NULL),
    ACTIVATION("gelu",      "x, approximate=False",   from_gelu,
               approximate, TO_CALL),
    OPS("gelu",             "x, approximate=True",    from_gelu,
        ops_approximate),
    BOTH("hard_shrink",     "x, threshold=0.5",       SAME,        shrink),
    BOTH("hard_sigmoid",    "x",                      SAME,        none),
    BOTH("hard_silu",       "x",                      SAME,        none),
    BOTH("hard_swish",      "x",                      from_hard_silu, none),
    BOTH("hard_tanh",       "x",                      from_hard_tanh, none),
    BOTH("leaky_relu",      "x, negative_slope=0.2",  SAME,        slope_call),
    BOTH("log_sigmoid",     "x",                      SAME,        none),
    ACTIVATION("mish",      "x",                      SAME,        none,
               TO_CALL),
    ACTIVATION("relu",
               "x, negative_slope=0.0, max_value=None, threshold=0.0",
               from_relu, relu, TO_CALL),
    OPS("relu",             "x",                      from_plain_relu, none),
    BOTH("relu6",           "x",                      from_relu6,  none),
    BOTH("selu",            "x",                      SAME,        none),
    BOTH("sigmoid",         "x",                      SAME,        none),
    BOTH("silu",            "x",                      SAME,        none),
    BOTH("soft_shrink",     "x, threshold=0.5",       SAME,        shrink),
    BOTH("softplus",        "x",                      SAME,        none),
    BOTH("softsign",        "x",                      SAME,        none),
    BOTH("sparse_plus",     "x",                      SAME,        none),
    BOTH("sparse_sigmoid",  "x",                      SAME,        none),
    BOTH("squareplus",      "x, b=4",                 from_squareplus, plus),
    BOTH("swish",           "x",                      from_silu,   none),
    BOTH("tanh",            "x",                      SAME,        none),
    BOTH("tanh_shrink",     "x",                      SAME,        none),
    BOTH("threshold",       "x, threshold, default_value", SAME,   threshold),
    OPS("exp",              "x",                      from_exp,    none),
    OPS("clip",             "x, x_min, x_max",        from_clip,   ends),
    OPS("maximum",          NULL,                     NULL,        NULL),
    OPS("minimum",          NULL,                     NULL,        NULL),
#define MATH(function, Class, torch, keras, tf)                             \
    ROW("keras3", "keras.ops." keras, "x", cvyi_math_from_name,      \
        none, cvyi_math_to_call),
#include "layer/pointwise/math.def"
#undef MATH
    ROW("keras3", "keras.ops.round", "x, decimals=0", from_round, NULL,
        cvyi_math_to_call),
    ROW("keras3", "keras.ops.abs", "x", cvyi_math_from_name, none, NULL),
    ROW("keras3", "keras.ops.power", "x1, x2", cvyi_power_from_pair, NULL,
        cvyi_power_to_call),
    ROW("keras3", "keras.ops.power", NULL, NULL, NULL, cvyi_power_of_to_call),
    ROW("keras3", "operator.pow", "x1, x2", cvyi_power_from_pair, NULL,
        NULL),
    LAYER("keras3", "ReLU",
          "max_value=None, negative_slope=0.0, threshold=0.0, **kwargs",
          from_relu_layer, relu, TO_LAYER),
    LAYER("keras3", "LeakyReLU",
          "negative_slope=0.3, *, alpha=None, **kwargs",
          from_leaky_relu, slope_3, TO_LAYER),
    LAYER("keras3", "ELU", "alpha=1.0, **kwargs", from_elu_layer, alpha,
          TO_LAYER),

    OLD("elu",          "x, alpha=1.0",         SAME,               alpha),
    OLD("exponential",  "x",                    SAME,               none),
    OLD("gelu",         "x, approximate=False", from_gelu,
        approximate),
    OLD("hard_sigmoid", "x",                    from_steep_sigmoid, none),
    OLD("leaky_relu",   "x, alpha=0.2",         SAME,               slope_2),
    OLD("mish",         "x",                    SAME,               none),
    OLD("relu",         "x, alpha=0.0, max_value=None, threshold=0.0",
        from_relu_alpha, relu_alpha),
    OLD("relu6",        "x",                    from_relu6,         none),
    OLD("selu",         "x",                    SAME,               none),
    OLD("sigmoid",      "x",                    SAME,               none),
    OLD("silu",         "x",                    SAME,               none),
    OLD("softplus",     "x",                    SAME,               none),
    OLD("softsign",     "x",                    SAME,               none),
    OLD("swish",        "x",                    from_silu,          none),
    OLD("tanh",         "x",                    SAME,               none),
    LAYER("keras2", "ReLU",
          "max_value=None, negative_slope=0.0, threshold=0.0, **kwargs",
          from_relu_layer, relu, NULL),
    LAYER("keras2", "LeakyReLU", "alpha=0.3, **kwargs", from_leaky_relu_2,
          slope_2, NULL),
    LAYER("keras2", "ELU", "alpha=1.0, **kwargs", from_elu_layer, alpha,
          NULL),
    LAYER("keras2", "ThresholdedReLU", "theta=1.0, **kwargs",
          from_thresholded, theta, NULL),
    { 0 }
};
/* clang-format on */
