/* layer/conv/torch.c - torch's words for a convolution. */
#include "layer/torch.h"
#include "layer/window.h"

#include <string.h>

/* ---- reading ---- */

/* "same": stride 1 alone, and the odd element after. */
static cvy_status border_same(cvyi_border *out, cvyi_phrase *phrase,
                              const cvyi_bound *call, const cvyi_attrs *attrs,
                              cvy_error *err)
{
    for (int i = 0; i < call->n_spatial; i++) {
        const cvy_window w = cvyi_window_at(attrs, i);
        cvy_border border;

        if (w.stride != 1)
            return cvyi_refuse(&phrase->refusal, call->arena, err,
                               CVYI_ILLEGAL_IN_SOURCE, "padding",
                               "say the padding in numbers",
                               "torch has padding='same' at stride 1 alone");
        CVYI_TRY(cvy_border_same(&border, 1, w, err));
        out->before[i] = border.before;
        out->after[i] = border.after;
    }
    return CVY_OK;
}

static cvy_status read_border(cvyi_border *out, cvyi_phrase *phrase,
                              const cvyi_bound *call, const cvyi_attrs *attrs,
                              cvy_error *err)
{
    const char *const word = cvyi_as_text(cvyi_arg(call, "padding"));

    *out = (cvyi_border){ 0 };
    if (word != NULL && strcmp(word, "valid") == 0)
        return CVY_OK;
    if (word != NULL && strcmp(word, "same") == 0)
        return border_same(out, phrase, call, attrs, err);
    CVYI_TRY(cvyi_arg_per_axis(out->before, phrase, call, "padding", 0, err));
    memcpy(out->after, out->before, sizeof out->after);
    return CVY_OK;
}

/* What stands in the border matters where there is one. */
static cvy_status check_mode(cvyi_phrase *phrase, const cvyi_bound *call,
                             const cvyi_border *border, cvy_error *err)
{
    static const char *const others[] = { "reflect", "replicate", "circular" };
    const cvyi_value *const mode = cvyi_arg(call, "padding_mode");
    bool known = cvyi_is_text(mode, "zeros"), empty = true;

    for (int i = 0; i < call->n_spatial; i++)
        empty = empty && border->before[i] == 0 && border->after[i] == 0;
    if (known)
        return CVY_OK;
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        known = known || cvyi_is_text(mode, others[i]);
    if (known && empty)
        return CVY_OK;
    if (!known)
        return cvyi_refuse(&phrase->refusal, call->arena, err,
                           CVYI_ILLEGAL_IN_SOURCE, "padding_mode",
                           "correct this argument in the source",
                           "torch has no such padding_mode");
    return cvyi_refuse(&phrase->refusal, call->arena, err, CVYI_NOT_SUPPORTED,
                       "padding_mode", "use padding_mode='zeros'",
                       "a border of '%s' is not carried over", mode->text);
}

static cvy_status read_channels(cvyi_attrs *attrs, cvyi_phrase *phrase,
                                const cvyi_bound *call, cvy_error *err)
{
    int64_t inputs, outputs, groups;

    CVYI_TRY(cvyi_arg_int(&inputs, phrase, call, "in_channels", 1, err));
    CVYI_TRY(cvyi_arg_int(&outputs, phrase, call, "out_channels", 1, err));
    CVYI_TRY(cvyi_arg_int(&groups, phrase, call, "groups", 1, err));
    CVYI_TRY(cvyi_torch_extent(phrase, call, 1, inputs, "in_channels", err));
    if (inputs % groups != 0 || outputs % groups != 0)
        return cvyi_refuse(&phrase->refusal, call->arena, err,
                           CVYI_ILLEGAL_IN_SOURCE, "groups",
                           "choose a divisor of both",
                           "%lld groups do not divide %lld input and %lld "
                           "output channels",
                           (long long)groups, (long long)inputs,
                           (long long)outputs);
    cvyi_set_int(attrs, "outputs", outputs);
    cvyi_set_int(attrs, "groups", groups);
    return CVY_OK;
}

static cvy_status read_window(cvyi_attrs *attrs, cvyi_phrase *phrase,
                              const cvyi_bound *call, cvy_error *err)
{
    static const struct {
        const char *argument, *attribute;
    } rows[] = {
        { "kernel_size", "taps" },
        { "stride", "stride" },
        { "dilation", "dilation" },
    };
    int64_t numbers[CVYI_MAX_SPATIAL];
    cvyi_border border;

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        CVYI_TRY(cvyi_arg_per_axis(numbers, phrase, call, rows[i].argument, 1,
                                   err));
        cvyi_set_ints(attrs, rows[i].attribute, numbers, call->n_spatial);
    }
    CVYI_TRY(read_border(&border, phrase, call, attrs, err));
    CVYI_TRY(check_mode(phrase, call, &border, err));
    cvyi_set_border(attrs, "border", border);
    return CVY_OK;
}

static cvy_status from_call(cvyi_phrase *out, const cvyi_bound *call,
                            cvy_error *err)
{
    cvyi_step *step;
    bool bias;

    CVYI_TRY(cvyi_torch_input(out, call, call->n_spatial + 2, err));
    CVYI_TRY(cvyi_torch_step(&step, out, call, "conv", err));
    CVYI_TRY(read_channels(&step->attrs, out, call, err));
    CVYI_TRY(read_window(&step->attrs, out, call, err));
    CVYI_TRY(cvyi_arg_bool(&bias, out, call, "bias", err));
    CVYI_TRY(cvyi_torch_dtype(out, call, err));
    cvyi_step_slot_add(step, "weight", "weight", "O I S");
    if (bias)
        cvyi_step_slot_add(step, "bias", "bias", "O");
    return CVY_OK;
}

/* ---- writing ---- */

static bool all_ones(const int64_t *values, int n)
{
    for (int i = 0; i < n; i++)
        if (values[i] != 1)
            return false;
    return true;
}

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

    for (int i = 0; i < read.n_spatial; i++) {
        cvy_border b = { 0 };

        cvyi_window_fixed(&b, what->attrs, i);
        border.before[i] = b.before;
        border.after[i] = b.after;
    }
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
    if (!all_ones(stride, n))
        cvyi_code_ints(out, "stride", stride, n);
    if (padding == PADDING_NUMBERS)
        cvyi_code_ints(out, "padding", amounts, n);
    else if (padding == PADDING_SAME)
        cvyi_code_word(out, "padding", "same");
    if (!all_ones(dilation, n))
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

/* clang-format off */
const cvyi_spelling cvyi_conv_torch[] = {
    { .dialect = "torch", .name = "torch.nn.Conv%dd", .ranks = "123",
      .signature = "in_channels, out_channels, kernel_size, stride=1, "
                   "padding=0, dilation=1, groups=1, bias=True, "
                   "padding_mode='zeros', device=None, dtype=None",
      .from_call = from_call,
      .form = CVYI_FORM_MODULE, .to_call = to_module },
    { 0 }
};
/* clang-format on */
