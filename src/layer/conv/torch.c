/* layer/conv/torch.c - torch's words for a convolution. */
#include "layer/conv/torch.h"

#include "layer/conv/words.h"
#include "layer/torch.h"
#include "layer/window.h"

/* How the border can stand inside the call. */
typedef enum padding_form {
    PADDING_NONE,
    PADDING_NUMBERS, /* before == after on every axis */
    PADDING_SAME,    /* torch's "same": stride 1, the odd element after */
    PADDING_CANNOT,
} padding_form;

static padding_form choose(int64_t *amounts, const cvyi_attrs *attrs)
{
    bool zero = true, symmetric = true, same = true;

    for (int i = 0; i < attrs->n_spatial; i++) {
        const cvy_window w = cvyi_window_at(attrs, i);
        const int64_t total = (w.taps - 1) * w.dilation;
        cvy_border border;

        if (!cvyi_window_fixed(&border, attrs, i))
            return PADDING_CANNOT;
        zero = zero && border.before == 0 && border.after == 0;
        symmetric = symmetric && border.before == border.after;
        same = same && w.stride == 1 && border.before == total / 2 &&
               border.after == total - total / 2;
        amounts[i] = border.before;
    }
    if (zero)
        return PADDING_NONE;
    if (same && (!symmetric ||
                 cvyi_attr_border(attrs, "border")->rule == CVYI_BORDER_SAME))
        return PADDING_SAME;
    return symmetric ? PADDING_NUMBERS : PADDING_CANNOT;
}

/* A rule is read back as its numbers. */
static void means(cvyi_said *out, const cvyi_saying *what)
{
    cvyi_attrs read = *what->attrs;
    cvyi_border border = { 0 };

    cvyi_conv_amounts(&border, what->attrs);
    cvyi_set_border(&read, "border", border);
    cvyi_torch_means(out, what, &read);
}

static cvy_status to_module(cvyi_said *out, const cvyi_saying *what,
                            cvy_error *err)
{
    const cvyi_attrs *const attrs = what->attrs;
    const int n = attrs->n_spatial;
    const int64_t *const stride = cvyi_attr_ints(attrs, "stride", NULL);
    const int64_t *const dilation = cvyi_attr_ints(attrs, "dilation", NULL);
    const int64_t groups = cvyi_attr_int(attrs, "groups");
    int64_t amounts[CVYI_MAX_SPATIAL];
    const padding_form padding = choose(amounts, attrs);

    if (padding == PADDING_CANNOT || what->axes != CVYI_AXES_FIRST)
        return cvyi_refuse(&out->refusal, what->arena, err,
                           CVYI_NO_COUNTERPART, "padding",
                           "put the border into a layer of its own",
                           "torch's convolution has no word for this border");
    cvyi_code_begin(out, "nn.Conv%dd", n);
    cvyi_code_int(out, NULL, what->slots[0].dims[1] * groups);
    cvyi_code_int(out, NULL, cvyi_attr_int(attrs, "outputs"));
    cvyi_code_ints(out, NULL, cvyi_attr_ints(attrs, "taps", NULL), n);
    if (!cvyi_conv_all_ones(stride, n))
        cvyi_code_ints(out, "stride", stride, n);
    if (padding == PADDING_NUMBERS)
        cvyi_code_ints(out, "padding", amounts, n);
    else if (padding == PADDING_SAME)
        cvyi_code_word(out, "padding", "same");
    if (!cvyi_conv_all_ones(dilation, n))
        cvyi_code_ints(out, "dilation", dilation, n);
    if (groups != 1)
        cvyi_code_int(out, "groups", groups);
    if ((what->present & 2u) == 0)
        cvyi_code_bool(out, "bias", false);
    cvyi_code_end(out);
    cvyi_said_slot_add(out, "weight", "weight", "O I S");
    if ((what->present & 2u) != 0)
        cvyi_said_slot_add(out, "bias", "bias", "O");
    means(out, what);
    return CVY_OK;
}

static const cvyi_argument module_arguments[] = {
    { "in_channels", "inputs", NULL },
    { "out_channels", "outputs", NULL },
    { "kernel_size", "taps", NULL },
    { "stride", "stride", NULL },
    { "padding", "border", "both sides alike" },
    { "dilation", "dilation", NULL },
    { "groups", "groups", NULL },
    { "bias", "bias", NULL },
    { "padding_mode", "mode", "what stands in the border" },
    { 0 },
};

static const cvyi_argument function_arguments[] = {
    { "weight", "weight", "its shape says outputs, taps and inputs" },
    { "bias", "bias", NULL },
    { "stride", "stride", NULL },
    { "padding", "border", "both sides alike" },
    { "dilation", "dilation", NULL },
    { "groups", "groups", NULL },
    { 0 },
};

/* clang-format off */
#define FUNCTION                                                             \
    .ranks = "123",                                                          \
    .signature = "x, weight, bias=None, stride=1, padding=0, dilation=1, "   \
                 "groups=1",                                                 \
    .from_call = cvyi_conv_torch_function, .form = CVYI_FORM_FUNCTION,       \
    .arguments = function_arguments

const cvyi_spelling cvyi_conv_torch[] = {
    { .dialect = "torch", .name = "torch.nn.Conv%dd", .ranks = "123",
      .signature = "in_channels, out_channels, kernel_size, stride=1, "
                   "padding=0, dilation=1, groups=1, bias=True, "
                   "padding_mode='zeros', device=None, dtype=None",
      .from_call = cvyi_conv_torch_module,
      .form = CVYI_FORM_MODULE, .to_call = to_module,
      .arguments = module_arguments },
    { .dialect = "torch", .name = "torch.nn.LazyConv%dd", .ranks = "123",
      .signature = "out_channels, kernel_size, stride=1, padding=0, "
                   "dilation=1, groups=1, bias=True, padding_mode='zeros', "
                   "device=None, dtype=None",
      .from_call = cvyi_conv_torch_module, .form = CVYI_FORM_MODULE,
      .arguments = module_arguments + 1 },
    { .dialect = "torch", .name = "torch.nn.functional.conv%dd", FUNCTION },
    { .dialect = "torch", .name = "torch.conv%dd", FUNCTION },
    { 0 }
};
/* clang-format on */
