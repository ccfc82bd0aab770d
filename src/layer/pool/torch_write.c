/*
 * layer/pool/torch_write.c - pools, said in torch.
 *
 * Torch adds `padding` before and after alike, and its ceil_mode lets the
 * last window hang over the end, where neither a maximum nor a mean of real
 * elements sees anything. So what must agree is the padding before and the
 * number of windows, for a window of k elements with its gaps:
 *
 *   floor  (n + 2 p - k) // s + 1
 *   ceil   ceil((n + 2 p - k) / s) + 1, and one less if the last window would
 *          start at or after n + p
 */
#include "layer/pool/words.h"
#include "layer/torch.h"

#include <string.h>

static int64_t span_of(cvy_window w)
{
    return (w.taps - 1) * w.dilation + 1;
}

/* What torch can do along one axis. */
typedef struct axis_plan {
    int64_t padding;
    bool floor, ceil; /* the number of windows is right without / with it */
} axis_plan;

static int64_t torch_windows(int64_t length, cvy_window w, int64_t padding,
                             bool ceil)
{
    const int64_t room =
        length + 2 * padding - span_of(w) + (ceil ? w.stride - 1 : 0);

    if (room < 0)
        return 0;

    const int64_t n = room / w.stride + 1;

    return ceil && (n - 1) * w.stride >= length + padding ? n - 1 : n;
}

/*
 * SAME for every length. The last window needs `room` elements, 1 up to the
 * stride, and so the total is max(span - room, 0): anything between
 * max(span - stride, 0) and span - 1. Half of it stands before. If that half
 * is one number for all of them torch can have it as padding. What stands
 * after is as much or one more; at stride 1 nothing hangs over in ceil_mode.
 */
static axis_plan plan_same(cvy_window w)
{
    const int64_t span = span_of(w);
    const int64_t least = span > w.stride ? span - w.stride : 0;
    const bool steady = least / 2 == (span - 1) / 2;
    const bool even = span == 1 || (w.stride == 1 && span % 2 == 1);

    if (least / 2 > w.taps / 2) /* more than torch takes */
        return (axis_plan){ 0 };
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

static cvy_status refuse_gaps(cvyi_said *out, const cvyi_saying *what,
                              cvy_error *err)
{
    return cvyi_refuse(&out->refusal, what->arena, err, CVYI_NO_COUNTERPART,
                       "dilation", "use windows without gaps",
                       "torch's average pools have windows without gaps");
}

static bool is_max(const cvyi_saying *what)
{
    return cvyi_attr_is(what->attrs, "kind", "max");
}

static bool counts_real(const cvyi_saying *what)
{
    return cvyi_attr_is(what->attrs, "count", "real");
}

static bool has_gaps(const cvyi_saying *what)
{
    for (int i = 0; i < what->attrs->n_spatial; i++) {
        const cvy_window w = cvyi_window_at(what->attrs, i);

        if (w.taps > 1 && w.dilation > 1)
            return true;
    }
    return false;
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
    const int64_t ones[CVYI_MAX_SPATIAL] = { 1, 1, 1 };
    cvyi_attrs read = *what->attrs;
    cvyi_border border = { 0 };

    memcpy(border.before, p->padding, sizeof border.before);
    memcpy(border.after, p->padding, sizeof border.after);
    cvyi_set_border(&read, "border", border);
    cvyi_set_int(&read, "ceil", p->ceil);
    if (!has_gaps(what))
        cvyi_set_ints(&read, "dilation", ones, read.n_spatial);
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

    if (!max && has_gaps(what))
        return refuse_gaps(out, what, err);
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
    if (has_gaps(what))
        cvyi_code_ints(out, "dilation",
                       cvyi_attr_ints(what->attrs, "dilation", NULL), n);
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

cvy_status cvyi_pool_to_max_module(cvyi_said *out, const cvyi_saying *what,
                                   cvy_error *err)
{
    CVYI_TRY(cvyi_pool_other_kind(what, "max", err));
    return say(out, what, CVYI_FORM_MODULE, err);
}

cvy_status cvyi_pool_to_max_function(cvyi_said *out, const cvyi_saying *what,
                                     cvy_error *err)
{
    CVYI_TRY(cvyi_pool_other_kind(what, "max", err));
    return say(out, what, CVYI_FORM_FUNCTION, err);
}

cvy_status cvyi_pool_to_average_module(cvyi_said *out, const cvyi_saying *what,
                                       cvy_error *err)
{
    CVYI_TRY(cvyi_pool_other_kind(what, "average", err));
    return say(out, what, CVYI_FORM_MODULE, err);
}

cvy_status cvyi_pool_to_average_function(cvyi_said *out,
                                         const cvyi_saying *what,
                                         cvy_error *err)
{
    CVYI_TRY(cvyi_pool_other_kind(what, "average", err));
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
cvy_status cvyi_pool_to_bordered(cvyi_said *out, const cvyi_saying *what,
                                 cvy_error *err)
{
    const cvyi_border *const border = cvyi_attr_border(what->attrs, "border");
    const int n = what->attrs->n_spatial;
    int64_t pads[2 * CVYI_MAX_SPATIAL];

    if (!is_max(what) && has_gaps(what))
        return refuse_gaps(out, what, err);
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
const cvyi_helper cvyi_pool_same_helper = {
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

cvy_status cvyi_pool_to_same(cvyi_said *out, const cvyi_saying *what,
                             cvy_error *err)
{
    const cvyi_border same = { .rule = CVYI_BORDER_SAME };
    const int n = what->attrs->n_spatial;
    cvyi_attrs read = *what->attrs;

    if (!is_max(what) && has_gaps(what))
        return refuse_gaps(out, what, err);
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
    out->helper = &cvyi_pool_same_helper;
    return cvyi_text_status(&out->code, err);
}
