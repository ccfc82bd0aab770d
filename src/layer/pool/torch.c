/*
 * layer/pool/torch.c - torch's words for pools.
 *
 * Torch adds `padding` before and after alike, and its ceil_mode lets the
 * last window hang over the end, where neither a maximum nor a mean of real
 * elements sees anything. So what must agree is the padding before and the
 * number of windows:
 *
 *   floor  (n + 2 p - k) // s + 1
 *   ceil   ceil((n + 2 p - k) / s) + 1, and one less if the last window would
 *          start at or after n + p
 */
#include "layer/torch.h"
#include "layer/window.h"

#include <string.h>

/* ---- reading ---- */

/* Without a stride windows touch. */
static cvy_status read_stride(int64_t *out, const int64_t *taps,
                              cvyi_phrase *phrase, const cvyi_bound *call,
                              cvy_error *err)
{
    const cvyi_value *const stride = cvyi_arg(call, "stride");

    if (!cvyi_is_none(stride) &&
        !(stride->kind == CVYI_LIST && stride->n == 0))
        return cvyi_arg_per_axis(out, phrase, call, "stride", 1, err);
    for (int i = 0; i < call->n_spatial; i++)
        out[i] = taps[i];
    return CVY_OK;
}

static cvy_status read_padding(cvyi_border *out, bool *empty,
                               const int64_t *taps, cvyi_phrase *phrase,
                               const cvyi_bound *call, cvy_error *err)
{
    *out = (cvyi_border){ 0 };
    *empty = true;
    CVYI_TRY(cvyi_arg_per_axis(out->before, phrase, call, "padding", 0, err));
    memcpy(out->after, out->before, sizeof out->after);
    for (int i = 0; i < call->n_spatial; i++) {
        *empty = *empty && out->before[i] == 0;
        if (out->before[i] > taps[i] / 2)
            return cvyi_refuse(&phrase->refusal, call->arena, err,
                               CVYI_ILLEGAL_IN_SOURCE, "padding",
                               "pad in a layer of its own",
                               "torch's pools take at most half the window "
                               "as padding, not %lld of %lld",
                               (long long)out->before[i], (long long)taps[i]);
    }
    return CVY_OK;
}

static cvy_status read_pool(cvyi_step **out, bool *padded, cvyi_phrase *phrase,
                            const cvyi_bound *call, const char *kind,
                            cvy_error *err)
{
    const int n = call->n_spatial;
    int64_t taps[CVYI_MAX_SPATIAL], stride[CVYI_MAX_SPATIAL];
    cvyi_border border;
    bool ceil, empty;
    cvyi_step *step;

    CVYI_TRY(cvyi_torch_input(phrase, call, n + 2, err));
    CVYI_TRY(cvyi_arg_per_axis(taps, phrase, call, "kernel_size", 1, err));
    CVYI_TRY(read_stride(stride, taps, phrase, call, err));
    CVYI_TRY(read_padding(&border, &empty, taps, phrase, call, err));
    CVYI_TRY(cvyi_arg_bool(&ceil, phrase, call, "ceil_mode", err));
    CVYI_TRY(cvyi_torch_step(&step, phrase, call, "pool", err));
    cvyi_set_word(&step->attrs, "kind", kind);
    cvyi_set_ints(&step->attrs, "taps", taps, n);
    cvyi_set_ints(&step->attrs, "stride", stride, n);
    cvyi_set_border(&step->attrs, "border", border);
    cvyi_set_int(&step->attrs, "ceil", ceil);
    *padded = !empty;
    *out = step;
    return CVY_OK;
}

static cvy_status from_max(cvyi_phrase *out, const cvyi_bound *call,
                           cvy_error *err)
{
    int64_t dilation[CVYI_MAX_SPATIAL];
    cvyi_step *step;
    bool padded;

    CVYI_TRY(cvyi_arg_per_axis(dilation, out, call, "dilation", 1, err));
    for (int i = 0; i < call->n_spatial; i++)
        if (dilation[i] != 1)
            return cvyi_refuse(&out->refusal, call->arena, err,
                               CVYI_NOT_SUPPORTED, "dilation",
                               "use windows without gaps",
                               "a maximum over a window with gaps is not "
                               "carried over");
    CVYI_TRY(cvyi_torch_must_be_off(out, call, "return_indices",
                                    "do not ask where the maxima were", err));
    return read_pool(&step, &padded, out, call, "max", err);
}

static cvy_status from_average(cvyi_phrase *out, const cvyi_bound *call,
                               cvy_error *err)
{
    cvyi_step *step;
    bool padded, counted;

    CVYI_TRY(cvyi_arg_bool(&counted, out, call, "count_include_pad", err));
    if (call->n_spatial > 1 &&
        !cvyi_is_none(cvyi_arg(call, "divisor_override")))
        return cvyi_refuse(&out->refusal, call->arena, err, CVYI_NOT_SUPPORTED,
                           "divisor_override",
                           "scale the mean in a layer of its own",
                           "a divisor of one's own is not carried over");
    CVYI_TRY(read_pool(&step, &padded, out, call, "average", err));
    /* Without padding nothing is counted but data. */
    cvyi_set_word(&step->attrs, "count",
                  padded && counted ? "window" : "real");
    return CVY_OK;
}

/* SameAvgPool((3, 3), (2, 2)) */
static cvy_status from_same_average(cvyi_phrase *out, const cvyi_bound *call,
                                    cvy_error *err)
{
    int64_t taps[CVYI_MAX_SPATIAL], stride[CVYI_MAX_SPATIAL];
    const cvyi_border same = { .rule = CVYI_BORDER_SAME };
    cvyi_bound spatial = *call;
    cvyi_step *step;

    CVYI_TRY(
        cvyi_torch_spatial(&spatial.n_spatial, out, call, "kernel_size", err));
    CVYI_TRY(cvyi_torch_input(out, call, spatial.n_spatial + 2, err));
    CVYI_TRY(cvyi_arg_per_axis(taps, out, &spatial, "kernel_size", 1, err));
    CVYI_TRY(cvyi_arg_per_axis(stride, out, &spatial, "stride", 1, err));
    CVYI_TRY(cvyi_torch_step(&step, out, call, "pool", err));
    cvyi_set_word(&step->attrs, "kind", "average");
    cvyi_set_ints(&step->attrs, "taps", taps, spatial.n_spatial);
    cvyi_set_ints(&step->attrs, "stride", stride, spatial.n_spatial);
    cvyi_set_border(&step->attrs, "border", same);
    return CVY_OK;
}

/* ---- writing: what torch can say ---- */

/* What torch can do along one axis. */
typedef struct axis_plan {
    int64_t padding;
    bool floor, ceil; /* the number of windows is right without / with it */
} axis_plan;

static int64_t torch_windows(int64_t length, cvy_window w, int64_t padding,
                             bool ceil)
{
    const int64_t room =
        length + 2 * padding - w.taps + (ceil ? w.stride - 1 : 0);

    if (room < 0)
        return 0;

    const int64_t n = room / w.stride + 1;

    return ceil && (n - 1) * w.stride >= length + padding ? n - 1 : n;
}

/*
 * SAME for every length. The last window needs `room` elements, 1 up to the
 * stride, and so the total is max(taps - room, 0): anything between
 * max(taps - stride, 0) and taps - 1. Half of it stands before. If that half
 * is one number for all of them torch can have it as padding. What stands
 * after is as much or one more; at stride 1 nothing hangs over in ceil_mode.
 */
static axis_plan plan_same(cvy_window w)
{
    const int64_t least = w.taps > w.stride ? w.taps - w.stride : 0;
    const bool steady = least / 2 == (w.taps - 1) / 2;
    const bool even = w.taps == 1 || (w.stride == 1 && w.taps % 2 == 1);

    return (axis_plan){
        .padding = least / 2,
        .floor = even,
        .ceil = steady && (w.stride > 1 || even),
    };
}

static axis_plan plan_axis(const cvyi_saying *what, int i)
{
    const cvyi_border *const border = cvyi_attr_border(what->attrs, "border");
    const cvy_window w = cvyi_window_at(what->attrs, i);
    const bool ceil = cvyi_window_ceil(what->attrs);
    int64_t length, windows;
    cvy_border b;

    if (!cvyi_size_constant(&length, what->in[0].dims[2 + i])) {
        if (border->rule == CVYI_BORDER_SAME)
            return plan_same(w);
        if (border->rule != CVYI_BORDER_GIVEN ||
            border->before[i] != border->after[i])
            return (axis_plan){ 0 };
        if (border->before[i] > w.taps / 2)
            return (axis_plan){ 0 };
        return (axis_plan){ .padding = border->before[i],
                            .floor = !ceil || w.stride == 1,
                            .ceil = ceil || w.stride == 1 };
    }
    if (cvyi_window_border(&b, what->attrs, i, length, NULL) != CVY_OK ||
        cvy_window_count(&windows, length, w, b, NULL) != CVY_OK ||
        b.before > w.taps / 2)
        return (axis_plan){ 0 };
    return (axis_plan){
        .padding = b.before,
        .floor = torch_windows(length, w, b.before, false) == windows,
        .ceil = torch_windows(length, w, b.before, true) == windows,
    };
}

/* AvgPool3d alone insists on as many elements as taps, padded or not. */
static bool long_enough(const cvyi_saying *what, bool padded)
{
    const int n = what->attrs->n_spatial;

    for (int i = 0; i < n; i++) {
        const int64_t taps = cvyi_window_at(what->attrs, i).taps;

        if (n == 3 && padded &&
            !cvyi_size_at_least(what->in[0].dims[2 + i], taps))
            return false;
    }
    return true;
}

typedef struct plan {
    int64_t padding[CVYI_MAX_SPATIAL];
    bool padded, ceil;
} plan;

static bool make_plan(plan *out, const cvyi_saying *what)
{
    bool floor = true, ceil = true;

    *out = (plan){ 0 };
    for (int i = 0; i < what->attrs->n_spatial; i++) {
        const axis_plan axis = plan_axis(what, i);

        out->padding[i] = axis.padding;
        out->padded = out->padded || axis.padding > 0;
        floor = floor && axis.floor;
        ceil = ceil && axis.ceil;
    }
    out->ceil = !floor;
    return floor || ceil;
}

static cvy_status refuse(cvyi_said *out, const cvyi_saying *what,
                         cvy_error *err)
{
    return cvyi_refuse(&out->refusal, what->arena, err, CVYI_NO_COUNTERPART,
                       "padding", "put the border into a layer of its own",
                       "torch's pool has no word for this border");
}

static bool is_max(const cvyi_saying *what)
{
    return cvyi_attr_is(what->attrs, "kind", "max");
}

static bool counts_real(const cvyi_saying *what)
{
    return cvyi_attr_is(what->attrs, "count", "real");
}

/* Window and stride, in a call that was begun; torch's own stride is the
 * window. */
static void say_window(cvyi_said *out, const cvyi_saying *what)
{
    const int n = what->attrs->n_spatial;
    const int64_t *const taps = cvyi_attr_ints(what->attrs, "taps", NULL);
    const int64_t *const stride = cvyi_attr_ints(what->attrs, "stride", NULL);
    bool touching = true;

    for (int i = 0; i < n; i++)
        touching = touching && taps[i] == stride[i];
    cvyi_code_ints(out, NULL, taps, n);
    if (!touching)
        cvyi_code_ints(out, "stride", stride, n);
}

/* A mean over whole windows that torch's ceil_mode divides alike: by what is
 * data or padding, which has the same amount before and after. */
static bool counts_padding(const cvyi_saying *what)
{
    const cvyi_border *const border = cvyi_attr_border(what->attrs, "border");

    for (int i = 0; i < what->attrs->n_spatial; i++)
        if (border->before[i] != border->after[i])
            return false;
    return cvyi_window_ceil(what->attrs);
}

static void means(cvyi_said *out, const cvyi_saying *what, const plan *p)
{
    cvyi_attrs read = *what->attrs;
    cvyi_border border = { 0 };

    memcpy(border.before, p->padding, sizeof border.before);
    memcpy(border.after, p->padding, sizeof border.after);
    cvyi_set_border(&read, "border", border);
    cvyi_set_int(&read, "ceil", p->ceil);
    if (is_max(what) || !p->padded)
        cvyi_set_word(&read, "count", "real");
    cvyi_torch_means(out, what, &read);
}

static cvy_status say(cvyi_said *out, const cvyi_saying *what, cvyi_form form,
                      cvy_error *err)
{
    const int n = what->attrs->n_spatial;
    const bool max = is_max(what);
    plan p;

    if (what->axes != CVYI_AXES_FIRST || !make_plan(&p, what) ||
        (!max && !long_enough(what, p.padded || p.ceil)) ||
        (!max && !counts_real(what) && p.ceil && !counts_padding(what)))
        return refuse(out, what, err);
    if (form == CVYI_FORM_MODULE) {
        cvyi_code_begin(out, "nn.%sPool%dd", max ? "Max" : "Avg", n);
    } else {
        cvyi_code_begin(out, "F.%s_pool%dd", max ? "max" : "avg", n);
        cvyi_code_raw(out, NULL, "{0}");
    }
    say_window(out, what);
    if (p.padded)
        cvyi_code_ints(out, "padding", p.padding, n);
    if (p.ceil)
        cvyi_code_bool(out, "ceil_mode", true);
    if (p.padded && !max && counts_real(what))
        cvyi_code_bool(out, "count_include_pad", false);
    cvyi_code_end(out);
    means(out, what, &p);
    if (p.ceil &&
        cvyi_attr_border(what->attrs, "border")->rule == CVYI_BORDER_SAME)
        out->comment = "SAME: the last window may hang over the end";
    return cvyi_text_status(&out->code, err);
}

static cvy_status to_module(cvyi_said *out, const cvyi_saying *what,
                            cvy_error *err)
{
    return say(out, what, CVYI_FORM_MODULE, err);
}

static cvy_status to_function(cvyi_said *out, const cvyi_saying *what,
                              cvy_error *err)
{
    return say(out, what, CVYI_FORM_FUNCTION, err);
}

static void means_bordered(cvyi_said *out, const cvyi_saying *what)
{
    cvyi_attrs *const pad =
        cvyi_said_means(out, "pad", what->attrs->n_spatial);
    cvyi_attrs pool = *what->attrs;
    const cvyi_border none = { 0 };

    cvyi_set_border(pad, "border", *cvyi_attr_border(&pool, "border"));
    cvyi_set_border(&pool, "border", none);
    cvyi_set_word(&pool, "count", "real");
    cvyi_torch_means(out, what, &pool);
}

/* A mean that counts a border of zeros: the zeros can stand before it. */
static cvy_status to_bordered(cvyi_said *out, const cvyi_saying *what,
                              cvy_error *err)
{
    const cvyi_border *const border = cvyi_attr_border(what->attrs, "border");
    const int n = what->attrs->n_spatial;
    int64_t pads[2 * CVYI_MAX_SPATIAL];

    if (what->axes != CVYI_AXES_FIRST || is_max(what) || counts_real(what) ||
        border->rule != CVYI_BORDER_GIVEN || cvyi_window_ceil(what->attrs))
        return refuse(out, what, err);
    for (int i = 0; i < n; i++) {
        pads[2 * i] = border->before[n - 1 - i];
        pads[2 * i + 1] = border->after[n - 1 - i];
    }
    cvyi_text_put(&out->code, "nn.Sequential(");
    cvyi_code_begin(out, "nn.ZeroPad%dd", n);
    cvyi_code_ints(out, NULL, pads, 2 * n);
    cvyi_text_put(&out->code, "), ");
    cvyi_code_begin(out, "nn.AvgPool%dd", n);
    say_window(out, what);
    cvyi_text_put(&out->code, ")");
    cvyi_code_end(out);
    means_bordered(out, what);
    return cvyi_text_status(&out->code, err);
}

/* ---- means over SAME windows that torch has no word for ---- */

/* clang-format off */
static const cvyi_helper same_avg_pool = {
    .name = "SameAvgPool",
    .needs = "torch nn F Tensor",
    .code =
"class SameAvgPool(nn.Module):\n"
"    \"\"\"Means over TensorFlow's SAME windows: only real elements "
"count.\"\"\"\n"
"\n"
"    def __init__(self, kernel_size: tuple[int, ...], stride: tuple[int, "
"...]) -> None:\n"
"        super().__init__()\n"
"        self.kernel_size = kernel_size\n"
"        self.stride = stride\n"
"\n"
"    def forward(self, x: Tensor) -> Tensor:\n"
"        pads: list[int] = []\n"
"        axes = zip(x.shape[2:], self.kernel_size, self.stride, "
"strict=True)\n"
"        for size, kernel, stride in reversed(list(axes)):\n"
"            total = max((-(-size // stride) - 1) * stride + kernel - size, "
"0)\n"
"            pads += [total // 2, total - total // 2]\n"
"        pool = (F.avg_pool1d, F.avg_pool2d, F.avg_pool3d)[len(self.stride) "
"- 1]\n"
"        means = pool(F.pad(x, pads), self.kernel_size, self.stride)\n"
"        ones = F.pad(torch.ones_like(x[:1, :1]), pads)\n"
"        return means / pool(ones, self.kernel_size, self.stride)\n",
};
/* clang-format on */

/* The class adds what SAME adds: is that this border? */
static bool border_is_same(const cvyi_saying *what)
{
    const cvyi_border *const border = cvyi_attr_border(what->attrs, "border");

    for (int i = 0; i < what->attrs->n_spatial; i++) {
        const cvy_window w = cvyi_window_at(what->attrs, i);
        int64_t length = 1; /* at stride 1 every length has one border */
        cvy_border same, own;

        if (border->rule == CVYI_BORDER_SAME)
            continue;
        if (border->rule != CVYI_BORDER_GIVEN ||
            (!cvyi_size_constant(&length, what->in[0].dims[2 + i]) &&
             w.stride > 1) ||
            cvy_border_same(&same, length, w, NULL) != CVY_OK ||
            (!cvyi_window_fixed(&own, what->attrs, i) &&
             cvyi_window_border(&own, what->attrs, i, length, NULL) !=
                 CVY_OK) ||
            same.before != own.before || same.after != own.after)
            return false;
    }
    return true;
}

static cvy_status to_same_average(cvyi_said *out, const cvyi_saying *what,
                                  cvy_error *err)
{
    const cvyi_border same = { .rule = CVYI_BORDER_SAME };
    const int n = what->attrs->n_spatial;
    cvyi_attrs read = *what->attrs;

    if (what->axes != CVYI_AXES_FIRST || is_max(what) || !counts_real(what) ||
        !border_is_same(what))
        return refuse(out, what, err);
    cvyi_code_begin(out, "SameAvgPool");
    cvyi_code_tuple(out, NULL, cvyi_attr_ints(what->attrs, "taps", NULL), n);
    cvyi_code_tuple(out, NULL, cvyi_attr_ints(what->attrs, "stride", NULL), n);
    cvyi_code_end(out);
    cvyi_set_border(&read, "border", same);
    cvyi_set_int(&read, "ceil", false);
    cvyi_torch_means(out, what, &read);
    out->helper = &same_avg_pool;
    return cvyi_text_status(&out->code, err);
}

/* clang-format off */
const cvyi_spelling cvyi_pool_torch[] = {
    { .dialect = "torch", .name = "torch.nn.MaxPool%dd", .ranks = "123",
      .signature = "kernel_size, stride=None, padding=0, dilation=1, "
                   "return_indices=False, ceil_mode=False",
      .from_call = from_max,
      .form = CVYI_FORM_MODULE, .to_call = to_module },
    { .dialect = "torch", .name = "torch.nn.functional.max_pool%dd",
      .ranks = "123",
      .signature = "x, kernel_size, stride=None, padding=0, dilation=1, "
                   "ceil_mode=False, return_indices=False",
      .from_call = from_max,
      .form = CVYI_FORM_FUNCTION, .to_call = to_function },
    { .dialect = "torch", .name = "torch.nn.AvgPool%dd", .ranks = "1",
      .signature = "kernel_size, stride=None, padding=0, ceil_mode=False, "
                   "count_include_pad=True",
      .from_call = from_average,
      .form = CVYI_FORM_MODULE },
    { .dialect = "torch", .name = "torch.nn.AvgPool%dd", .ranks = "23",
      .signature = "kernel_size, stride=None, padding=0, ceil_mode=False, "
                   "count_include_pad=True, divisor_override=None",
      .from_call = from_average,
      .form = CVYI_FORM_MODULE },
    { .dialect = "torch", .name = "torch.nn.functional.avg_pool%dd",
      .ranks = "1",
      .signature = "x, kernel_size, stride=None, padding=0, "
                   "ceil_mode=False, count_include_pad=True",
      .from_call = from_average,
      .form = CVYI_FORM_FUNCTION },
    { .dialect = "torch", .name = "torch.nn.functional.avg_pool%dd",
      .ranks = "23",
      .signature = "x, kernel_size, stride=None, padding=0, "
                   "ceil_mode=False, count_include_pad=True, "
                   "divisor_override=None",
      .from_call = from_average,
      .form = CVYI_FORM_FUNCTION },
    { .dialect = "torch", .name = "torch.nn.ZeroPad%dd", .ranks = "123",
      .form = CVYI_FORM_MODULE, .to_call = to_bordered },
    { .dialect = "torch", .name = "SameAvgPool", .helper = &same_avg_pool,
      .signature = "kernel_size, stride",
      .from_call = from_same_average,
      .form = CVYI_FORM_MODULE, .to_call = to_same_average },
    { 0 }
};
/* clang-format on */
