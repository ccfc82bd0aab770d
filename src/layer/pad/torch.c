/* layer/pad/torch.c - torch's words for padding. */
#include "layer/torch.h"
#include "layer/window.h"

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

/* One pair of amounts, for `axis` of the input. */
static cvy_status read_pair(cvyi_border *out, const int64_t *pair, int axis,
                            cvyi_phrase *phrase, const cvyi_bound *call,
                            const char *name, cvy_error *err)
{
    if (pair[0] < 0 || pair[1] < 0)
        return cvyi_refuse(&phrase->refusal, call->arena, err,
                           CVYI_NOT_SUPPORTED, name,
                           "cut the input in another way",
                           "a padding below 0, which cuts, is not carried "
                           "over");
    if (axis < 2 && (pair[0] > 0 || pair[1] > 0))
        return cvyi_refuse(&phrase->refusal, call->arena, err,
                           CVYI_NOT_SUPPORTED, name,
                           "pad the axes behind axis 1 only",
                           "a padding of axis %d is not carried over", axis);
    if (axis >= 2) {
        out->before[axis - 2] = pair[0];
        out->after[axis - 2] = pair[1];
    }
    return CVY_OK;
}

/* Pairs for the last axis, the one before it, and so on; a module also takes
 * one number for all its axes. */
static cvy_status read_amounts(cvyi_border *out, cvyi_phrase *phrase,
                               const cvyi_bound *call, const char *name,
                               cvy_error *err)
{
    const cvyi_value *const value = cvyi_arg(call, name);
    const bool list = value->kind == CVYI_LIST;
    const int rank = call->in[0].rank;
    const int n = list ? value->n : 2 * call->n_spatial;
    bool good = n % 2 == 0 && n <= 2 * rank && (list || call->n_spatial > 0);
    int64_t pads[2 * CVYI_MAX_DIMS];

    *out = (cvyi_border){ 0 };
    for (int i = 0; good && i < n; i++)
        good = cvyi_as_int(&pads[i], list ? &value->items[i] : value);
    if (!good)
        return cvyi_refuse(&phrase->refusal, call->arena, err,
                           CVYI_ILLEGAL_IN_SOURCE, name,
                           "correct this argument in the source",
                           "%s must be pairs of numbers for at most %d axes",
                           name, rank);
    for (int i = 0; i < n / 2; i++)
        CVYI_TRY(read_pair(out, &pads[2 * i], rank - 1 - i, phrase, call, name,
                           err));
    return CVY_OK;
}

/* An argument without a number is 0, as is no argument. */
static cvy_status read_value(double *out, cvyi_phrase *phrase,
                             const cvyi_bound *call, const char *name,
                             cvy_error *err)
{
    *out = 0;
    if (name == NULL || cvyi_is_none(cvyi_arg(call, name)))
        return CVY_OK;
    return cvyi_arg_double(out, phrase, call, name, err);
}

static cvy_status read_step(cvyi_step **out, cvyi_phrase *phrase,
                            const cvyi_bound *call, cvy_error *err)
{
    if (call->in[0].rank < 3)
        return cvyi_refuse(&phrase->refusal, call->arena, err,
                           CVYI_NOT_SUPPORTED, "",
                           "pad the axes behind axis 1 only",
                           "an input of %d axes has none behind axis 1",
                           call->in[0].rank);
    return cvyi_torch_step(out, phrase, call, "pad", err);
}

static cvy_status read_pad(cvyi_phrase *phrase, const cvyi_bound *call,
                           const char *amounts, const char *number,
                           cvy_error *err)
{
    cvyi_border border;
    cvyi_step *step;
    double value;

    CVYI_TRY(cvyi_torch_input(phrase, call, 0, err));
    CVYI_TRY(read_amounts(&border, phrase, call, amounts, err));
    CVYI_TRY(read_value(&value, phrase, call, number, err));
    CVYI_TRY(read_step(&step, phrase, call, err));
    cvyi_set_border(&step->attrs, "border", border);
    cvyi_set_real(&step->attrs, "value", value);
    return CVY_OK;
}

static cvy_status from_zeros(cvyi_phrase *out, const cvyi_bound *call,
                             cvy_error *err)
{
    return read_pad(out, call, "padding", NULL, err);
}

static cvy_status from_constant(cvyi_phrase *out, const cvyi_bound *call,
                                cvy_error *err)
{
    return read_pad(out, call, "padding", "value", err);
}

static cvy_status from_mirror(cvyi_phrase *out, const cvyi_bound *call,
                              cvy_error *err)
{
    return cvyi_refuse(&out->refusal, call->arena, err, CVYI_NOT_SUPPORTED, "",
                       "pad with a number",
                       "a border that repeats the input is not carried over");
}

static cvy_status from_function(cvyi_phrase *out, const cvyi_bound *call,
                                cvy_error *err)
{
    static const char *const others[] = { "reflect", "replicate", "circular" };
    const cvyi_value *const mode = cvyi_arg(call, "mode");

    if (cvyi_is_text(mode, "constant"))
        return read_pad(out, call, "pad", "value", err);
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        if (cvyi_is_text(mode, others[i]))
            return cvyi_refuse(&out->refusal, call->arena, err,
                               CVYI_NOT_SUPPORTED, "mode", "pad with a number",
                               "a border of '%s' is not carried over",
                               others[i]);
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

/* In torch's order, the last axis first: (left, right, top, bottom). */
static cvy_status amounts(int64_t *pads, cvyi_said *out,
                          const cvyi_saying *what, cvy_error *err)
{
    const int n = what->attrs->n_spatial;

    for (int i = 0; i < n; i++) {
        cvy_border border;

        if (!cvyi_window_fixed(&border, what->attrs, n - 1 - i))
            return cvyi_refuse(&out->refusal, what->arena, err,
                               CVYI_NO_COUNTERPART, "padding",
                               "fix the size of the input",
                               "the border depends on the input's size");
        pads[2 * i] = border.before;
        pads[2 * i + 1] = border.after;
    }
    return CVY_OK;
}

/* Amounts are read back without the window that they are for. */
static void means(cvyi_said *out, const cvyi_saying *what)
{
    const int n = what->attrs->n_spatial;
    cvyi_border border = { 0 };
    cvyi_attrs read;

    for (int i = 0; i < n; i++) {
        cvy_border b = { 0 };

        cvyi_window_fixed(&b, what->attrs, i);
        border.before[i] = b.before;
        border.after[i] = b.after;
    }
    cvyi_attrs_open(&read, what->attrs->op, n);
    cvyi_set_border(&read, "border", border);
    cvyi_set_real(&read, "value", cvyi_attr_real(what->attrs, "value"));
    cvyi_torch_means(out, what, &read);
}

static cvy_status must_be_first(cvyi_said *out, const cvyi_saying *what,
                                cvy_error *err)
{
    if (what->axes == CVYI_AXES_FIRST)
        return CVY_OK;
    return cvyi_refuse(&out->refusal, what->arena, err, CVYI_NO_COUNTERPART,
                       "data_format", "move the channels to axis 1",
                       "torch pads behind axis 1 only");
}

static cvy_status to_module(cvyi_said *out, const cvyi_saying *what,
                            cvy_error *err)
{
    const int n = what->attrs->n_spatial;
    const double value = cvyi_attr_real(what->attrs, "value");
    int64_t pads[2 * CVYI_MAX_SPATIAL];

    CVYI_TRY(must_be_first(out, what, err));
    CVYI_TRY(amounts(pads, out, what, err));
    cvyi_code_begin(out, "nn.%sPad%dd", value == 0 ? "Zero" : "Constant", n);
    cvyi_code_ints(out, NULL, pads, 2 * n);
    if (value != 0)
        cvyi_code_double(out, NULL, value);
    cvyi_code_end(out);
    means(out, what);
    return CVY_OK;
}

static cvy_status to_same_pad(cvyi_said *out, const cvyi_saying *what,
                              cvy_error *err)
{
    const int n = what->attrs->n_spatial;
    const double value = cvyi_attr_real(what->attrs, "value");
    int64_t spans[CVYI_MAX_SPATIAL], strides[CVYI_MAX_SPATIAL];
    const int64_t ones[CVYI_MAX_SPATIAL] = { 1, 1, 1 };
    cvyi_attrs read = *what->attrs;

    CVYI_TRY(must_be_first(out, what, err));
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
    const int n = what->attrs->n_spatial;
    const double value = cvyi_attr_real(what->attrs, "value");
    int64_t pads[2 * CVYI_MAX_SPATIAL];

    CVYI_TRY(must_be_first(out, what, err));
    CVYI_TRY(amounts(pads, out, what, err));
    cvyi_code_begin(out, "F.pad");
    cvyi_code_raw(out, NULL, "{0}");
    cvyi_code_tuple(out, NULL, pads, 2 * n);
    if (value != 0)
        cvyi_code_double(out, "value", value);
    cvyi_code_end(out);
    means(out, what);
    return CVY_OK;
}

/* clang-format off */
#define MIRROR(word)                                                       \
    { .dialect = "torch", .name = "torch.nn." word "Pad%dd",               \
      .ranks = "123", .signature = "padding", .from_call = from_mirror,    \
      .form = CVYI_FORM_MODULE }

const cvyi_spelling cvyi_pad_torch[] = {
    { .dialect = "torch", .name = "torch.nn.ZeroPad%dd", .ranks = "123",
      .signature = "padding",
      .from_call = from_zeros,
      .form = CVYI_FORM_MODULE, .to_call = to_module },
    { .dialect = "torch", .name = "torch.nn.ConstantPad%dd", .ranks = "123",
      .signature = "padding, value",
      .from_call = from_constant,
      .form = CVYI_FORM_MODULE },
    MIRROR("Reflection"),
    MIRROR("Replication"),
    MIRROR("Circular"),
    { .dialect = "torch", .name = "SamePad", .helper = &same_pad,
      .signature = "window, stride, value=0.0",
      .from_call = from_same_pad,
      .form = CVYI_FORM_MODULE, .to_call = to_same_pad },
    { .dialect = "torch", .name = "torch.nn.functional.pad",
      .signature = "x, pad, mode='constant', value=None",
      .from_call = from_function,
      .form = CVYI_FORM_FUNCTION, .to_call = to_function },
    { 0 }
};
/* clang-format on */
