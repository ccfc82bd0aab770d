/* layer/normalize/torch.c - torch's words for a fixed mean and spread. */
#include "layer/words.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

/* clang-format off */
#define INIT_LEARNT                                                          \
"    def __init__(self, size: int, axes_after: int = 0) -> None:\n"          \
"        super().__init__()\n"                                               \
"        self.axes_after = axes_after\n"                                     \
"        self.register_buffer(\"mean\", torch.zeros(size))\n"                \
"        self.register_buffer(\"variance\", torch.ones(size))\n"             \
"\n"                                                                         \
"    def forward(self, x: Tensor) -> Tensor:\n"                              \
"        shape = (-1, *[1] * self.axes_after)\n"                             \
"        mean = self.mean.view(shape)\n"                                     \
"        spread = self.variance.view(shape).sqrt().clamp(min=1e-7)\n"

#define INIT_GIVEN                                                           \
"    def __init__(\n"                                                        \
"        self, mean: list[float], spread: list[float], axes_after: int = 0\n" \
"    ) -> None:\n"                                                           \
"        super().__init__()\n"                                               \
"        for name, value in ((\"mean\", mean), (\"spread\", spread)):\n"     \
"            tensor = torch.tensor(value).view(-1, *[1] * axes_after)\n"     \
"            self.register_buffer(name, tensor, persistent=False)\n"         \
"\n"                                                                         \
"    def forward(self, x: Tensor) -> Tensor:\n"

/* By [given in the source][inverted]. */
static const cvyi_helper helpers[2][2] = {
    { { "Normalize", "torch nn Tensor",
"class Normalize(nn.Module):\n"
"    \"\"\"(x - mean) / sqrt(variance) along one axis.\"\"\"\n\n"
INIT_LEARNT
"        return (x - mean) / spread\n" },
      { "Denormalize", "torch nn Tensor",
"class Denormalize(nn.Module):\n"
"    \"\"\"x * sqrt(variance) + mean along one axis.\"\"\"\n\n"
INIT_LEARNT
"        return x * spread + mean\n" } },
    { { "FixedNormalize", "torch nn Tensor",
"class FixedNormalize(nn.Module):\n"
"    \"\"\"(x - mean) / spread along one axis.\"\"\"\n\n"
INIT_GIVEN
"        return (x - self.mean) / self.spread\n" },
      { "FixedDenormalize", "torch nn Tensor",
"class FixedDenormalize(nn.Module):\n"
"    \"\"\"x * spread + mean along one axis.\"\"\"\n\n"
INIT_GIVEN
"        return x * self.spread + self.mean\n" } },
};
/* clang-format on */

/* The shortest decimal with the same float32. */
static double short_float(float value)
{
    char digits[40];

    for (int precision = 1; precision <= 9; precision++) {
        snprintf(digits, sizeof digits, "%.*g", precision, (double)value);
        if ((float)strtod(digits, NULL) == value)
            return strtod(digits, NULL);
    }
    return (double)value;
}

/* In float32, as the source computes it. */
static double spread_of(const cvyi_attrs *attrs, int i)
{
    const float variance = (float)cvyi_attr_at(attrs, "variance")->reals[i];
    const float least = (float)cvyi_attr_real(attrs, "least");

    return short_float(fmaxf(sqrtf(variance), least));
}

static bool all_equal(const cvyi_attr_value *list)
{
    for (int i = 1; i < list->n; i++)
        if (list->reals[i] != list->reals[0])
            return false;
    return list->n > 0;
}

/* One mean and one spread, both known: plain arithmetic. */
static cvy_status to_function(cvyi_said *out, const cvyi_saying *what,
                              cvy_error *err)
{
    const cvyi_attr_value *const mean = cvyi_attr_at(what->attrs, "mean");
    const bool invert = cvyi_attr_bool(what->attrs, "invert");

    if (!all_equal(mean) || !all_equal(cvyi_attr_at(what->attrs, "variance")))
        return cvyi_refuse(&out->refusal, what->arena, err,
                           CVYI_NO_COUNTERPART, "mean", "write it as a module",
                           "means along an axis must move with the model");

    const double spread = spread_of(what->attrs, 0);
    const char *const sign = (mean->reals[0] < 0) == invert ? " - " : " + ";

    cvyi_text_put(&out->code, invert ? "{0} * " : "({0}");
    if (invert)
        cvyi_code_number(out, spread);
    cvyi_text_put(&out->code, sign);
    cvyi_code_number(out, fabs(mean->reals[0]));
    if (!invert) {
        cvyi_text_put(&out->code, ") / ");
        cvyi_code_number(out, spread);
    }
    out->binding = invert ? CVYI_BIND_SUM : CVYI_BIND_PRODUCT;
    out->operands = invert ? CVYI_BIND_PRODUCT : CVYI_BIND_SUM;
    return CVY_OK;
}

static void put_given(cvyi_said *out, const cvyi_attrs *attrs)
{
    const cvyi_attr_value *const mean = cvyi_attr_at(attrs, "mean");

    cvyi_code_raw(out, NULL, "[");
    for (int i = 0; i < mean->n; i++) {
        cvyi_text_put(&out->code, i > 0 ? ", " : "");
        cvyi_code_number(out, mean->reals[i]);
    }
    cvyi_text_put(&out->code, "], [");
    for (int i = 0; i < mean->n; i++) {
        cvyi_text_put(&out->code, i > 0 ? ", " : "");
        cvyi_code_number(out, spread_of(attrs, i));
    }
    cvyi_text_put(&out->code, "]");
}

static cvy_status to_module(cvyi_said *out, const cvyi_saying *what,
                            cvy_error *err)
{
    const cvyi_attrs *const attrs = what->attrs;
    const bool given = cvyi_attr_at(attrs, "mean")->n > 0;
    const cvyi_helper *const helper =
        &helpers[given][cvyi_attr_bool(attrs, "invert")];
    const int64_t after =
        cvyi_attr_bool(attrs, "whole")
            ? 0
            : what->in[0].rank - 1 - cvyi_attr_int(attrs, "axis");

    if (cvyi_attr_real(attrs, "least") != 1e-7)
        return cvyi_refuse(&out->refusal, what->arena, err,
                           CVYI_NO_COUNTERPART, "",
                           "use the least spread "
                           "of 1e-7",
                           "the least spread is not 1e-7");
    cvyi_code_begin(out, "%s", helper->name);
    if (given)
        put_given(out, attrs);
    else
        cvyi_code_int(out, NULL, what->slots[0].dims[0]);
    if (after > 0)
        cvyi_code_int(out, "axes_after", after);
    cvyi_code_end(out);
    if (!given) {
        cvyi_said_slot_add(out, "mean", "mean", "C");
        cvyi_said_slot_add(out, "variance", "variance", "C");
    }
    out->helper = helper;
    return CVY_OK;
}

/* clang-format off */
const cvyi_spelling cvyi_normalize_torch[] = {
    { .dialect = "torch", .name = "torch.Tensor.__truediv__",
      .form = CVYI_FORM_FUNCTION, .to_call = to_function },
    { .dialect = "torch", .name = "Normalize",
      .form = CVYI_FORM_MODULE, .to_call = to_module },
    { 0 }
};
/* clang-format on */
