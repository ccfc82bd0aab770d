/* layer/pointwise/torch.c - torch's words for functions of each element. */
#include <math.h>
#include <string.h>

#include "layer/pointwise/functions.h"
#include "layer/pointwise/math.h"
#include "layer/pointwise/torch.h"

static double param(const cvyi_saying *what, int i)
{
    return cvyi_attr_real(what->attrs, cvyi_function_params[i]);
}

/* "torch.nn.ReLU" is written nn.ReLU, "torch.nn.functional.elu" F.elu. */
static void begin(cvyi_said *out, const char *name, cvyi_form form)
{
    static const char functional[] = "torch.nn.functional.";
    const size_t n = sizeof functional - 1;

    if (strncmp(name, functional, n) == 0)
        cvyi_code_begin(out, "F.%s", name + n);
    else if (form == CVYI_FORM_MODULE)
        cvyi_code_begin(out, "%s", name + strlen("torch."));
    else
        cvyi_code_begin(out, "%s", name);
    if (form == CVYI_FORM_FUNCTION)
        cvyi_code_raw(out, NULL, "{0}");
}

static cvy_status no_word(cvyi_said *out, const cvyi_saying *what,
                          cvy_error *err)
{
    return cvyi_refuse(&out->refusal, what->arena, err, CVYI_NO_COUNTERPART,
                       "", "leave this function out, or write it by hand",
                       "torch has no such word for %s",
                       cvyi_attr_word(what->attrs, "function"));
}

/* A clip to one number, which nn.Hardtanh does not take. */
static bool is_point(const cvyi_saying *what)
{
    return cvyi_attr_is(what->attrs, "function", "clip") &&
           !(param(what, 0) < param(what, 1));
}

/* A word whose arguments are the parameters; those at the end that are
 * torch's own defaults are left out. */
static cvy_status say(cvyi_said *out, const cvyi_saying *what,
                      const char *function, const char *name, cvyi_form form,
                      const double *defaults, cvy_error *err)
{
    if (!cvyi_attr_is(what->attrs, "function", function) ||
        (form == CVYI_FORM_MODULE && is_point(what)))
        return no_word(out, what, err);
    if (strcmp(function, "soft_shrink") == 0 && !(param(what, 0) >= 0))
        return cvyi_refuse(&out->refusal, what->arena, err,
                           CVYI_NO_COUNTERPART, "threshold",
                           "use a threshold of at least 0",
                           "torch's Softshrink takes no threshold below 0");

    int n = cvyi_function_find(function)->n_params;

    while (n > 0 && param(what, n - 1) == defaults[n - 1])
        n--;
    begin(out, name, form);
    for (int i = 0; i < n; i++)
        cvyi_code_double(out, NULL, param(what, i));
    cvyi_code_end(out);
    return CVY_OK;
}

/* clang-format off */
static const cvyi_argument none[] = { { 0 } };
static const cvyi_argument alpha[] = {
    { "alpha", "alpha", NULL }, { 0 }
};
static const cvyi_argument limits[] = {
    { "min_val", "minimum", NULL },
    { "max_val", "maximum", NULL },
    { "min_value", "old minimum", "the old name of min_val" },
    { "max_value", "old maximum", "the old name of max_val" },
    { 0 }
};
static const cvyi_argument approximate[] = {
    { "approximate", "approximation", "'none' is exact" },
    { 0 }
};
static const cvyi_argument lambd[] = {
    { "lambd", "threshold", NULL }, { 0 }
};
static const cvyi_argument slope[] = {
    { "negative_slope", "slope", NULL }, { 0 }
};
static const cvyi_argument between[] = {
    { "lower", "lower", "the slope is the middle of lower and upper" },
    { "upper", "upper", "the slope is the middle of lower and upper" },
    { 0 }
};
static const cvyi_argument soft[] = {
    { "beta", "beta", "softplus(beta * x) / beta" },
    { "threshold", "straight", "x itself where beta * x is above it" },
    { 0 }
};
static const cvyi_argument step[] = {
    { "threshold", "threshold", NULL }, { "value", "value", NULL }, { 0 }
};
static const cvyi_argument ends[] = {
    { "min", "minimum", NULL }, { "max", "maximum", NULL }, { 0 }
};
/* clang-format on */

/* WORD(function, module, its signature, call, its signature, how both are
 * read, torch's defaults of a and b, what the arguments mean) */
#define F "torch.nn.functional."
#define N "torch.nn."
#define NONE ""
#define PLACE "inplace=False"
#define NAME cvyi_pointwise_from_name
#define TANH cvyi_pointwise_from_hardtanh
#define GELU cvyi_pointwise_from_gelu
#define PLUS cvyi_pointwise_from_softplus
/* clang-format off */
#define WORDS(WORD)                                                           \
    WORD(celu,         N "CELU",        "alpha=1.0, " PLACE,                  \
         F "celu",                      "x, alpha=1.0, " PLACE,               \
         NAME, 1.0, 0, alpha)                                                 \
    WORD(clip,         N "Hardtanh",    "min_val=-1.0, max_val=1.0, " PLACE   \
                                        ", min_value=None, max_value=None",   \
         F "hardtanh",         "x, min_val=-1.0, max_val=1.0, " PLACE,        \
         TANH, -1.0, 1.0, limits)                                             \
    WORD(elu,          N "ELU",         "alpha=1.0, " PLACE,                  \
         F "elu",                       "x, alpha=1.0, " PLACE,               \
         NAME, 1.0, 0, alpha)                                                 \
    WORD(gelu,         N "GELU",        "approximate='none'",                 \
         F "gelu",                      "x, approximate='none'",              \
         GELU, 0, 0, approximate)                                             \
    WORD(hard_shrink,  N "Hardshrink",  "lambd=0.5",                          \
         F "hardshrink",                "x, lambd=0.5",                       \
         NAME, 0.5, 0, lambd)                                                 \
    WORD(hard_sigmoid, N "Hardsigmoid", PLACE, F "hardsigmoid", "x, " PLACE,  \
         NAME, 0, 0, none)                                                    \
    WORD(hard_silu,    N "Hardswish",   PLACE, F "hardswish", "x, " PLACE,    \
         NAME, 0, 0, none)                                                    \
    WORD(leaky_relu,   N "LeakyReLU",   "negative_slope=0.01, " PLACE,        \
         F "leaky_relu",                "x, negative_slope=0.01, " PLACE,     \
         NAME, 0.01, 0, slope)                                                \
    WORD(log_sigmoid,  N "LogSigmoid",  NONE, F "logsigmoid", "x",            \
         NAME, 0, 0, none)                                                    \
    WORD(mish,         N "Mish",        PLACE, F "mish", "x, " PLACE,         \
         NAME, 0, 0, none)                                                    \
    WORD(relu,         N "ReLU",        PLACE, "torch.relu", "x",             \
         NAME, 0, 0, none)                                                    \
    WORD(selu,         N "SELU",        PLACE, F "selu", "x, " PLACE,         \
         NAME, 0, 0, none)                                                    \
    WORD(sigmoid,      N "Sigmoid",     NONE, "torch.sigmoid", X,             \
         NAME, 0, 0, none)                                                    \
    WORD(silu,         N "SiLU",        PLACE, F "silu", "x, " PLACE,         \
         NAME, 0, 0, none)                                                    \
    WORD(soft_shrink,  N "Softshrink",  "lambd=0.5",                          \
         F "softshrink",                "x, lambd=0.5",                       \
         NAME, 0.5, 0, lambd)                                                 \
    WORD(softplus,     N "Softplus",    "beta=1.0, threshold=20.0",           \
         F "softplus",                  "x, beta=1, threshold=20",            \
         PLUS, 0, 0, soft)                                                    \
    WORD(softsign,     N "Softsign",    NONE, F "softsign", "x",              \
         NAME, 0, 0, none)                                                    \
    WORD(tanh,         N "Tanh",        NONE, "torch.tanh", X,                \
         NAME, 0, 0, none)                                                    \
    WORD(tanh_shrink,  N "Tanhshrink",  NONE, F "tanhshrink", "x",            \
         NAME, 0, 0, none)                                                    \
    WORD(threshold,    N "Threshold",   "threshold, value, " PLACE,           \
         F "threshold",                 "x, threshold, value, " PLACE,        \
         NAME, NAN, NAN, step)
/* clang-format on */
#define X "x, *, out=None"

#define SAY(function, module, made, call, given, from, a, b, table)          \
    static cvy_status function##_module(                                     \
        cvyi_said *out, const cvyi_saying *what, cvy_error *err)             \
    {                                                                        \
        const double defaults[] = { a, b };                                  \
        return say(out, what, #function, module, CVYI_FORM_MODULE, defaults, \
                   err);                                                     \
    }                                                                        \
    static cvy_status function##_call(                                       \
        cvyi_said *out, const cvyi_saying *what, cvy_error *err)             \
    {                                                                        \
        const double defaults[] = { a, b };                                  \
        return say(out, what, #function, call, CVYI_FORM_FUNCTION, defaults, \
                   err);                                                     \
    }
WORDS(SAY)

/* ---- words that fit no row ---- */

/* clip between 0 and 6 has a name of its own. */
static cvy_status say_relu6(cvyi_said *out, const cvyi_saying *what,
                            cvyi_form form, cvy_error *err)
{
    if (!cvyi_attr_is(what->attrs, "function", "clip") ||
        param(what, 0) != 0 || param(what, 1) != 6)
        return no_word(out, what, err);
    begin(out, form == CVYI_FORM_MODULE ? N "ReLU6" : F "relu6", form);
    cvyi_code_end(out);
    return CVY_OK;
}

static cvy_status relu6_module(cvyi_said *out, const cvyi_saying *what,
                               cvy_error *err)
{
    return say_relu6(out, what, CVYI_FORM_MODULE, err);
}

static cvy_status relu6_call(cvyi_said *out, const cvyi_saying *what,
                             cvy_error *err)
{
    return say_relu6(out, what, CVYI_FORM_FUNCTION, err);
}

static cvy_status say_gelu_tanh(cvyi_said *out, const cvyi_saying *what,
                                cvyi_form form, cvy_error *err)
{
    if (!cvyi_attr_is(what->attrs, "function", "gelu_tanh"))
        return no_word(out, what, err);
    begin(out, form == CVYI_FORM_MODULE ? N "GELU" : F "gelu", form);
    cvyi_code_word(out, "approximate", "tanh");
    cvyi_code_end(out);
    return CVY_OK;
}

static cvy_status gelu_tanh_module(cvyi_said *out, const cvyi_saying *what,
                                   cvy_error *err)
{
    return say_gelu_tanh(out, what, CVYI_FORM_MODULE, err);
}

static cvy_status gelu_tanh_call(cvyi_said *out, const cvyi_saying *what,
                                 cvy_error *err)
{
    return say_gelu_tanh(out, what, CVYI_FORM_FUNCTION, err);
}

static cvy_status exponential_call(cvyi_said *out, const cvyi_saying *what,
                                   cvy_error *err)
{
    return say(out, what, "exponential", "torch.exp", CVYI_FORM_FUNCTION, NULL,
               err);
}

/* One function as the next step of what code means. */
static void means(cvyi_said *out, const cvyi_saying *what,
                  const char *function, double a, double b)
{
    cvyi_attrs *const read =
        cvyi_said_means(out, "pointwise", what->attrs->n_spatial);

    cvyi_set_word(read, "function", function);
    cvyi_set_real(read, "a", a);
    cvyi_set_real(read, "b", b);
}

static cvy_status sparse_sigmoid_call(cvyi_said *out, const cvyi_saying *what,
                                      cvy_error *err)
{
    if (!cvyi_attr_is(what->attrs, "function", "sparse_sigmoid"))
        return no_word(out, what, err);
    cvyi_text_put(&out->code, "(({0} + 1) / 2).clamp(0, 1)");
    out->binding = CVYI_BIND_ATOM;
    CVYI_TRY(cvyi_torch_means_rescale(out, what, 1, false, 1, err));
    CVYI_TRY(cvyi_torch_means_rescale(out, what, 2, true, 0, err));
    means(out, what, "clip", 0, 1);
    return CVY_OK;
}

/* Two calls say it where one of slope and threshold is 0. */
static cvy_status general_relu_call(cvyi_said *out, const cvyi_saying *what,
                                    cvy_error *err)
{
    const bool is = cvyi_attr_is(what->attrs, "function", "general_relu");

    if (!is || isinf(param(what, 2)))
        return no_word(out, what, err);
    if (param(what, 1) == 0) {
        begin(out, F "leaky_relu", CVYI_FORM_FUNCTION);
        cvyi_code_double(out, NULL, param(what, 0));
        means(out, what, "leaky_relu", param(what, 0), 0);
    } else if (param(what, 0) == 0) {
        begin(out, F "threshold", CVYI_FORM_FUNCTION);
        cvyi_code_double(out, NULL, param(what, 1));
        cvyi_code_double(out, NULL, 0.0);
        means(out, what, "threshold", param(what, 1), 0);
    } else {
        return no_word(out, what, err);
    }
    cvyi_text_put(&out->code, ").clamp(max=");
    out->n_args = 0;
    cvyi_code_double(out, NULL, param(what, 2));
    cvyi_code_end(out);
    means(out, what, "clip", -INFINITY, param(what, 2));
    return CVY_OK;
}

/* ---- words that torch lacks: a small class in the written file ---- */

static const cvyi_helper exponential_class = {
    .name = "Exponential",
    .needs = "torch nn Tensor",
    .code = "class Exponential(nn.Module):\n"
            "    \"\"\"exp(x).\"\"\"\n"
            "\n"
            "    def forward(self, x: Tensor) -> Tensor:\n"
            "        return torch.exp(x)\n",
};

static const cvyi_helper sparse_plus_class = {
    .name = "SparsePlus",
    .needs = "torch nn Tensor",
    .code =
        "class SparsePlus(nn.Module):\n"
        "    \"\"\"0 up to -1, x from 1, and (x + 1)^2 / 4 between.\"\"\"\n"
        "\n"
        "    def forward(self, x: Tensor) -> Tensor:\n"
        "        return torch.where(x < 1, (x + 1).clamp(min=0) ** 2 / 4, "
        "x)\n",
};

static const cvyi_helper sparse_sigmoid_class = {
    .name = "SparseSigmoid",
    .needs = "nn Tensor",
    .code = "class SparseSigmoid(nn.Module):\n"
            "    \"\"\"(x + 1) / 2, cut at 0 and 1.\"\"\"\n"
            "\n"
            "    def forward(self, x: Tensor) -> Tensor:\n"
            "        return ((x + 1) / 2).clamp(0, 1)\n",
};

static const cvyi_helper squareplus_class = {
    .name = "Squareplus",
    .needs = "torch nn Tensor",
    .code = "class Squareplus(nn.Module):\n"
            "    \"\"\"(x + sqrt(x^2 + b)) / 2.\"\"\"\n"
            "\n"
            "    def __init__(self, b: float = 4.0) -> None:\n"
            "        super().__init__()\n"
            "        self.b = b\n"
            "\n"
            "    def forward(self, x: Tensor) -> Tensor:\n"
            "        return (x + torch.sqrt(x * x + self.b)) / 2\n",
};

static const cvyi_helper general_relu_class = {
    .name = "GeneralReLU",
    .needs = "torch nn Tensor",
    .code = "class GeneralReLU(nn.Module):\n"
            "    \"\"\"min(x, max_value) above the threshold, a line below "
            "it.\"\"\"\n"
            "\n"
            "    def __init__(\n"
            "        self, negative_slope: float, threshold: float, "
            "max_value: float = float(\"inf\")\n"
            "    ) -> None:\n"
            "        super().__init__()\n"
            "        self.negative_slope = negative_slope\n"
            "        self.threshold = threshold\n"
            "        self.max_value = max_value\n"
            "\n"
            "    def forward(self, x: Tensor) -> Tensor:\n"
            "        below = self.negative_slope * (x - self.threshold)\n"
            "        return torch.where(x > self.threshold, "
            "x.clamp(max=self.max_value), below)\n",
};

static cvy_status say_helper(cvyi_said *out, const cvyi_saying *what,
                             const char *function, const cvyi_helper *helper,
                             const double *defaults, cvy_error *err)
{
    if (!cvyi_attr_is(what->attrs, "function", function))
        return no_word(out, what, err);

    int n = cvyi_function_find(function)->n_params;

    while (n > 0 && param(what, n - 1) == defaults[n - 1])
        n--;
    cvyi_code_begin(out, "%s", helper->name);
    for (int i = 0; i < n; i++)
        cvyi_code_double(out, NULL, param(what, i));
    cvyi_code_end(out);
    out->helper = helper;
    return CVY_OK;
}

#define HELPER(function, a, b, c)                                            \
    static cvy_status function##_helper(                                     \
        cvyi_said *out, const cvyi_saying *what, cvy_error *err)             \
    {                                                                        \
        const double defaults[] = { a, b, c };                               \
        return say_helper(out, what, #function, &function##_class, defaults, \
                          err);                                              \
    }
HELPER(exponential, 0, 0, 0)
HELPER(sparse_plus, 0, 0, 0)
HELPER(sparse_sigmoid, 0, 0, 0)
HELPER(squareplus, 4, 0, 0)
HELPER(general_relu, NAN, NAN, INFINITY)

#define MODULE(text, made, from, to, table)                         \
    {                                                               \
        .dialect = "torch", .name = text, .signature = made,        \
        .from_call = from, .form = CVYI_FORM_MODULE, .to_call = to, \
        .arguments = table                                          \
    }
#define CALL(text, made, from, to, table)                             \
    {                                                                 \
        .dialect = "torch", .name = text, .signature = made,          \
        .from_call = from, .form = CVYI_FORM_FUNCTION, .to_call = to, \
        .arguments = table                                            \
    }
#define CLASS(text, made, from, class_, to)                         \
    {                                                               \
        .dialect = "torch", .name = text, .signature = made,        \
        .from_call = from, .form = CVYI_FORM_MODULE, .to_call = to, \
        .helper = &class_                                           \
    }
#define SAID(text, to) CALL(text, NULL, NULL, to, NULL)
#define READ(text, made, table) CALL(text, made, NAME, NULL, table)
#define ROWS(function, module, made, call, given, from, a, b, table) \
    MODULE(module, made, from, function##_module, table),            \
        CALL(call, given, from, function##_call, table),
#define SIX cvyi_pointwise_from_relu6
#define RANDOM cvyi_pointwise_from_rrelu
#define CLAMP(text, made) \
    CALL(text, made, cvyi_pointwise_from_clamp, NULL, ends)
#define BETWEEN "lower=0.125, upper=0.3333333333333333"

/* clang-format off */
const cvyi_spelling cvyi_pointwise_torch[] = {
    MODULE(N "ReLU6",        PLACE,       SIX,    relu6_module, none),
    CALL(F "relu6",          "x, " PLACE, SIX,    relu6_call, none),
    WORDS(ROWS)
    MODULE(N "GELU", "approximate='none'", NULL, gelu_tanh_module,
           approximate),
    CALL(F "gelu", "x, approximate='none'", NULL, gelu_tanh_call,
         approximate),
    CALL("torch.exp",        X,           NAME,   exponential_call, none),
    SAID("torch.clamp",      sparse_sigmoid_call),
    SAID("torch.clamp",      general_relu_call),
    CLASS("Exponential",   "", NAME, exponential_class,    exponential_helper),
    CLASS("SparsePlus",    "", NAME, sparse_plus_class,    sparse_plus_helper),
    CLASS("SparseSigmoid", "", NAME, sparse_sigmoid_class,
          sparse_sigmoid_helper),
    CLASS("Squareplus",    "b=4.0", NAME, squareplus_class, squareplus_helper),
    CLASS("GeneralReLU",   "negative_slope, threshold, max_value=None",
          cvyi_pointwise_from_general_relu, general_relu_class,
          general_relu_helper),
    MODULE(N "RReLU", BETWEEN ", " PLACE, RANDOM, NULL, between),
    CALL(F "rrelu", "x, " BETWEEN ", training=False, " PLACE, RANDOM, NULL,
         between),
    CALL(F "rrelu_", "x, " BETWEEN ", training=False", RANDOM, NULL,
         between),
    CALL("torch.rrelu", "x, " BETWEEN ", training=False, generator=None",
         RANDOM, NULL, between),
    CALL("torch.rrelu_", "x, " BETWEEN ", training=False, generator=None",
         RANDOM, NULL, between),
    CALL(F "hardtanh_", "x, min_val=-1.0, max_val=1.0", TANH, NULL, limits),
    READ(F "relu",                  "x, " PLACE,         none),
    READ(F "relu_",                 "x",                 none),
    READ(F "sigmoid",               "x",                 none),
    READ(F "tanh",                  "x",                 none),
    READ(F "celu_",                 "x, alpha=1.0",      alpha),
    READ(F "elu_",                  "x, alpha=1.0",      alpha),
    READ(F "leaky_relu_",           "x, negative_slope=0.01", slope),
    READ(F "selu_",                 "x",                 none),
    READ(F "threshold_",            "x, threshold, value", step),
    READ("torch.celu",              "x, alpha=1.0",      alpha),
    READ("torch.celu_",             "x, alpha=1.0",      alpha),
    READ("torch.exp_",              "x",                 none),
    READ("torch.relu_",             "x",                 none),
    READ("torch.selu",              "x",                 none),
    READ("torch.selu_",             "x",                 none),
    READ("torch.sigmoid_",          "x",                 none),
    READ("torch.tanh_",             "x",                 none),
    READ("torch.hardshrink",        "x, lambd=0.5",      lambd),
    READ("torch.threshold",         "x, threshold, value", step),
    READ("torch.threshold_",        "x, threshold, value", step),
    READ("torch.special.expit",     X,                   none),
    READ("torch.Tensor.relu",       "x",                 none),
    READ("torch.Tensor.relu_",      "x",                 none),
    READ("torch.Tensor.sigmoid",    "x",                 none),
    READ("torch.Tensor.sigmoid_",   "x",                 none),
    READ("torch.Tensor.tanh",       "x",                 none),
    READ("torch.Tensor.tanh_",      "x",                 none),
    READ("torch.Tensor.exp",        "x",                 none),
    READ("torch.Tensor.hardshrink", "x, lambd=0.5",      lambd),
    CLAMP("torch.clamp",            "x, min=None, max=None, *, out=None"),
    CLAMP("torch.clip",             "x, min=None, max=None, *, out=None"),
    CLAMP("torch.clamp_min",        "x, min"),
    CLAMP("torch.clamp_max",        "x, max"),
    CLAMP("torch.Tensor.clamp",     "x, min=None, max=None"),
    CLAMP("torch.Tensor.clip",      "x, min=None, max=None"),
    CLAMP("torch.Tensor.clamp_min", "x, min"),
    CLAMP("torch.Tensor.clamp_max", "x, max"),
#define MATH(function, Class, torch, keras, tf)                               \
    CALL("torch." torch, X, cvyi_math_from_name, cvyi_math_to_call, none),    \
    CALL("torch.Tensor." torch, "x", cvyi_math_from_name, NULL, none),        \
    CLASS(#Class, "", cvyi_math_from_name, cvyi_math_##function,              \
          cvyi_math_to_module),
#include "layer/pointwise/math.def"
#undef MATH
    CALL("torch.round",      "x, *, decimals=0, out=None",
         cvyi_pointwise_from_round, cvyi_math_to_call, none),
    CLASS("Round", "", cvyi_math_from_name, cvyi_math_round,
          cvyi_math_to_module),
    CLASS("Power", "exponent", cvyi_power_from_class, cvyi_math_power,
          cvyi_math_to_module),
    CALL("torch.Tensor.round", "x, *, decimals=0",
         cvyi_pointwise_from_round, NULL, none),
    CALL("torch.pow",        "x, exponent, *, out=None", cvyi_power_from_pair,
         cvyi_power_to_call, NULL),
    SAID("torch.pow", cvyi_power_of_to_call),
    CLASS("PowerOf", "base", cvyi_power_of_from_class, cvyi_math_power_of,
          cvyi_math_to_module),
    CALL("operator.pow",     "x, exponent", cvyi_power_from_pair, NULL, NULL),
    CALL("torch.Tensor.pow", "x, exponent", cvyi_power_from_pair, NULL, NULL),
    { 0 }
};
/* clang-format on */
