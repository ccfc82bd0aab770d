/* layer/pad/torch.c - torch's words for padding. */
#include "layer/window.h"
#include "layer/words.h"

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
    return CVY_OK;
}

/* "(3, 5)", also for one axis: "(3,)". */
static void put_tuple(cvyi_said *out, const int64_t *values, int n)
{
    cvyi_code_raw(out, NULL, "(");
    for (int i = 0; i < n; i++)
        cvyi_text_printf(&out->code, "%s%lld", i > 0 ? ", " : "",
                         (long long)values[i]);
    cvyi_text_put(&out->code, n == 1 ? ",)" : ")");
}

static cvy_status to_same_pad(cvyi_said *out, const cvyi_saying *what,
                              cvy_error *err)
{
    const int n = what->attrs->n_spatial;
    const double value = cvyi_attr_real(what->attrs, "value");
    int64_t spans[CVYI_MAX_SPATIAL], strides[CVYI_MAX_SPATIAL];

    CVYI_TRY(must_be_first(out, what, err));
    for (int i = 0; i < n; i++) {
        const cvy_window w = cvyi_window_at(what->attrs, i);

        spans[i] = (w.taps - 1) * w.dilation + 1;
        strides[i] = w.stride;
    }
    cvyi_code_begin(out, "SamePad");
    put_tuple(out, spans, n);
    put_tuple(out, strides, n);
    if (value != 0)
        cvyi_code_double(out, NULL, value);
    cvyi_code_end(out);
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
    put_tuple(out, pads, 2 * n);
    if (value != 0)
        cvyi_code_double(out, "value", value);
    cvyi_code_end(out);
    return CVY_OK;
}

/* clang-format off */
const cvyi_spelling cvyi_pad_torch[] = {
    { .dialect = "torch", .name = "torch.nn.ZeroPad%dd", .ranks = "123",
      .signature = "padding",
      .form = CVYI_FORM_MODULE, .to_call = to_module },
    { .dialect = "torch", .name = "SamePad",
      .form = CVYI_FORM_MODULE, .to_call = to_same_pad },
    { .dialect = "torch", .name = "torch.nn.functional.pad",
      .signature = "input, pad, mode='constant', value=None",
      .form = CVYI_FORM_FUNCTION, .to_call = to_function },
    { 0 }
};
/* clang-format on */
