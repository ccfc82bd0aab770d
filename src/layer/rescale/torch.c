/* layer/rescale/torch.c - torch's words for constants times and plus. */
#include "layer/array_number.h"
#include "layer/combine.h"
#include "layer/number_pair.h"
#include "layer/rescale/rescale.h"

#include <string.h>

/* ---- reading ---- */

/* x - 2, 2 - x and x - y */
cvy_status cvyi_rescale_from_difference(cvyi_phrase *out,
                                        const cvyi_bound *call, cvy_error *err)
{
    cvyi_torch_pair pair;
    bool done;

    CVYI_TRY(cvyi_array_rescale(&done, out, call, '-', err));
    if (!done)
        CVYI_TRY(cvyi_combine_pair(&done, out, call, "subtract", "from", err));
    if (done)
        return CVY_OK;
    CVYI_TRY(cvyi_torch_pair_read(&pair, out, call, err));
    if (call->values[pair.reversed ? 0 : 1]->kind == CVYI_BOOL)
        return cvyi_refuse(&out->refusal, call->arena, err,
                           CVYI_ILLEGAL_IN_SOURCE,
                           call->names[pair.reversed ? 0 : 1],
                           "say 1 for True",
                           "no truth value is subtracted from a tensor, or "
                           "the other way round");
    if (pair.tensors)
        return cvyi_torch_join(out, call, "subtract", err);
    if (pair.reversed)
        return cvyi_torch_rescale(out, call, -1, false, pair.number, err);
    return cvyi_torch_rescale(out, call, 1, false, 0 - pair.number, err);
}

static cvy_status check_rounding(cvyi_phrase *out, const cvyi_bound *call,
                                 cvy_error *err)
{
    for (int i = 2; i < call->n; i++)
        if (strcmp(call->names[i], "rounding_mode") == 0)
            return cvyi_torch_must_be_off(out, call, "rounding_mode",
                                          "divide without rounding", err);
    return CVY_OK;
}

cvy_status cvyi_rescale_from_quotient(cvyi_phrase *out, const cvyi_bound *call,
                                      cvy_error *err)
{
    cvyi_torch_pair pair;
    bool done;

    CVYI_TRY(cvyi_array_rescale(&done, out, call, '/', err));
    if (!done)
        CVYI_TRY(cvyi_combine_pair(&done, out, call, "divide", "over", err));
    if (done)
        return CVY_OK;
    CVYI_TRY(check_rounding(out, call, err));
    CVYI_TRY(cvyi_torch_pair_read(&pair, out, call, err));
    if (pair.tensors)
        return cvyi_torch_join(out, call, "divide", err);
    if (pair.reversed)
        return cvyi_number_over(out, call, pair.number, err);
    return cvyi_torch_rescale(out, call, pair.number, true, 0, err);
}

cvy_status cvyi_rescale_from_negation(cvyi_phrase *out, const cvyi_bound *call,
                                      cvy_error *err)
{
    CVYI_TRY(cvyi_torch_input(out, call, 0, err));
    return cvyi_torch_rescale(out, call, -1, false, 0, err);
}

/* The axis that lists of numbers are for, as our classes count it. */
static cvy_status read_axis(int *out, int n, cvyi_phrase *phrase,
                            const cvyi_bound *call, cvy_error *err)
{
    const int rank = call->in[0].rank;
    int64_t after;

    CVYI_TRY(cvyi_arg_int(&after, phrase, call, "axes_after", 0, err));
    if (n == 1) {
        *out = 0;
        return CVY_OK;
    }
    if (after >= rank)
        return cvyi_refuse(&phrase->refusal, call->arena, err,
                           CVYI_ILLEGAL_IN_SOURCE, "axes_after",
                           "correct this argument in the source",
                           "an input of %d axes has not %lld after another",
                           rank, (long long)after);
    *out = rank - 1 - (int)after;
    return cvyi_torch_extent(phrase, call, *out, n, "scale", err);
}

/* Rescale([1.0, 2.0], offset=0.5, axes_after=2) */
static cvy_status read_class(cvyi_phrase *out, const cvyi_bound *call,
                             bool divide, cvy_error *err)
{
    cvyi_attr_value scale = { 0 }, offset = { 0 };
    cvyi_step *step;
    int axis;

    CVYI_TRY(cvyi_torch_input(out, call, 0, err));
    CVYI_TRY(
        cvyi_torch_reals(&scale.reals, &scale.n, out, call, "scale", err));
    CVYI_TRY(
        cvyi_torch_reals(&offset.reals, &offset.n, out, call, "offset", err));
    if (scale.n > 1 && offset.n > 1 && scale.n != offset.n)
        return cvyi_refuse(&out->refusal, call->arena, err,
                           CVYI_ILLEGAL_IN_SOURCE, "offset",
                           "correct this argument in the source",
                           "%d numbers to multiply by and %d to add", scale.n,
                           offset.n);
    CVYI_TRY(
        read_axis(&axis, scale.n > 1 ? scale.n : offset.n, out, call, err));
    step = cvyi_phrase_add(out, call, "rescale");
    if (step == NULL)
        return cvyi_fail(err, CVY_ARGUMENT, "the phrase is full");
    *cvyi_attr_set(&step->attrs, "scale") = scale;
    *cvyi_attr_set(&step->attrs, "offset") = offset;
    cvyi_set_int(&step->attrs, "axis", axis);
    cvyi_set_int(&step->attrs, "divide", divide);
    return CVY_OK;
}

static cvy_status from_rescale(cvyi_phrase *out, const cvyi_bound *call,
                               cvy_error *err)
{
    return read_class(out, call, false, err);
}

static cvy_status from_divide(cvyi_phrase *out, const cvyi_bound *call,
                              cvy_error *err)
{
    return read_class(out, call, true, err);
}

/* ---- writing ---- */

/* clang-format off */
#define CLASS(name, sign)                                                    \
"class " name "(nn.Module):\n"                                               \
"    \"\"\"x " sign " scale + offset, with numbers or one of each "          \
"per channel.\"\"\"\n"                                                       \
"\n"                                                                         \
"    def __init__(\n"                                                        \
"        self,\n"                                                            \
"        scale: float | list[float],\n"                                      \
"        offset: float | list[float] = 0.0,\n"                               \
"        axes_after: int = 0,\n"                                             \
"    ) -> None:\n"                                                           \
"        super().__init__()\n"                                               \
"        for name, value in ((\"scale\", scale), (\"offset\", offset)):\n"     \
"            tensor = torch.tensor(value)\n"                                 \
"            if tensor.ndim:\n"                                              \
"                tensor = tensor.view(-1, *[1] * axes_after)\n"              \
"            self.register_buffer(name, tensor, persistent=False)\n"         \
"\n"                                                                         \
"    def forward(self, x: Tensor) -> Tensor:\n"                              \
"        return x " sign " self.scale + self.offset\n"

static const cvyi_helper rescale = {
    "Rescale", "torch nn Tensor", CLASS("Rescale", "*")
};
static const cvyi_helper divide = {
    "Divide", "torch nn Tensor", CLASS("Divide", "/")
};
/* clang-format on */

/* A number; 1 / 255 and its like as people write the scale of an image. */
void cvyi_rescale_put(cvyi_said *out, double value, bool parentheses)
{
    static const struct {
        double value;
        const char *code;
    } forms[] = {
        { 1 / 255.0, "1 / 255" },
        { 1 / 127.5, "1 / 127.5" },
    };

    for (size_t i = 0; i < sizeof forms / sizeof *forms; i++)
        if (forms[i].value == value) {
            cvyi_text_printf(&out->code, "%s%s%s", parentheses ? "(" : "",
                             forms[i].code, parentheses ? ")" : "");
            return;
        }
    cvyi_code_number(out, value);
}

/* One step for each sign in the code; of one that says all, nothing. */
static cvy_status means(cvyi_said *out, const cvyi_saying *what, double scale,
                        double offset, cvy_error *err)
{
    const bool divides = cvyi_attr_bool(what->attrs, "divide");

    out->differs = true;
    if (scale != 1)
        CVYI_TRY(cvyi_torch_means_rescale(out, what, scale, divides, 0, err));
    if (offset != 0)
        CVYI_TRY(cvyi_torch_means_rescale(out, what, 1, false, offset, err));
    return CVY_OK;
}

/* -{0}, and 1.0 - {0}: one step when it is read back. */
static cvy_status say_negative(cvyi_said *out, const cvyi_saying *what,
                               double offset, cvy_error *err)
{
    const bool bare = offset == 0;

    if (!bare)
        cvyi_code_number(out, offset);
    cvyi_text_put(&out->code, bare ? "-{0}" : " - {0}");
    out->binding = bare ? CVYI_BIND_PRODUCT : CVYI_BIND_SUM;
    out->operands = bare ? CVYI_BIND_ATOM : CVYI_BIND_PRODUCT;
    out->differs = true;
    return cvyi_torch_means_rescale(out, what, -1, false, offset, err);
}

cvy_status cvyi_rescale_say(cvyi_said *out, const cvyi_saying *what,
                            cvy_error *err)
{
    const cvyi_attr_value *const scale = cvyi_attr_at(what->attrs, "scale");
    const cvyi_attr_value *const offset = cvyi_attr_at(what->attrs, "offset");
    const bool divides = cvyi_attr_bool(what->attrs, "divide");

    if (scale->n > 1 || offset->n > 1)
        return cvyi_refuse(&out->refusal, what->arena, err,
                           CVYI_NO_COUNTERPART, "scale",
                           "write it as a module",
                           "numbers per channel must move with the model");
    if (scale->reals[0] == -1 && !divides)
        return say_negative(out, what, offset->reals[0], err);
    cvyi_text_put(&out->code, "{0}");
    out->binding = out->operands = CVYI_BIND_ATOM;
    if (scale->reals[0] != 1) {
        cvyi_text_put(&out->code, divides ? " / " : " * ");
        if (divides)
            cvyi_code_number(out, scale->reals[0]);
        else
            cvyi_rescale_put(out, scale->reals[0], true);
        out->binding = out->operands = CVYI_BIND_PRODUCT;
    }
    if (offset->reals[0] != 0) {
        cvyi_text_put(&out->code, offset->reals[0] < 0 ? " - " : " + ");
        cvyi_code_number(out, offset->reals[0] < 0 ? -offset->reals[0]
                                                   : offset->reals[0]);
        out->binding = CVYI_BIND_SUM;
    }
    return means(out, what, scale->reals[0], offset->reals[0], err);
}

static void put_reals(cvyi_said *out, const char *key,
                      const cvyi_attr_value *list)
{
    cvyi_code_raw(out, key, list->n > 1 ? "[" : "");
    for (int i = 0; i < list->n; i++) {
        cvyi_text_put(&out->code, i > 0 ? ", " : "");
        cvyi_rescale_put(out, list->reals[i], false);
    }
    cvyi_text_put(&out->code, list->n > 1 ? "]" : "");
}

static cvy_status to_module(cvyi_said *out, const cvyi_saying *what,
                            cvy_error *err)
{
    const cvyi_attr_value *const scale = cvyi_attr_at(what->attrs, "scale");
    const cvyi_attr_value *const offset = cvyi_attr_at(what->attrs, "offset");
    const bool lists = scale->n > 1 || offset->n > 1;
    const int64_t after =
        what->in[0].rank - 1 - cvyi_attr_int(what->attrs, "axis");
    cvyi_attrs read = *what->attrs;

    out->helper = cvyi_attr_bool(what->attrs, "divide") ? &divide : &rescale;
    cvyi_code_begin(out, "%s", out->helper->name);
    put_reals(out, NULL, scale);
    if (offset->n > 1 || offset->reals[0] != 0)
        put_reals(out, "offset", offset);
    if (lists && after > 0)
        cvyi_code_int(out, "axes_after", after);
    cvyi_code_end(out);
    if (!lists)
        cvyi_set_int(&read, "axis", 0);
    cvyi_torch_means(out, what, &read);
    return cvyi_text_status(&out->code, err);
}

static const cvyi_argument less[] = {
    { "x", "offset", NULL },
    { "other", "offset", "taken away: added with the other sign" },
    { 0 },
};
static const cvyi_argument over[] = {
    { "x", "scale", NULL },
    { "other", "scale", "what it is divided by" },
    { 0 },
};
static const cvyi_argument none[] = { { 0 } };

#define READ(text, made, from)                               \
    {                                                        \
        .dialect = "torch", .name = text, .signature = made, \
        .form = CVYI_FORM_FUNCTION, from                     \
    }
#define DIV "x, other, *, rounding_mode=None"
#define DIFFERENCE .from_call = cvyi_rescale_from_difference, .arguments = less
#define QUOTIENT .from_call = cvyi_rescale_from_quotient, .arguments = over
#define NEGATION .from_call = cvyi_rescale_from_negation, .arguments = none

/* clang-format off */
const cvyi_spelling cvyi_rescale_torch[] = {
    { .dialect = "torch", .name = "torch.Tensor.__mul__",
      .form = CVYI_FORM_FUNCTION, .to_call = cvyi_rescale_say },
    { .dialect = "torch", .name = "Rescale", .helper = &rescale,
      .signature = "scale, offset=0.0, axes_after=0",
      .from_call = from_rescale,
      .form = CVYI_FORM_MODULE, .to_call = to_module },
    { .dialect = "torch", .name = "Divide", .helper = &divide,
      .signature = "scale, offset=0.0, axes_after=0",
      .from_call = from_divide,
      .form = CVYI_FORM_MODULE },
    READ("operator.sub",             "x, other", DIFFERENCE),
    READ("torch.sub",  "x, other, *, alpha=1, out=None", DIFFERENCE),
    READ("torch.subtract", "x, other, *, alpha=1, out=None",
         DIFFERENCE),
    READ("torch.Tensor.sub",         "x, other, *, alpha=1", DIFFERENCE),
    READ("torch.Tensor.subtract",    "x, other, *, alpha=1", DIFFERENCE),
    READ("operator.truediv",         "x, other", QUOTIENT),
    READ("torch.div",                DIV ", out=None", QUOTIENT),
    READ("torch.divide",             DIV ", out=None", QUOTIENT),
    READ("torch.true_divide",        DIV ", out=None", QUOTIENT),
    READ("torch.Tensor.div",         DIV, QUOTIENT),
    READ("torch.Tensor.divide",      DIV, QUOTIENT),
    READ("torch.Tensor.true_divide", "x, other", QUOTIENT),
    READ("operator.neg",             "x", NEGATION),
    READ("torch.neg",                "x", NEGATION),
    READ("torch.negative",           "x", NEGATION),
    READ("torch.Tensor.neg",         "x", NEGATION),
    READ("torch.Tensor.negative",    "x", NEGATION),
    { 0 }
};
/* clang-format on */
