/* layer/pointwise/math.c - words for functions of mathematics. */
#include "layer/pointwise/math.h"

#include "layer/pointwise/functions.h"

#include <string.h>

/* clang-format off */
#define WHOLE(class_, function)                                 \
    "class " class_ "(nn.Module):\n"                            \
    "    \"\"\"torch." function "(x).\"\"\"\n"                    \
    "\n"                                                        \
    "    def forward(self, x: Tensor) -> Tensor:\n"             \
    "        return torch." function "(x)\n"
#define MATH(function, Class, torch, keras, tf)                 \
    const cvyi_helper cvyi_math_##function = {                  \
        .name = #Class, .needs = "torch nn Tensor",             \
        .code = WHOLE(#Class, torch),                           \
    };
#include "layer/pointwise/math.def"
MATH(round, Round, "round", "", "")
#undef MATH

const cvyi_helper cvyi_math_power = {
    .name = "Power",
    .needs = "torch nn Tensor",
    .code = "class Power(nn.Module):\n"
            "    \"\"\"x to the power of a number.\"\"\"\n"
            "\n"
            "    def __init__(self, exponent: float) -> None:\n"
            "        super().__init__()\n"
            "        self.exponent = exponent\n"
            "\n"
            "    def forward(self, x: Tensor) -> Tensor:\n"
            "        return torch.pow(x, self.exponent)\n",
};

const cvyi_helper cvyi_math_power_of = {
    .name = "PowerOf",
    .needs = "torch nn Tensor",
    .code = "class PowerOf(nn.Module):\n"
            "    \"\"\"A number to the power of x.\"\"\"\n"
            "\n"
            "    def __init__(self, base: float) -> None:\n"
            "        super().__init__()\n"
            "        self.base = base\n"
            "\n"
            "    def forward(self, x: Tensor) -> Tensor:\n"
            "        return torch.pow(self.base, x)\n",
};

static const struct {
    const char *function, *class_, *torch, *keras, *tf;
} names[] = {
#define MATH(function, Class, torch, keras, tf) \
    { #function, #Class, torch, keras, tf },
#include "layer/pointwise/math.def"
#undef MATH
    { "round", "Round", "round", "round", "round" }, /* and its decimals */
    { "power", "Power", "pow", "power", "pow" },
    { "power_of", "PowerOf", "", "", "" },
};
/* clang-format on */

enum { N_NAMES = (int)(sizeof names / sizeof *names) };

static const char *last_part(const cvyi_spelling *spelling)
{
    const char *const dot = strrchr(spelling->name, '.');

    return dot != NULL ? dot + 1 : spelling->name;
}

static const char *name_of(int row, const cvyi_spelling *spelling)
{
    if (spelling->helper != NULL)
        return names[row].class_;
    if (strcmp(spelling->dialect, "torch") == 0)
        return names[row].torch;
    return strncmp(spelling->dialect, "keras", 5) == 0 ? names[row].keras
                                                       : names[row].tf;
}

/* The function that a spelling's name is; "abs" is one everywhere. */
static const char *function_of(const cvyi_spelling *spelling)
{
    const char *const name = last_part(spelling);

    for (int i = 0; i < N_NAMES; i++)
        if (strcmp(name_of(i, spelling), name) == 0)
            return names[i].function;
    return strcmp(name, "abs") == 0 ? "absolute" : "";
}

cvy_status cvyi_math_from_name(cvyi_phrase *out, const cvyi_bound *call,
                               cvy_error *err)
{
    CVYI_TRY(cvyi_torch_input(out, call, 0, err));
    return cvyi_function_step(out, call, function_of(call->spelling), NULL,
                              err);
}

static cvy_status another(cvy_error *err)
{
    return cvyi_fail(err, CVY_UNSUPPORTED, "this is another function");
}

cvy_status cvyi_math_to_call(cvyi_said *out, const cvyi_saying *what,
                             cvy_error *err)
{
    const char *const function = function_of(out->spelling);
    const bool torch = strcmp(out->spelling->dialect, "torch") == 0;

    if (!cvyi_attr_is(what->attrs, "function", function))
        return another(err);
    cvyi_code_begin(out, "%s.%s", torch ? "torch" : "ops",
                    last_part(out->spelling));
    cvyi_code_raw(out, NULL, "{0}");
    cvyi_code_end(out);
    return CVY_OK;
}

cvy_status cvyi_math_to_module(cvyi_said *out, const cvyi_saying *what,
                               cvy_error *err)
{
    const cvyi_spelling *const own = out->spelling;

    if (!cvyi_attr_is(what->attrs, "function", function_of(own)))
        return another(err);
    out->helper = own->helper;
    cvyi_code_begin(out, "%s", own->name);
    if (own->helper == &cvyi_math_power || own->helper == &cvyi_math_power_of)
        cvyi_code_double(out, NULL, cvyi_attr_real(what->attrs, "a"));
    cvyi_code_end(out);
    return CVY_OK;
}

/* ---- powers ---- */

cvy_status cvyi_power_from_pair(cvyi_phrase *out, const cvyi_bound *call,
                                cvy_error *err)
{
    cvyi_torch_pair pair;

    CVYI_TRY(cvyi_torch_pair_read(&pair, out, call, err));
    if (pair.tensors)
        return cvyi_refuse(&out->refusal, call->arena, err, CVYI_NOT_SUPPORTED,
                           call->names[1],
                           "raise a tensor to a number, or a number to it",
                           "two tensors, one of them an exponent, are not "
                           "carried over");
    return cvyi_function_step(out, call, pair.reversed ? "power_of" : "power",
                              &pair.number, err);
}

static cvy_status from_class(cvyi_phrase *out, const cvyi_bound *call,
                             const char *function, const char *name,
                             cvy_error *err)
{
    double number;

    CVYI_TRY(cvyi_torch_input(out, call, 0, err));
    CVYI_TRY(cvyi_torch_number(&number, out, call, name, err));
    return cvyi_function_step(out, call, function, &number, err);
}

cvy_status cvyi_power_from_class(cvyi_phrase *out, const cvyi_bound *call,
                                 cvy_error *err)
{
    return from_class(out, call, "power", "exponent", err);
}

cvy_status cvyi_power_of_from_class(cvyi_phrase *out, const cvyi_bound *call,
                                    cvy_error *err)
{
    return from_class(out, call, "power_of", "base", err);
}

static cvy_status to_call(cvyi_said *out, const cvyi_saying *what,
                          const char *function, bool first, cvy_error *err)
{
    const bool torch = strcmp(out->spelling->dialect, "torch") == 0;
    const double number = cvyi_attr_real(what->attrs, "a");

    if (!cvyi_attr_is(what->attrs, "function", function))
        return another(err);
    cvyi_code_begin(out, torch ? "torch.pow" : "ops.power");
    if (!first)
        cvyi_code_raw(out, NULL, "{0}");
    cvyi_code_double(out, NULL, number);
    if (first)
        cvyi_code_raw(out, NULL, "{0}");
    cvyi_code_end(out);
    return CVY_OK;
}

cvy_status cvyi_power_to_call(cvyi_said *out, const cvyi_saying *what,
                              cvy_error *err)
{
    return to_call(out, what, "power", false, err);
}

cvy_status cvyi_power_of_to_call(cvyi_said *out, const cvyi_saying *what,
                                 cvy_error *err)
{
    return to_call(out, what, "power_of", true, err);
}
