/* layer/pointwise/functions.c - functions of one number, in double. */
#include "layer/pointwise/functions.h"

#include <math.h>
#include <stddef.h>
#include <string.h>

static double celu_at(double x, const double *p)
{
    return x > 0 ? x : p[0] * expm1(x / p[0]);
}

static double clip_at(double x, const double *p)
{
    return x < p[0] ? p[0] : x > p[1] ? p[1] : x;
}

static double elu_at(double x, const double *p)
{
    return x > 0 ? x : p[0] * expm1(x);
}

static double exponential_at(double x, const double *p)
{
    (void)p;
    return exp(x);
}

/* Slope p[0] below the threshold p[1], at most p[2] above it. */
static double general_relu_at(double x, const double *p)
{
    if (x > p[1])
        return x < p[2] ? x : p[2];
    return p[0] * (x - p[1]);
}

static double gelu_at(double x, const double *p)
{
    (void)p;
    return x * 0.5 * erfc(-x * 0.70710678118654752440);
}

static double sigmoid_at(double x, const double *p)
{
    (void)p;
    return 1 / (1 + exp(-x));
}

static double silu_at(double x, const double *p)
{
    (void)p;
    return x / (1 + exp(-x));
}

/* (1 + tanh(v)) / 2 is sigmoid(2 v), which does not cancel. */
static double gelu_tanh_at(double x, const double *p)
{
    const double v = 0.79788456080286535588 * (x + 0.044715 * x * x * x);

    return x * sigmoid_at(2 * v, p);
}

static double hard_shrink_at(double x, const double *p)
{
    return x > p[0] || x < -p[0] ? x : 0;
}

static double cut(double x, double low, double high)
{
    return x < low ? low : x > high ? high : x;
}

static double hard_sigmoid_at(double x, const double *p)
{
    (void)p;
    return cut(x + 3, 0, 6) / 6;
}

static double hard_silu_at(double x, const double *p)
{
    return x * hard_sigmoid_at(x, p);
}

static double leaky_relu_at(double x, const double *p)
{
    return x > 0 ? x : p[0] * x;
}

static double softplus_at(double x, const double *p)
{
    (void)p;
    return x > 0 ? x + log1p(exp(-x)) : log1p(exp(x));
}

static double log_sigmoid_at(double x, const double *p)
{
    return -softplus_at(-x, p);
}

static double mish_at(double x, const double *p)
{
    return x * tanh(softplus_at(x, p));
}

static double relu_at(double x, const double *p)
{
    (void)p;
    return x <= 0 ? 0 : x;
}

static double selu_at(double x, const double *p)
{
    const double scale = 1.0507009873554804934193349852946;
    const double alpha = 1.6732632423543772848170429916717;

    (void)p;
    return x > 0 ? scale * x : scale * alpha * expm1(x);
}

static double soft_shrink_at(double x, const double *p)
{
    return x > p[0] ? x - p[0] : x < -p[0] ? x + p[0] : 0;
}

static double softsign_at(double x, const double *p)
{
    (void)p;
    return x / (1 + fabs(x));
}

static double sparse_plus_at(double x, const double *p)
{
    (void)p;
    return x <= -1 ? 0 : x < 1 ? 0.25 * (x + 1) * (x + 1) : x;
}

static double sparse_sigmoid_at(double x, const double *p)
{
    (void)p;
    return cut(0.5 * (x + 1), 0, 1);
}

static double squareplus_at(double x, const double *p)
{
    const double root = sqrt(x * x + p[0]);

    return x > 0 ? (x + root) / 2 : p[0] / (2 * (root - x));
}

static double tanh_at(double x, const double *p)
{
    (void)p;
    return tanh(x);
}

/* The difference cancels near 0: there the first terms of the series, the
 * next one is below x^6 / 15 of them. */
static double tanh_shrink_at(double x, const double *p)
{
    const double s = x * x;

    (void)p;
    if (s < 1e-4)
        return x * s * (1.0 / 3 - s * (2.0 / 15 - s * (17.0 / 315)));
    return x - tanh(x);
}

static double threshold_at(double x, const double *p)
{
    return x > p[0] ? x : p[1];
}

/* ---- mathematics ---- */

static double absolute_at(double x, const double *p)
{
    (void)p;
    return fabs(x);
}

static double ceil_at(double x, const double *p)
{
    (void)p;
    return ceil(x);
}

static double cos_at(double x, const double *p)
{
    (void)p;
    return cos(x);
}

static double erf_at(double x, const double *p)
{
    (void)p;
    return erf(x);
}

static double expm1_at(double x, const double *p)
{
    (void)p;
    return expm1(x);
}

static double floor_at(double x, const double *p)
{
    (void)p;
    return floor(x);
}

static double log_at(double x, const double *p)
{
    (void)p;
    return log(x);
}

static double log1p_at(double x, const double *p)
{
    (void)p;
    return log1p(x);
}

static double power_at(double x, const double *p)
{
    return pow(x, p[0]);
}

static double power_of_at(double x, const double *p)
{
    return pow(p[0], x);
}

static double reciprocal_at(double x, const double *p)
{
    (void)p;
    return 1 / x;
}

static double round_at(double x, const double *p)
{
    (void)p;
    return rint(x);
}

static double rsqrt_at(double x, const double *p)
{
    (void)p;
    return 1 / sqrt(x);
}

static double sign_at(double x, const double *p)
{
    (void)p;
    return isnan(x) ? x : (double)(x > 0) - (double)(x < 0);
}

static double sin_at(double x, const double *p)
{
    (void)p;
    return sin(x);
}

static double sqrt_at(double x, const double *p)
{
    (void)p;
    return sqrt(x);
}

static double square_at(double x, const double *p)
{
    (void)p;
    return x * x;
}

const cvyi_function cvyi_functions[] = {
#define FUNCTION(name, n, of_y, of_x, of_one) \
    { #name, n, name##_at, of_y, of_x, of_one },
#include "layer/pointwise/functions.def"
#undef FUNCTION
};
const int cvyi_n_functions =
    (int)(sizeof cvyi_functions / sizeof *cvyi_functions);

const cvyi_function *cvyi_function_find(const char *name)
{
    for (int i = 0; i < cvyi_n_functions; i++)
        if (strcmp(cvyi_functions[i].name, name) == 0)
            return &cvyi_functions[i];
    return NULL;
}

const char *const cvyi_function_params[CVYI_FUNCTION_PARAMS] = { "a", "b",
                                                                 "c" };

cvy_status cvyi_function_step(cvyi_phrase *out, const cvyi_bound *call,
                              const char *function, const double *params,
                              cvy_error *err)
{
    const cvyi_function *const f = cvyi_function_find(function);
    cvyi_step *const step = cvyi_phrase_add(out, call, "pointwise");

    if (f == NULL || step == NULL)
        return cvyi_fail(err, CVY_ARGUMENT, "no room for '%s'", function);
    if (strcmp(f->name, "celu") == 0 && params[0] < 0)
        return cvyi_refuse(&out->refusal, call->arena, err, CVYI_NOT_SUPPORTED,
                           "alpha", "use an alpha above 0",
                           "below 0 it magnifies every rounding by |x|");
    cvyi_set_word(&step->attrs, "function", f->name);
    for (int i = 0; i < f->n_params; i++)
        cvyi_set_real(&step->attrs, cvyi_function_params[i], params[i]);
    return CVY_OK;
}
