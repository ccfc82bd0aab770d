/* layer/pointwise/torch_read.c - torch's functions of each element, read. */
#include "layer/pointwise/functions.h"
#include "layer/pointwise/math.h"
#include "layer/pointwise/torch.h"

#include <math.h>
#include <string.h>

/* What the last part of a name means, and its arguments in the order of the
 * parameters. */
static const struct {
    const char *name, *function;
    const char *arguments[2];
} names[] = {
    /* clang-format off */
    { "CELU",          "celu",           { "alpha" } },
    { "celu",          "celu",           { "alpha" } },
    { "ELU",           "elu",            { "alpha" } },
    { "elu",           "elu",            { "alpha" } },
    { "exp",           "exponential",    { NULL } },
    { "Exponential",   "exponential",    { NULL } },
    { "expit",         "sigmoid",        { NULL } },
    { "Hardshrink",    "hard_shrink",    { "lambd" } },
    { "hardshrink",    "hard_shrink",    { "lambd" } },
    { "Hardsigmoid",   "hard_sigmoid",   { NULL } },
    { "hardsigmoid",   "hard_sigmoid",   { NULL } },
    { "Hardswish",     "hard_silu",      { NULL } },
    { "hardswish",     "hard_silu",      { NULL } },
    { "LeakyReLU",     "leaky_relu",     { "negative_slope" } },
    { "leaky_relu",    "leaky_relu",     { "negative_slope" } },
    { "LogSigmoid",    "log_sigmoid",    { NULL } },
    { "logsigmoid",    "log_sigmoid",    { NULL } },
    { "Mish",          "mish",           { NULL } },
    { "mish",          "mish",           { NULL } },
    { "ReLU",          "relu",           { NULL } },
    { "relu",          "relu",           { NULL } },
    { "SELU",          "selu",           { NULL } },
    { "selu",          "selu",           { NULL } },
    { "Sigmoid",       "sigmoid",        { NULL } },
    { "sigmoid",       "sigmoid",        { NULL } },
    { "SiLU",          "silu",           { NULL } },
    { "silu",          "silu",           { NULL } },
    { "Softshrink",    "soft_shrink",    { "lambd" } },
    { "softshrink",    "soft_shrink",    { "lambd" } },
    { "Softsign",      "softsign",       { NULL } },
    { "softsign",      "softsign",       { NULL } },
    { "SparsePlus",    "sparse_plus",    { NULL } },
    { "SparseSigmoid", "sparse_sigmoid", { NULL } },
    { "Squareplus",    "squareplus",     { "b" } },
    { "Tanh",          "tanh",           { NULL } },
    { "tanh",          "tanh",           { NULL } },
    { "Tanhshrink",    "tanh_shrink",    { NULL } },
    { "tanhshrink",    "tanh_shrink",    { NULL } },
    { "Threshold",     "threshold",      { "threshold", "value" } },
    { "threshold",     "threshold",      { "threshold", "value" } },
    /* clang-format on */
};

static cvy_status illegal(cvyi_phrase *out, const cvyi_bound *call,
                          const char *name, const char *reason, cvy_error *err)
{
    return cvyi_refuse(&out->refusal, call->arena, err, CVYI_ILLEGAL_IN_SOURCE,
                       name, "correct this argument in the source", "%s",
                       reason);
}

/* What torch itself refuses. */
static cvy_status check(cvyi_phrase *out, const cvyi_bound *call,
                        const char *function, double first, cvy_error *err)
{
    if (strcmp(function, "celu") == 0 && first == 0)
        return illegal(out, call, "alpha", "alpha must not be 0", err);
    if (strcmp(function, "soft_shrink") == 0 && !(first >= 0))
        return illegal(out, call, "lambd", "lambd must not be below 0", err);
    return CVY_OK;
}

/* The row's name, or that of the call that works in place: relu_. */
static bool is_named(const char *name, size_t at)
{
    const size_t n = strlen(names[at].name);

    return strncmp(names[at].name, name, n) == 0 &&
           (name[n] == '\0' || strcmp(name + n, "_") == 0);
}

cvy_status cvyi_pointwise_from_name(cvyi_phrase *out, const cvyi_bound *call,
                                    cvy_error *err)
{
    const char *const dot = strrchr(call->spelling->name, '.');
    const char *const name = dot != NULL ? dot + 1 : call->spelling->name;
    double params[CVYI_FUNCTION_PARAMS] = { 0 };
    size_t at = 0;

    CVYI_TRY(cvyi_torch_input(out, call, 0, err));
    while (at < sizeof names / sizeof *names && !is_named(name, at))
        at++;
    if (at == sizeof names / sizeof *names)
        return cvyi_fail(err, CVY_ARGUMENT, "no function '%s'", name);
    for (int i = 0; i < 2 && names[at].arguments[i] != NULL; i++)
        CVYI_TRY(cvyi_torch_number(&params[i], out, call,
                                   names[at].arguments[i], err));
    CVYI_TRY(check(out, call, names[at].function, params[0], err));
    return cvyi_function_step(out, call, names[at].function, params, err);
}

/* ---- between two numbers ---- */

/* The old name of an end, where it is given, comes before the new one. */
static cvy_status read_limit(double *out, cvyi_phrase *phrase,
                             const cvyi_bound *call, const char *name,
                             const char *old, cvy_error *err)
{
    const bool module = call->spelling->form == CVYI_FORM_MODULE;

    return cvyi_torch_number(
        out, phrase, call,
        module && !cvyi_is_none(cvyi_arg(call, old)) ? old : name, err);
}

cvy_status cvyi_pointwise_from_hardtanh(cvyi_phrase *out,
                                        const cvyi_bound *call, cvy_error *err)
{
    const bool module = call->spelling->form == CVYI_FORM_MODULE;
    double ends[2];

    CVYI_TRY(cvyi_torch_input(out, call, 0, err));
    CVYI_TRY(read_limit(&ends[0], out, call, "min_val", "min_value", err));
    CVYI_TRY(read_limit(&ends[1], out, call, "max_val", "max_value", err));
    if (!(ends[0] <= ends[1]) || (module && ends[0] == ends[1]))
        return illegal(out, call, "max_val",
                       module ? "max_val must be above min_val"
                              : "max_val must not be below min_val",
                       err);
    return cvyi_function_step(out, call, "clip", ends, err);
}

/* *there: the signature has the argument, and it is not None. */
static cvy_status read_end(double *out, bool *there, cvyi_phrase *phrase,
                           const cvyi_bound *call, const char *name,
                           cvy_error *err)
{
    for (int i = 0; i < call->n; i++)
        if (strcmp(call->names[i], name) == 0 &&
            !cvyi_is_none(call->values[i])) {
            *there = true;
            return cvyi_torch_number(out, phrase, call, name, err);
        }
    return CVY_OK;
}

/* Where they are the wrong way round torch takes the largest for all. */
cvy_status cvyi_pointwise_from_clamp(cvyi_phrase *out, const cvyi_bound *call,
                                     cvy_error *err)
{
    double ends[2] = { -INFINITY, INFINITY };
    bool least = false, most = false;

    CVYI_TRY(cvyi_torch_input(out, call, 0, err));
    CVYI_TRY(read_end(&ends[0], &least, out, call, "min", err));
    CVYI_TRY(read_end(&ends[1], &most, out, call, "max", err));
    if (!least && !most)
        return illegal(out, call, "min", "min and max are None", err);
    if (isnan(ends[0]) || isnan(ends[1]))
        return cvyi_refuse(&out->refusal, call->arena, err, CVYI_NOT_SUPPORTED,
                           "min", "cut at numbers", "NaN is not carried over");
    if (!most && ends[0] == 0)
        return cvyi_function_step(out, call, "relu", NULL, err);
    if (ends[0] > ends[1])
        ends[0] = ends[1];
    return cvyi_function_step(out, call, "clip", ends, err);
}

cvy_status cvyi_pointwise_from_relu6(cvyi_phrase *out, const cvyi_bound *call,
                                     cvy_error *err)
{
    const double ends[] = { 0, 6 };

    CVYI_TRY(cvyi_torch_input(out, call, 0, err));
    return cvyi_function_step(out, call, "clip", ends, err);
}

/* ---- words that choose ---- */

/* At inference the slope is the middle of the two. */
cvy_status cvyi_pointwise_from_rrelu(cvyi_phrase *out, const cvyi_bound *call,
                                     cvy_error *err)
{
    double least, most, slope;

    CVYI_TRY(cvyi_torch_input(out, call, 0, err));
    CVYI_TRY(cvyi_torch_number(&least, out, call, "lower", err));
    CVYI_TRY(cvyi_torch_number(&most, out, call, "upper", err));
    if (least > most)
        return illegal(out, call, "upper", "upper must not be below lower",
                       err);
    if (call->spelling->form == CVYI_FORM_FUNCTION)
        CVYI_TRY(cvyi_torch_must_be_off(out, call, "training",
                                        "leave training at False", err));
    slope = (least + most) / 2;
    cvyi_phrase_remark(out, "rrelu draws its slope while training; carried "
                            "over is the fixed one of inference, the middle "
                            "of lower and upper");
    return cvyi_function_step(out, call, "leaky_relu", &slope, err);
}

cvy_status cvyi_pointwise_from_gelu(cvyi_phrase *out, const cvyi_bound *call,
                                    cvy_error *err)
{
    const cvyi_value *const way = cvyi_arg(call, "approximate");
    const bool approximate = cvyi_is_text(way, "tanh");

    CVYI_TRY(cvyi_torch_input(out, call, 0, err));
    if (!approximate && !cvyi_is_text(way, "none"))
        return illegal(out, call, "approximate",
                       "approximate must be 'none' or 'tanh'", err);
    return cvyi_function_step(out, call, approximate ? "gelu_tanh" : "gelu",
                              NULL, err);
}

/* Above its threshold torch takes x itself, which is within the bound of
 * softplus from 14 on; exp overflows from 88 on. */
cvy_status cvyi_pointwise_from_softplus(cvyi_phrase *out,
                                        const cvyi_bound *call, cvy_error *err)
{
    double beta, threshold;

    CVYI_TRY(cvyi_torch_input(out, call, 0, err));
    CVYI_TRY(cvyi_torch_number(&beta, out, call, "beta", err));
    CVYI_TRY(cvyi_torch_number(&threshold, out, call, "threshold", err));
    if (!(threshold >= 14 && threshold <= 88))
        return cvyi_refuse(&out->refusal, call->arena, err, CVYI_NOT_SUPPORTED,
                           "threshold", "leave the threshold at 20",
                           "a threshold of %g changes the function",
                           threshold);
    if (beta == 0 || !isfinite(beta))
        return cvyi_refuse(&out->refusal, call->arena, err, CVYI_NOT_SUPPORTED,
                           "beta", "use a beta that is not 0",
                           "a beta of %g is not carried over", beta);
    if (beta != 1)
        CVYI_TRY(cvyi_torch_rescale(out, call, beta, false, 0, err));
    CVYI_TRY(cvyi_function_step(out, call, "softplus", NULL, err));
    if (beta != 1)
        CVYI_TRY(cvyi_torch_rescale(out, call, beta, true, 0, err));
    return CVY_OK;
}

cvy_status cvyi_pointwise_from_general_relu(cvyi_phrase *out,
                                            const cvyi_bound *call,
                                            cvy_error *err)
{
    double params[CVYI_FUNCTION_PARAMS] = { 0, 0, INFINITY };
    bool given;

    CVYI_TRY(cvyi_torch_input(out, call, 0, err));
    CVYI_TRY(cvyi_torch_number(&params[0], out, call, "negative_slope", err));
    CVYI_TRY(cvyi_torch_number(&params[1], out, call, "threshold", err));
    CVYI_TRY(read_end(&params[2], &given, out, call, "max_value", err));
    return cvyi_function_step(out, call, "general_relu", params, err);
}

cvy_status cvyi_pointwise_from_round(cvyi_phrase *out, const cvyi_bound *call,
                                     cvy_error *err)
{
    int64_t decimals;

    CVYI_TRY(cvyi_arg_int(&decimals, out, call, "decimals", INT64_MIN, err));
    if (decimals != 0)
        return cvyi_refuse(&out->refusal, call->arena, err, CVYI_NOT_SUPPORTED,
                           "decimals", "round to whole numbers",
                           "decimals are not carried over");
    return cvyi_math_from_name(out, call, err);
}
