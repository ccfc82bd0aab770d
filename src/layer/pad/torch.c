/* layer/pad/torch.c - torch's words for padding. */
#include "layer/pad/words.h"
#include "layer/torch.h"
#include "layer/window.h"

#include <string.h>

/* clang-format off */
static const cvyi_helper same_pad = {
    .name = "SamePad",
    .needs = "nn F Tensor",
    .code =
"class SamePad(nn.Module):\n"
"    \"\"\"What TensorFlow's SAME adds for this input size, per spatial axis."
"\"\"\"\n"
"\n"
"    def __init__(\n"
"        self, window: tuple[int, ...], stride: tuple[int, ...], "
"value: float = 0.0\n"
"    ) -> None:\n"
"        super().__init__()\n"
"        self.window = window  # (kernel_size - 1) * dilation + 1\n"
"        self.stride = stride\n"
"        self.value = value\n"
"\n"
"    def forward(self, x: Tensor) -> Tensor:\n"
"        pads: list[int] = []\n"
"        axes = zip(x.shape[2:], self.window, self.stride, strict=True)\n"
"        for size, window, stride in reversed(list(axes)):\n"
"            total = max((-(-size // stride) - 1) * stride + window - size, "
"0)\n"
"            pads += [total // 2, total - total // 2]\n"
"        return F.pad(x, pads, value=self.value)\n",
};
/* clang-format on */

/* ---- reading ---- */

/* Amounts as torch lists them: pairs for the last axis, the one before it,
 * and so on. */
typedef struct listed {
    int n; /* pairs */
    int64_t pairs[CVYI_MAX_DIMS][2];
} listed;

/* A module also takes one number for all its axes. */
static cvy_status read_listed(listed *out, cvyi_phrase *phrase,
                              const cvyi_bound *call, const char *name,
                              cvy_error *err)
{
    const cvyi_value *const value = cvyi_arg(call, name);
    const bool list = value->kind == CVYI_LIST;
    const int n = list ? value->n : 2 * call->n_spatial;
    const int rank = call->in[0].rank;
    bool good = n % 2 == 0 && n <= 2 * rank && (list || call->n_spatial > 0);

    out->n = n / 2;
    for (int i = 0; good && i < n; i++) {
        const cvyi_value *const item = list ? &value->items[i] : value;

        good = item->kind == CVYI_INT;
        out->pairs[i / 2][i % 2] = good ? item->integer : 0;
    }
    if (!good)
        return cvyi_refuse(&phrase->refusal, call->arena, err,
                           CVYI_ILLEGAL_IN_SOURCE, name,
                           "correct this argument in the source",
                           "%s must be pairs of integers for at most %d axes",
                           name, rank);
    return CVY_OK;
}

/* Numbers go around any axes; a border made of the input only around all
 * axes behind the channels. */
static cvy_status check_axes(cvyi_phrase *phrase, const cvyi_bound *call,
                             const listed *pads, bool constant,
                             const char *name, cvy_error *err)
{
    const int rank = call->in[0].rank;

    if (!constant &&
        (pads->n < 1 || pads->n > CVYI_MAX_SPATIAL || rank != pads->n + 2))
        return cvyi_refuse(&phrase->refusal, call->arena, err,
                           CVYI_ILLEGAL_IN_SOURCE, name,
                           "correct this argument in the source",
                           "%s has %d pairs, which in this mode is not right "
                           "for an input of %d axes",
                           name, pads->n, rank);
    if (rank < 3 || rank - 2 > CVYI_MAX_SPATIAL)
        return cvyi_refuse(&phrase->refusal, call->arena, err,
                           CVYI_NOT_SUPPORTED, "",
                           "pad the axes behind axis 1 only",
                           "an input of %d axes is not padded", rank);
    for (int i = rank - 2; i < pads->n; i++)
        if (pads->pairs[i][0] != 0 || pads->pairs[i][1] != 0)
            return cvyi_refuse(&phrase->refusal, call->arena, err,
                               CVYI_NOT_SUPPORTED, name,
                               "pad the axes behind axis 1 only",
                               "a padding of axis %d is not carried over",
                               rank - 1 - i);
    return CVY_OK;
}

/* An input that is taken as one without a batch is legal if the border is. */
static cvy_status refuse_one(cvyi_phrase *phrase, const cvyi_bound *call,
                             const cvyi_border *border, int n,
                             const char *mode, const char *name,
                             cvy_error *err)
{
    CVYI_TRY(cvyi_pad_check(phrase, call, CVYI_AXES_LAST, n, border, mode,
                            name, err));
    return cvyi_refuse(&phrase->refusal, call->arena, err, CVYI_NOT_SUPPORTED,
                       "", "give the model an input with a batch",
                       "an input of %d axes is taken as one without a batch",
                       call->in[0].rank);
}

static cvy_status read_pad(cvyi_phrase *phrase, const cvyi_bound *call,
                           const char *name, const char *mode, double value,
                           cvy_error *err)
{
    const bool constant = strcmp(mode, "constant") == 0;
    int n = call->in[0].rank - 2;
    cvyi_border border = { .rule = CVYI_BORDER_GIVEN };
    bool one;
    listed pads;

    CVYI_TRY(read_listed(&pads, phrase, call, name, err));
    one = !constant && pads.n == n + 1 && pads.n <= CVYI_MAX_SPATIAL;
    if (!one)
        CVYI_TRY(check_axes(phrase, call, &pads, constant, name, err));
    n = one ? pads.n : n;
    for (int i = 0; i < pads.n && i < n; i++) {
        border.before[n - 1 - i] = pads.pairs[i][0];
        border.after[n - 1 - i] = pads.pairs[i][1];
    }
    if (one)
        return refuse_one(phrase, call, &border, n, mode, name, err);
    CVYI_TRY(cvyi_pad_check(phrase, call, CVYI_AXES_FIRST, n, &border, mode,
                            name, err));
    return cvyi_pad_add(phrase, call, CVYI_AXES_FIRST, &border, mode, value,
                        err);
}

static cvy_status from_zeros(cvyi_phrase *out, const cvyi_bound *call,
                             cvy_error *err)
{
    CVYI_TRY(cvyi_torch_input(out, call, 0, err));
    return read_pad(out, call, "padding", "constant", 0, err);
}

/* None is 0, and so is False. */
static cvy_status read_value(double *out, cvyi_phrase *phrase,
                             const cvyi_bound *call, cvy_error *err)
{
    const cvyi_value *const value = cvyi_arg(call, "value");

    *out = value->kind == CVYI_BOOL && value->truth;
    if (cvyi_is_none(value) || value->kind == CVYI_BOOL)
        return CVY_OK;
    return cvyi_arg_double(out, phrase, call, "value", err);
}

static cvy_status from_constant(cvyi_phrase *out, const cvyi_bound *call,
                                cvy_error *err)
{
    double value;

    CVYI_TRY(cvyi_torch_input(out, call, 0, err));
    CVYI_TRY(read_value(&value, out, call, err));
    return read_pad(out, call, "padding", "constant", value, err);
}

static cvy_status from_reflection(cvyi_phrase *out, const cvyi_bound *call,
                                  cvy_error *err)
{
    CVYI_TRY(cvyi_torch_input(out, call, 0, err));
    return read_pad(out, call, "padding", "reflect", 0, err);
}

static cvy_status from_replication(cvyi_phrase *out, const cvyi_bound *call,
                                   cvy_error *err)
{
    CVYI_TRY(cvyi_torch_input(out, call, 0, err));
    return read_pad(out, call, "padding", "replicate", 0, err);
}

/* The one class that looks at its own number of axes. */
static cvy_status from_circular(cvyi_phrase *out, const cvyi_bound *call,
                                cvy_error *err)
{
    CVYI_TRY(cvyi_torch_input(out, call, 0, err));
    if (call->in[0].rank != call->n_spatial + 1)
        CVYI_TRY(cvyi_torch_input(out, call, call->n_spatial + 2, err));
    return read_pad(out, call, "padding", "circular", 0, err);
}

static cvy_status from_function(cvyi_phrase *out, const cvyi_bound *call,
                                cvy_error *err)
{
    static const char *const modes[] = { "constant", "reflect", "replicate",
                                         "circular" };
    double value;

    CVYI_TRY(cvyi_torch_input(out, call, 0, err));
    CVYI_TRY(read_value(&value, out, call, err));
    for (size_t i = 0; i < sizeof modes / sizeof *modes; i++) {
        if (!cvyi_is_text(cvyi_arg(call, "mode"), modes[i]))
            continue;
        if (i > 0 && value != 0)
            return cvyi_refuse(&out->refusal, call->arena, err,
                               CVYI_ILLEGAL_IN_SOURCE, "value",
                               "leave value out", "mode '%s' takes no value",
                               modes[i]);
        if (cvyi_arg(call, "pad")->kind != CVYI_LIST)
            return cvyi_refuse(&out->refusal, call->arena, err,
                               CVYI_ILLEGAL_IN_SOURCE, "pad",
                               "correct this argument in the source",
                               "pad must be a tuple of integers");
        return read_pad(out, call, "pad", modes[i], value, err);
    }
    return cvyi_refuse(&out->refusal, call->arena, err, CVYI_ILLEGAL_IN_SOURCE,
                       "mode", "correct this argument in the source",
                       "torch has no such mode");
}

/* SamePad((3, 3), (2, 2)): its window has no gaps any more. */
static cvy_status from_same_pad(cvyi_phrase *out, const cvyi_bound *call,
                                cvy_error *err)
{
    int64_t span[CVYI_MAX_SPATIAL], stride[CVYI_MAX_SPATIAL];
    const cvyi_border same = { .rule = CVYI_BORDER_SAME };
    cvyi_bound spatial = *call;
    cvyi_step *step;
    double value;

    CVYI_TRY(cvyi_torch_spatial(&spatial.n_spatial, out, call, "window", err));
    CVYI_TRY(cvyi_torch_input(out, call, spatial.n_spatial + 2, err));
    CVYI_TRY(cvyi_arg_per_axis(span, out, &spatial, "window", 1, err));
    CVYI_TRY(cvyi_arg_per_axis(stride, out, &spatial, "stride", 1, err));
    CVYI_TRY(cvyi_arg_double(&value, out, call, "value", err));
    CVYI_TRY(cvyi_torch_step(&step, out, call, "pad", err));
    cvyi_set_border(&step->attrs, "border", same);
    cvyi_set_ints(&step->attrs, "taps", span, spatial.n_spatial);
    cvyi_set_ints(&step->attrs, "stride", stride, spatial.n_spatial);
    cvyi_set_real(&step->attrs, "value", value);
    return CVY_OK;
}

/* ---- writing ---- */

static cvy_status must_be_first(cvyi_said *out, const cvyi_saying *what,
                                cvy_error *err)
{
    if (what->axes == CVYI_AXES_FIRST)
        return CVY_OK;
    return cvyi_refuse(&out->refusal, what->arena, err, CVYI_NO_COUNTERPART,
                       "data_format", "move the channels to axis 1",
                       "torch pads behind axis 1 only");
}

/* In torch's order, the last axis first: (left, right, top, bottom). */
static cvy_status amounts(int64_t *pads, const char **mode, cvyi_said *out,
                          const cvyi_saying *what, cvy_error *err)
{
    const int n = what->attrs->n_spatial;
    cvyi_border border;

    CVYI_TRY(must_be_first(out, what, err));
    CVYI_TRY(cvyi_pad_amounts(&border, mode, out, what, "replicate", err));
    if (strcmp(*mode, "symmetric") == 0)
        return cvyi_refuse(&out->refusal, what->arena, err,
                           CVYI_NO_COUNTERPART, "mode",
                           "use reflect, which does not repeat the edge",
                           "torch has no border that mirrors the edge too");
    for (int i = 0; i < n; i++) {
        pads[2 * i] = border.before[n - 1 - i];
        pads[2 * i + 1] = border.after[n - 1 - i];
    }
    return CVY_OK;
}

/* The class of one mode, nn.ReflectionPad2d(1). */
static cvy_status to_module(cvyi_said *out, const cvyi_saying *what,
                            const char *mode, const char *class_name,
                            cvy_error *err)
{
    const int n = what->attrs->n_spatial;
    int64_t pads[2 * CVYI_MAX_SPATIAL];
    const char *said;

    CVYI_TRY(amounts(pads, &said, out, what, err));
    if (strcmp(said, mode) != 0)
        return cvyi_refuse(&out->refusal, what->arena, err,
                           CVYI_NO_COUNTERPART, "mode", "use another class",
                           "nn.%sPad%dd has mode %s", class_name, n, mode);
    cvyi_code_begin(out, "nn.%sPad%dd", class_name, n);
    cvyi_code_ints(out, NULL, pads, 2 * n);
    return CVY_OK;
}

static cvy_status to_zeros(cvyi_said *out, const cvyi_saying *what,
                           cvy_error *err)
{
    if (cvyi_attr_real(what->attrs, "value") != 0)
        return cvyi_refuse(&out->refusal, what->arena, err,
                           CVYI_NO_COUNTERPART, "value", "use nn.ConstantPad",
                           "the border is not 0");
    CVYI_TRY(to_module(out, what, "constant", "Zero", err));
    cvyi_code_end(out);
    return CVY_OK;
}

static cvy_status to_constant(cvyi_said *out, const cvyi_saying *what,
                              cvy_error *err)
{
    CVYI_TRY(to_module(out, what, "constant", "Constant", err));
    cvyi_code_double(out, NULL, cvyi_attr_real(what->attrs, "value"));
    cvyi_code_end(out);
    return CVY_OK;
}

#define TO_CLASS(name, mode, class_name)                            \
    static cvy_status name(cvyi_said *out, const cvyi_saying *what, \
                           cvy_error *err)                          \
    {                                                               \
        CVYI_TRY(to_module(out, what, mode, class_name, err));      \
        cvyi_code_end(out);                                         \
        return CVY_OK;                                              \
    }

TO_CLASS(to_reflection, "reflect", "Reflection")
TO_CLASS(to_replication, "replicate", "Replication")
TO_CLASS(to_circular, "circular", "Circular")

static cvy_status to_same_pad(cvyi_said *out, const cvyi_saying *what,
                              cvy_error *err)
{
    const int n = what->attrs->n_spatial;
    const double value = cvyi_attr_real(what->attrs, "value");
    int64_t spans[CVYI_MAX_SPATIAL], strides[CVYI_MAX_SPATIAL];
    const int64_t ones[CVYI_MAX_SPATIAL] = { 1, 1, 1 };
    cvyi_attrs read = *what->attrs;

    CVYI_TRY(must_be_first(out, what, err));
    if (!cvyi_attr_is(what->attrs, "mode", "constant"))
        return cvyi_refuse(&out->refusal, what->arena, err,
                           CVYI_NO_COUNTERPART, "mode",
                           "fix the size of the input",
                           "a mirror whose border depends on the input's "
                           "size");
    for (int i = 0; i < n; i++) {
        const cvy_window w = cvyi_window_at(what->attrs, i);

        spans[i] = (w.taps - 1) * w.dilation + 1;
        strides[i] = w.stride;
    }
    cvyi_code_begin(out, "SamePad");
    cvyi_code_tuple(out, NULL, spans, n);
    cvyi_code_tuple(out, NULL, strides, n);
    if (value != 0)
        cvyi_code_double(out, NULL, value);
    cvyi_code_end(out);
    cvyi_set_ints(&read, "taps", spans, n);
    cvyi_set_ints(&read, "dilation", ones, n);
    cvyi_torch_means(out, what, &read);
    out->helper = &same_pad;
    return CVY_OK;
}

static cvy_status to_function(cvyi_said *out, const cvyi_saying *what,
                              cvy_error *err)
{
    const double value = cvyi_attr_real(what->attrs, "value");
    int64_t pads[2 * CVYI_MAX_SPATIAL];
    const char *mode;

    CVYI_TRY(amounts(pads, &mode, out, what, err));

    const bool constant = strcmp(mode, "constant") == 0;

    cvyi_code_begin(out, "F.pad");
    cvyi_code_raw(out, NULL, "{0}");
    cvyi_code_tuple(out, NULL, pads, 2 * what->attrs->n_spatial);
    if (!constant)
        cvyi_code_word(out, "mode", mode);
    if (constant && value != 0)
        cvyi_code_double(out, "value", value);
    cvyi_code_end(out);
    return CVY_OK;
}

/* clang-format off */
static const cvyi_argument arguments[] = {
    { "padding", "border", "the last axis comes first; below 0 it cuts" },
    { "pad",     "border", "the last axis comes first; below 0 it cuts" },
    { "value",   "value",  NULL },
    { "mode",    "mode",   NULL },
    { 0 }
};

static const cvyi_argument same_arguments[] = {
    { "window", "taps",   "with its gaps" },
    { "stride", "stride", NULL },
    { "value",  "value",  NULL },
    { 0 }
};

#define CLASS(text, given, from, to)                                        \
    { .dialect = "torch", .name = "torch.nn." text "Pad%dd",                \
      .ranks = "123", .signature = given, .from_call = from,                \
      .form = CVYI_FORM_MODULE, .to_call = to, .arguments = arguments }

const cvyi_spelling cvyi_pad_torch[] = {
    CLASS("Zero",        "padding",        from_zeros,       to_zeros),
    CLASS("Constant",    "padding, value", from_constant,    to_constant),
    CLASS("Reflection",  "padding",        from_reflection,  to_reflection),
    CLASS("Replication", "padding",        from_replication, to_replication),
    CLASS("Circular",    "padding",        from_circular,    to_circular),
    { .dialect = "torch", .name = "SamePad", .helper = &same_pad,
      .signature = "window, stride, value=0.0",
      .from_call = from_same_pad,
      .form = CVYI_FORM_MODULE, .to_call = to_same_pad,
      .arguments = same_arguments },
    { .dialect = "torch", .name = "torch.nn.functional.pad",
      .signature = "x, pad, mode='constant', value=None",
      .from_call = from_function,
      .form = CVYI_FORM_FUNCTION, .to_call = to_function,
      .arguments = arguments },
    { 0 }
};
/* clang-format on */
