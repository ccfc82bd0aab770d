/* layer/pointwise: every function, its bound, and its words. */
#include "workbench.h"

#include "layer/pointwise/functions.h"

/* ---- values: the formulas of the books, in long double ---- */

typedef long double wide;

static wide sigmoid(wide x)
{
    return 1 / (1 + expl(-x));
}

/* Those of mathematics. */
static wide plain(const char *name, wide x, wide a)
{
    if (strcmp(name, "absolute") == 0)
        return fabsl(x);
    if (strcmp(name, "ceil") == 0)
        return ceill(x);
    if (strcmp(name, "cos") == 0)
        return cosl(x);
    if (strcmp(name, "erf") == 0)
        return erfl(x);
    if (strcmp(name, "expm1") == 0)
        return expm1l(x);
    if (strcmp(name, "floor") == 0)
        return floorl(x);
    if (strcmp(name, "log") == 0)
        return logl(x);
    if (strcmp(name, "log1p") == 0)
        return log1pl(x);
    if (strcmp(name, "power") == 0)
        return powl(x, a);
    if (strcmp(name, "power_of") == 0)
        return powl(a, x);
    if (strcmp(name, "reciprocal") == 0)
        return 1 / x;
    if (strcmp(name, "round") == 0)
        return rintl(x);
    if (strcmp(name, "rsqrt") == 0)
        return 1 / sqrtl(x);
    if (strcmp(name, "sign") == 0)
        return x > 0 ? 1 : x < 0 ? -1 : x;
    if (strcmp(name, "sin") == 0)
        return sinl(x);
    if (strcmp(name, "sqrt") == 0)
        return sqrtl(x);
    if (strcmp(name, "square") == 0)
        return x * x;
    CHECK_FAIL("no formula for %s", name);
    return 0;
}

static wide naive(const char *name, wide x, const double *p)
{
    const wide a = p[0], b = p[1], c = p[2];
    const wide soft = logl(1 + expl(x)); /* softplus */

    if (strcmp(name, "celu") == 0)
        return fmaxl(x, 0) + fminl(0, a * (expl(x / a) - 1));
    if (strcmp(name, "clip") == 0)
        return fminl(fmaxl(x, a), b);
    if (strcmp(name, "elu") == 0)
        return x > 0 ? x : a * (expl(x) - 1);
    if (strcmp(name, "exponential") == 0)
        return expl(x);
    if (strcmp(name, "general_relu") == 0)
        return x > b ? fminl(x, c) : a * (x - b);
    if (strcmp(name, "gelu") == 0)
        return x * (1 + erfl(x / sqrtl(2))) / 2;
    if (strcmp(name, "gelu_tanh") == 0)
        return x *
               (1 +
                tanhl(sqrtl(2 / acosl(-1)) * (x + 0.044715L * x * x * x))) /
               2;
    if (strcmp(name, "hard_shrink") == 0)
        return fabsl(x) > a ? x : 0;
    if (strcmp(name, "hard_sigmoid") == 0)
        return fminl(fmaxl(x + 3, 0), 6) / 6;
    if (strcmp(name, "hard_silu") == 0)
        return x * fminl(fmaxl(x + 3, 0), 6) / 6;
    if (strcmp(name, "leaky_relu") == 0)
        return fmaxl(x, 0) + a * fminl(x, 0);
    if (strcmp(name, "log_sigmoid") == 0)
        return logl(sigmoid(x));
    if (strcmp(name, "mish") == 0)
        return x * tanhl(soft);
    if (strcmp(name, "relu") == 0)
        return fmaxl(x, 0);
    if (strcmp(name, "selu") == 0)
        return 1.05070098735548049342L *
               (x > 0 ? x : 1.67326324235437728482L * (expl(x) - 1));
    if (strcmp(name, "sigmoid") == 0)
        return sigmoid(x);
    if (strcmp(name, "silu") == 0)
        return x * sigmoid(x);
    if (strcmp(name, "soft_shrink") == 0)
        return fabsl(x) > a ? x - copysignl(a, x) : 0;
    if (strcmp(name, "softplus") == 0)
        return soft;
    if (strcmp(name, "softsign") == 0)
        return x / (1 + fabsl(x));
    if (strcmp(name, "sparse_plus") == 0)
        return x >= 1 ? x : x <= -1 ? 0 : (x + 1) * (x + 1) / 4;
    if (strcmp(name, "sparse_sigmoid") == 0)
        return x >= 1 ? 1 : x <= -1 ? 0 : (x + 1) / 2;
    if (strcmp(name, "squareplus") == 0)
        return (x + sqrtl(x * x + a)) / 2;
    if (strcmp(name, "tanh") == 0)
        return tanhl(x);
    if (strcmp(name, "tanh_shrink") == 0)
        return x - tanhl(x);
    if (strcmp(name, "threshold") == 0)
        return x > a ? x : b;
    return plain(name, x, a);
}

enum { POINTS = 4001 };

static cvyi_attrs attrs_of(const cvyi_function *f, const double *p)
{
    cvyi_attrs attrs;

    cvyi_attrs_open(&attrs, cvyi_op_find("pointwise"), 0);
    cvyi_set_word(&attrs, "function", f->name);
    for (int i = 0; i < f->n_params; i++)
        cvyi_set_real(&attrs, cvyi_function_params[i], p[i]);
    return attrs;
}

static void run(float *value, float *bound, const cvyi_function *f,
                const double *p, float *x)
{
    const int64_t dims[] = { 1, POINTS };
    const cvyi_attrs attrs = attrs_of(f, p);
    const cvy_view in = cvyi_packed(x, CVY_F32, 2, dims);
    cvy_view out = cvyi_packed(value, CVY_F32, 2, dims);
    cvyi_job job = {
        .attrs = &attrs, .in = &in, .n_in = 1, .out = &out, .n_out = 1
    };

    CHECK_EQ(attrs.op->eval(&job, NULL), CVY_OK);
    out.data = bound;
    CHECK_EQ(attrs.op->bound(&job, NULL), CVY_OK);
}

static float points[POINTS];

static void make_points(double span)
{
    for (int i = 0; i < POINTS; i++)
        points[i] = (float)(span * (2.0 * i / (POINTS - 1) - 1));
}

/* Parameters that are float32 numbers. */
static const double params[] = { 0.75, 1.5, 4.0 };

static void every_function_is_its_formula(void)
{
    static float value[POINTS], bound[POINTS];

    for (int k = 0; k < cvyi_n_functions; k++)
        for (int far = 0; far < 2; far++) {
            const cvyi_function *const f = &cvyi_functions[k];

            make_points(far ? 16 : 2);
            run(value, bound, f, params, points);
            for (int i = 0; i < POINTS; i++) {
                const wide want = naive(f->name, points[i], params);
                const wide room = 0x1p-24L * fabsl(want) +
                                  1e-18L * (1 + fabsl((wide)points[i]));

                if (fabsl((wide)value[i] - want) > room)
                    CHECK_FAIL("%s(%.9g) is %.9g, not %.9Lg", f->name,
                               (double)points[i], (double)value[i], want);
            }
        }
}

/* exp(x) - 1, 1 + erf(x): what cancels in float32 must be in the bound. */
static float rough(const char *name, float x)
{
    const float a = (float)params[0];

    if (strcmp(name, "celu") == 0)
        return x > 0 ? x : a * (expf(x / a) - 1);
    if (strcmp(name, "elu") == 0)
        return x > 0 ? x : a * (expf(x) - 1);
    if (strcmp(name, "gelu") == 0)
        return 0.5f * x * (1 + erff(x * 0.70710678f));
    if (strcmp(name, "gelu_tanh") == 0)
        return 0.5f * x *
               (1 + tanhf(0.79788456f * (x + 0.044715f * x * x * x)));
    if (strcmp(name, "hard_sigmoid") == 0)
        return fminf(fmaxf(x + 3, 0), 6) * (1.0f / 6);
    if (strcmp(name, "hard_silu") == 0)
        return x * (fminf(fmaxf(x + 3, 0), 6) * (1.0f / 6));
    if (strcmp(name, "log_sigmoid") == 0)
        return fminf(x, 0) - log1pf(expf(-fabsf(x)));
    if (strcmp(name, "mish") == 0)
        return x * tanhf(log1pf(expf(x)));
    if (strcmp(name, "selu") == 0)
        return x > 0 ? 1.050701f * x : 1.7580993f * (expf(x) - 1);
    if (strcmp(name, "sigmoid") == 0)
        return 1 / (1 + expf(-x));
    if (strcmp(name, "silu") == 0)
        return x / (1 + expf(-x));
    if (strcmp(name, "softplus") == 0)
        return fmaxf(x, 0) + log1pf(expf(-fabsf(x)));
    if (strcmp(name, "squareplus") == 0)
        return (x + sqrtf(x * x + a)) / 2;
    if (strcmp(name, "tanh_shrink") == 0)
        return x - tanhf(x);
    return (float)naive(name, x, params);
}

static void the_bound_covers_a_plain_float32_evaluation(void)
{
    static float value[POINTS], bound[POINTS];

    for (int k = 0; k < cvyi_n_functions; k++)
        for (int far = 0; far < 2; far++) {
            const cvyi_function *const f = &cvyi_functions[k];

            make_points(far ? 16 : 2);
            run(value, bound, f, params, points);
            for (int i = 0; i < POINTS; i++) {
                const double want = (double)naive(f->name, points[i], params);
                const double off =
                    fabs((double)rough(f->name, points[i]) - want);

                if (off > (double)bound[i] + 0x1p-24 * fabs(want))
                    CHECK_FAIL("%s(%.9g): %.3g beyond %.3g", f->name,
                               (double)points[i], off, (double)bound[i]);
                if ((double)bound[i] >
                    2e-6 * (1 + fabs((double)points[i]) + fabs(want)))
                    CHECK_FAIL("%s: a bound of %g says nothing", f->name,
                               (double)bound[i]);
            }
        }
}

static void numbers_pass_through_the_ends(void)
{
    const float ends[] = { -INFINITY, -200.0f, 200.0f, INFINITY };
    static const struct {
        const char *name;
        float at[4];
    } rows[] = {
        { "relu", { 0, 0, 200, INFINITY } },
        { "sigmoid", { 0, 0, 1, 1 } },
        { "softplus", { 0, 0, 200, INFINITY } },
        { "tanh", { -1, -1, 1, 1 } },
        { "exponential", { 0, 0, INFINITY, INFINITY } },
        { "selu", { -1.7580993f, -1.7580993f, 210.1402f, INFINITY } },
    };

    for (size_t k = 0; k < sizeof rows / sizeof *rows; k++)
        for (int i = 0; i < 4; i++) {
            const cvyi_function *const f = cvyi_function_find(rows[k].name);
            const float got = (float)f->at((double)ends[i], params);

            if (got != rows[k].at[i] &&
                fabsf(got - rows[k].at[i]) > 1e-6f * fabsf(rows[k].at[i]))
                CHECK_FAIL("%s(%g) is %g", f->name, (double)ends[i],
                           (double)got);
        }
    CHECK(isnan(cvyi_function_find("relu")->at(NAN, params)));
}

/* ---- words ---- */

static const struct {
    const char *class_name, *config; /* Activation: the name alone */
    const char *attrs;
    const char *module, *function;
} word_rows[] = {
    /* clang-format off */
    { NULL, "celu", "function=celu a=1.0", "nn.CELU()", "F.celu({0})" },
    { NULL, "elu", "function=elu a=1.0", "nn.ELU()", "F.elu({0})" },
    { NULL, "exponential", "function=exponential", "Exponential()",
      "torch.exp({0})" },
    { NULL, "gelu", "function=gelu", "nn.GELU()", "F.gelu({0})" },
    { NULL, "hard_shrink", "function=hard_shrink a=0.5", "nn.Hardshrink()",
      "F.hardshrink({0})" },
    { NULL, "hard_sigmoid", "function=hard_sigmoid", "nn.Hardsigmoid()",
      "F.hardsigmoid({0})" },
    { NULL, "hard_silu", "function=hard_silu", "nn.Hardswish()",
      "F.hardswish({0})" },
    { NULL, "hard_swish", "function=hard_silu", "nn.Hardswish()",
      "F.hardswish({0})" },
    { NULL, "hard_tanh", "function=clip a=-1.0 b=1.0", "nn.Hardtanh()",
      "F.hardtanh({0})" },
    { NULL, "leaky_relu", "function=leaky_relu a=0.2", "nn.LeakyReLU(0.2)",
      "F.leaky_relu({0}, 0.2)" },
    { NULL, "log_sigmoid", "function=log_sigmoid", "nn.LogSigmoid()",
      "F.logsigmoid({0})" },
    { NULL, "mish", "function=mish", "nn.Mish()", "F.mish({0})" },
    { NULL, "relu", "function=relu", "nn.ReLU()", "torch.relu({0})" },
    { NULL, "relu6", "function=clip b=6.0", "nn.ReLU6()", "F.relu6({0})" },
    { NULL, "selu", "function=selu", "nn.SELU()", "F.selu({0})" },
    { NULL, "sigmoid", "function=sigmoid", "nn.Sigmoid()",
      "torch.sigmoid({0})" },
    { NULL, "silu", "function=silu", "nn.SiLU()", "F.silu({0})" },
    { NULL, "soft_shrink", "function=soft_shrink a=0.5", "nn.Softshrink()",
      "F.softshrink({0})" },
    { NULL, "softplus", "function=softplus", "nn.Softplus()",
      "F.softplus({0})" },
    { NULL, "softsign", "function=softsign", "nn.Softsign()",
      "F.softsign({0})" },
    { NULL, "sparse_plus", "function=sparse_plus", "SparsePlus()",
      "refused: torch has no such word for sparse_plus" },
    { NULL, "sparse_sigmoid", "function=sparse_sigmoid", "SparseSigmoid()",
      "(({0} + 1) / 2).clamp(0, 1)" },
    { NULL, "squareplus", "function=squareplus a=4.0", "Squareplus()",
      "refused: torch has no such word for squareplus" },
    { NULL, "swish", "function=silu", "nn.SiLU()", "F.silu({0})" },
    { NULL, "tanh", "function=tanh", "nn.Tanh()", "torch.tanh({0})" },
    { NULL, "tanh_shrink", "function=tanh_shrink", "nn.Tanhshrink()",
      "F.tanhshrink({0})" },
    { "ReLU", "{}", "function=relu", "nn.ReLU()", "torch.relu({0})" },
    { "ReLU", "{\"max_value\": 6}", "function=clip b=6.0", "nn.ReLU6()",
      "F.relu6({0})" },
    { "ReLU", "{\"max_value\": 2.5}", "function=clip b=2.5",
      "nn.Hardtanh(0.0, 2.5)", "F.hardtanh({0}, 0.0, 2.5)" },
    { "ReLU", "{\"negative_slope\": 0.1}", "function=leaky_relu a=0.1",
      "nn.LeakyReLU(0.1)", "F.leaky_relu({0}, 0.1)" },
    { "ReLU", "{\"threshold\": 0.5}", "function=threshold a=0.5",
      "nn.Threshold(0.5, 0.0)", "F.threshold({0}, 0.5, 0.0)" },
    { "ReLU", "{\"threshold\": 0.5, \"max_value\": 2}",
      "function=general_relu b=0.5 c=2.0", "GeneralReLU(0.0, 0.5, 2.0)",
      "F.threshold({0}, 0.5, 0.0).clamp(max=2.0)" },
    { "ReLU", "{\"negative_slope\": 0.1, \"max_value\": 2}",
      "function=general_relu a=0.1 c=2.0", "GeneralReLU(0.1, 0.0, 2.0)",
      "F.leaky_relu({0}, 0.1).clamp(max=2.0)" },
    { "ReLU", "{\"negative_slope\": 0.1, \"threshold\": 0.5}",
      "function=general_relu a=0.1 b=0.5 c=inf", "GeneralReLU(0.1, 0.5)",
      "refused: torch has no such word for general_relu" },
    { "LeakyReLU", "{}", "function=leaky_relu a=0.3", "nn.LeakyReLU(0.3)",
      "F.leaky_relu({0}, 0.3)" },
    { "LeakyReLU", "{\"negative_slope\": 0.01}", "function=leaky_relu a=0.01",
      "nn.LeakyReLU()", "F.leaky_relu({0})" },
    { "ELU", "{\"alpha\": 0.5}", "function=elu a=0.5", "nn.ELU(0.5)",
      "F.elu({0}, 0.5)" },
    /* clang-format on */
};

static void keras_words_become_torch_words(void)
{
    for (size_t i = 0; i < sizeof word_rows / sizeof *word_rows; i++) {
        const bool layer = word_rows[i].class_name != NULL;
        bench b;

        bench_open(&b);

        const char *const config =
            layer ? word_rows[i].config
                  : cvyi_arena_printf(&b.arena, "{\"activation\": \"%s\"}",
                                      word_rows[i].config);

        if (bench_read(&b, layer ? word_rows[i].class_name : "Activation",
                       config, "(N, 8, 4)") != CVY_OK)
            CHECK_FAIL("%s: %s", config, b.err.text);
        CHECK_EQ(b.phrase.n, 1);
        CHECK_STR(bench_attrs(&b, &b.phrase.steps[0].attrs),
                  word_rows[i].attrs);
        CHECK_STR(bench_step(&b, 0, "(N, 4, 8)", CVYI_FORM_MODULE),
                  word_rows[i].module);
        CHECK_STR(bench_step(&b, 0, "(N, 4, 8)", CVYI_FORM_FUNCTION),
                  word_rows[i].function);
        bench_close(&b);
    }
}

static void every_function_is_sayable_as_a_module(void)
{
    for (int k = 0; k < cvyi_n_functions; k++) {
        const cvyi_attrs attrs = attrs_of(&cvyi_functions[k], params);
        cvyi_type in;
        bench b;

        bench_open(&b);
        in = bench_type(&b, "(N, 4)");

        const char *const said =
            bench_say(&b, &attrs, &in, 0, CVYI_FORM_MODULE, NULL);

        if (strncmp(said, "refused", 7) == 0)
            CHECK_FAIL("%s: %s", cvyi_functions[k].name, said);
        bench_close(&b);
    }
}

static void the_functions_stand_in_order(void)
{
    for (int k = 1; k < cvyi_n_functions; k++)
        if (strcmp(cvyi_functions[k - 1].name, cvyi_functions[k].name) >= 0)
            CHECK_FAIL("%s", cvyi_functions[k].name);
}

static void numbers_that_keras_refuses_are_refused(void)
{
    static const char *const rows[][2] = {
        { "ReLU", "{\"max_value\": -1}" },
        { "ReLU", "{\"negative_slope\": -0.5}" },
        { "ReLU", "{\"threshold\": -1}" },
        { "LeakyReLU", "{\"negative_slope\": -1}" },
        { "ELU", "{\"alpha\": \"one\"}" },
    };

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        bench b;

        bench_open(&b);
        CHECK_EQ(bench_read(&b, rows[i][0], rows[i][1], "(N, 4)"),
                 CVY_UNSUPPORTED);
        CHECK_EQ(b.phrase.refusal.kind, CVYI_ILLEGAL_IN_SOURCE);
        bench_close(&b);
    }
}

static const check_case cases[] = {
    { "every_function_is_its_formula", every_function_is_its_formula },
    { "the_bound_covers_a_plain_float32_evaluation",
      the_bound_covers_a_plain_float32_evaluation },
    { "numbers_pass_through_the_ends", numbers_pass_through_the_ends },
    { "keras_words_become_torch_words", keras_words_become_torch_words },
    { "every_function_is_sayable_as_a_module",
      every_function_is_sayable_as_a_module },
    { "the_functions_stand_in_order", the_functions_stand_in_order },
    { "numbers_that_keras_refuses_are_refused",
      numbers_that_keras_refuses_are_refused },
};
CHECK_MAIN(cases)
