/* layer/pointwise/torch.c - torch's words for functions of each element. */
#include <math.h>
#include <string.h>

#include "layer/pointwise/functions.h"
#include "layer/words.h"

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

/* A word whose arguments are the parameters; those at the end that are
 * torch's own defaults are left out. */
static cvy_status say(cvyi_said *out, const cvyi_saying *what,
                      const char *function, const char *name, cvyi_form form,
                      const double *defaults, cvy_error *err)
{
    if (!cvyi_attr_is(what->attrs, "function", function))
        return no_word(out, what, err);

    int n = cvyi_function_find(function)->n_params;

    while (n > 0 && param(what, n - 1) == defaults[n - 1])
        n--;
    begin(out, name, form);
    for (int i = 0; i < n; i++)
        cvyi_code_double(out, NULL, param(what, i));
    cvyi_code_end(out);
    return CVY_OK;
}

/* WORD(function, module, call, torch's defaults of a and b) */
#define F "torch.nn.functional."
#define N "torch.nn."
/* clang-format off */
#define WORDS(WORD)                                                        \
    WORD(celu,         N "CELU",        F "celu",        1.0,  0)          \
    WORD(clip,         N "Hardtanh",    F "hardtanh",    -1.0, 1.0)        \
    WORD(elu,          N "ELU",         F "elu",         1.0,  0)          \
    WORD(gelu,         N "GELU",        F "gelu",        0,    0)          \
    WORD(hard_shrink,  N "Hardshrink",  F "hardshrink",  0.5,  0)          \
    WORD(hard_sigmoid, N "Hardsigmoid", F "hardsigmoid", 0,    0)          \
    WORD(hard_silu,    N "Hardswish",   F "hardswish",   0,    0)          \
    WORD(leaky_relu,   N "LeakyReLU",   F "leaky_relu",  0.01, 0)          \
    WORD(log_sigmoid,  N "LogSigmoid",  F "logsigmoid",  0,    0)          \
    WORD(mish,         N "Mish",        F "mish",        0,    0)          \
    WORD(relu,         N "ReLU",        "torch.relu",    0,    0)          \
    WORD(selu,         N "SELU",        F "selu",        0,    0)          \
    WORD(sigmoid,      N "Sigmoid",     "torch.sigmoid", 0,    0)          \
    WORD(silu,         N "SiLU",        F "silu",        0,    0)          \
    WORD(soft_shrink,  N "Softshrink",  F "softshrink",  0.5,  0)          \
    WORD(softplus,     N "Softplus",    F "softplus",    0,    0)          \
    WORD(softsign,     N "Softsign",    F "softsign",    0,    0)          \
    WORD(tanh,         N "Tanh",        "torch.tanh",    0,    0)          \
    WORD(tanh_shrink,  N "Tanhshrink",  F "tanhshrink",  0,    0)          \
    WORD(threshold,    N "Threshold",   F "threshold",   NAN,  NAN)
/* clang-format on */

#define SAY(function, module, call, a, b)                                    \
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

static cvy_status sparse_sigmoid_call(cvyi_said *out, const cvyi_saying *what,
                                      cvy_error *err)
{
    if (!cvyi_attr_is(what->attrs, "function", "sparse_sigmoid"))
        return no_word(out, what, err);
    cvyi_text_put(&out->code, "(({0} + 1) / 2).clamp(0, 1)");
    out->binding = CVYI_BIND_ATOM;
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
    } else if (param(what, 0) == 0) {
        begin(out, F "threshold", CVYI_FORM_FUNCTION);
        cvyi_code_double(out, NULL, param(what, 1));
        cvyi_code_double(out, NULL, 0.0);
    } else {
        return no_word(out, what, err);
    }
    cvyi_text_put(&out->code, ").clamp(max=");
    out->n_args = 0;
    cvyi_code_double(out, NULL, param(what, 2));
    cvyi_code_end(out);
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

#define MODULE(text, to)                                            \
    {                                                               \
        .dialect = "torch", .name = text, .form = CVYI_FORM_MODULE, \
        .to_call = to                                               \
    }
#define CALL(text, to)                                                \
    {                                                                 \
        .dialect = "torch", .name = text, .form = CVYI_FORM_FUNCTION, \
        .to_call = to                                                 \
    }
#define ROWS(function, module, call, a, b) \
    MODULE(module, function##_module), CALL(call, function##_call),

/* clang-format off */
const cvyi_spelling cvyi_pointwise_torch[] = {
    MODULE(N "ReLU6",        relu6_module),
    CALL(F "relu6",          relu6_call),
    WORDS(ROWS)
    MODULE(N "GELU",         gelu_tanh_module),
    CALL(F "gelu",           gelu_tanh_call),
    CALL("torch.exp",        exponential_call),
    CALL("torch.clamp",      sparse_sigmoid_call),
    CALL("torch.clamp",      general_relu_call),
    MODULE("Exponential",    exponential_helper),
    MODULE("SparsePlus",     sparse_plus_helper),
    MODULE("SparseSigmoid",  sparse_sigmoid_helper),
    MODULE("Squareplus",     squareplus_helper),
    MODULE("GeneralReLU",    general_relu_helper),
    { 0 }
};
/* clang-format on */
