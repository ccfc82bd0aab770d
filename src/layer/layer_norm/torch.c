/* layer/layer_norm/torch.c - torch's words for norms over axes. */
#include "layer/marks.h"
#include "layer/norm.h"
#include "layer/operand.h"
#include "layer/torch.h"

#include <string.h>

/* What torch takes for eps=None: the distance from 1 to the next float32. */
static const double float_epsilon = 0x1p-23;

/* clang-format off */
#define CHANNEL(base, what)                                                   \
    { .name = "Channel" base, .needs = "nn Tensor", .code =                   \
"class Channel" base "(nn." base "):\n"                                       \
"    \"\"\"" what " over axis 1, place by place.\"\"\"\n"                     \
"\n"                                                                          \
"    def forward(self, x: Tensor) -> Tensor:\n"                               \
"        return super().forward(x.movedim(1, -1)).movedim(-1, 1)\n" }

#define AXES(base, what, options, passed)                                     \
    { .name = "Axes" base, .needs = "nn Tensor", .code =                      \
"class Axes" base "(nn." base "):\n"                                          \
"    \"\"\"" what " over the axes that are given.\"\"\"\n"                    \
"\n"                                                                          \
"    def __init__(\n"                                                         \
"        self,\n"                                                             \
"        axes: tuple[int, ...],\n"                                            \
"        shape: tuple[int, ...],\n"                                           \
options                                                                       \
"    ) -> None:\n"                                                            \
"        super().__init__(shape, " passed ")\n"                               \
"        self.axes = axes\n"                                                  \
"        self.last = tuple(range(-len(axes), 0))\n"                           \
"\n"                                                                          \
"    def forward(self, x: Tensor) -> Tensor:\n"                               \
"        x = super().forward(x.movedim(self.axes, self.last))\n"              \
"        return x.movedim(self.last, self.axes)\n" }

/* By [about the mean or 0]. */
static const cvyi_helper channel[] = {
    CHANNEL("LayerNorm", "Layer norm"),
    CHANNEL("RMSNorm", "RMS norm"),
};
static const cvyi_helper any_axes[] = {
    AXES("LayerNorm", "Layer norm",
"        eps: float = 1e-5,\n"
"        elementwise_affine: bool = True,\n"
"        bias: bool = True,\n",
"eps, elementwise_affine, bias"),
    AXES("RMSNorm", "RMS norm",
"        eps: float | None = None,\n"
"        elementwise_affine: bool = True,\n",
"eps, elementwise_affine"),
};
/* clang-format on */

/* ---- reading ---- */

/* What is normalised over: mark and length of each axis. */
typedef struct target {
    int64_t marks[CVYI_MAX_DIMS];
    cvyi_shape shape;
} target;

static cvy_status illegal(cvyi_phrase *phrase, const cvyi_bound *call,
                          const char *name, const char *wanted, cvy_error *err)
{
    return cvyi_refuse(&phrase->refusal, call->arena, err,
                       CVYI_ILLEGAL_IN_SOURCE, name,
                       "correct this argument in the source", "%s must be %s",
                       name, wanted);
}

/* Lengths: a tuple, or one number where torch takes that. */
static cvy_status read_lengths(cvyi_shape *out, cvyi_phrase *phrase,
                               const cvyi_bound *call, const char *name,
                               cvy_error *err)
{
    const cvyi_value *const value = cvyi_arg(call, name);
    const bool list = value->kind == CVYI_LIST;
    const cvyi_value *const items = list ? value->items : value;
    const int n = list ? value->n : 1;
    bool good = (list || call->spelling->form == CVYI_FORM_MODULE) && n > 0 &&
                n <= call->in[0].rank;

    out->rank = n;
    for (int i = 0; good && i < n; i++) {
        good = items[i].kind == CVYI_INT;
        out->dims[i] = good ? items[i].integer : 0;
    }
    return good ? CVY_OK
                : illegal(phrase, call, name,
                          "a tuple with the lengths of the last axes", err);
}

static cvy_status mark(target *out, int axis, int at, const char *name,
                       cvyi_phrase *phrase, const cvyi_bound *call,
                       cvy_error *err)
{
    CVYI_TRY(
        cvyi_torch_extent(phrase, call, axis, out->shape.dims[at], name, err));
    if (axis == 0)
        return cvyi_refuse(&phrase->refusal, call->arena, err,
                           CVYI_NOT_SUPPORTED, name,
                           "give it an input with a batch",
                           "a norm over all samples together is not carried "
                           "over");
    out->marks[axis] = at + 1;
    return CVY_OK;
}

/* The last axes. */
static cvy_status read_last(target *out, cvyi_phrase *phrase,
                            const cvyi_bound *call, cvy_error *err)
{
    static const char name[] = "normalized_shape";
    const cvyi_bound alone = cvyi_operand_input(call);
    const int rank = call->n_in > 0 ? call->in[0].rank : 0;

    CVYI_TRY(cvyi_torch_input(phrase, &alone, 0, err));
    CVYI_TRY(read_lengths(&out->shape, phrase, call, name, err));
    for (int i = out->shape.rank - 1; i >= 0; i--)
        CVYI_TRY(
            mark(out, rank - out->shape.rank + i, i, name, phrase, call, err));
    return CVY_OK;
}

/* Axis 1. */
static cvy_status read_channel(target *out, cvyi_phrase *phrase,
                               const cvyi_bound *call, cvy_error *err)
{
    CVYI_TRY(cvyi_torch_input(phrase, call, 0, err));
    CVYI_TRY(read_lengths(&out->shape, phrase, call, "normalized_shape", err));
    if (out->shape.rank != 1 || call->in[0].rank < 2)
        return illegal(phrase, call, "normalized_shape",
                       "the length of axis 1", err);
    return mark(out, 1, 0, "normalized_shape", phrase, call, err);
}

/* The axes that are named. */
static cvy_status read_named(target *out, cvyi_phrase *phrase,
                             const cvyi_bound *call, cvy_error *err)
{
    const cvyi_value *const axes = cvyi_arg(call, "axes");

    CVYI_TRY(cvyi_torch_input(phrase, call, 0, err));
    CVYI_TRY(read_lengths(&out->shape, phrase, call, "shape", err));
    if (axes->kind != CVYI_LIST || axes->n != out->shape.rank)
        return illegal(phrase, call, "axes", "a tuple as long as shape", err);
    for (int i = 0; i < axes->n; i++) {
        int64_t axis;

        if (!cvyi_as_int(&axis, &axes->items[i]) || axis < 0 ||
            axis >= call->in[0].rank || out->marks[axis] != 0)
            return illegal(phrase, call, "axes", "different axes of the input",
                           err);
        CVYI_TRY(mark(out, (int)axis, i, "shape", phrase, call, err));
    }
    return CVY_OK;
}

static cvy_status read_eps(double *out, cvyi_phrase *phrase,
                           const cvyi_bound *call, bool rms, cvy_error *err)
{
    if (rms && cvyi_is_none(cvyi_arg(call, "eps"))) {
        *out = float_epsilon;
        return CVY_OK;
    }
    return cvyi_arg_double(out, phrase, call, "eps", err);
}

static cvy_status add(cvyi_step **out, const target *over, bool rms,
                      cvyi_phrase *phrase, const cvyi_bound *call,
                      cvy_error *err)
{
    double eps;

    CVYI_TRY(read_eps(&eps, phrase, call, rms, err));
    *out = cvyi_phrase_add(phrase, call, "layer_norm");
    if (*out == NULL)
        return cvyi_fail(err, CVY_ARGUMENT, "the phrase is full");
    cvyi_set_ints(&(*out)->attrs, "axes", over->marks, call->in[0].rank);
    cvyi_set_real(&(*out)->attrs, "eps", eps);
    if (rms)
        cvyi_set_word(&(*out)->attrs, "mode", "rms");
    return CVY_OK;
}

static cvy_status read_module(cvyi_phrase *out, const cvyi_bound *call,
                              const target *over, bool rms, cvy_error *err)
{
    const char *const layout =
        cvyi_marks_layout(call->arena, NULL, over->shape.rank);
    bool weight, bias = false;
    cvyi_step *step;

    if (layout == NULL)
        return cvyi_no_memory(err);
    CVYI_TRY(cvyi_arg_bool(&weight, out, call, "elementwise_affine", err));
    if (!rms)
        CVYI_TRY(cvyi_arg_bool(&bias, out, call, "bias", err));
    CVYI_TRY(add(&step, over, rms, out, call, err));
    if (weight)
        cvyi_norm_slot(step, "weight", "weight", layout, 1);
    if (weight && bias)
        cvyi_norm_slot(step, "bias", "bias", layout, 0);
    return CVY_OK;
}

static cvy_status read_function(cvyi_phrase *out, const cvyi_bound *call,
                                bool rms, cvy_error *err)
{
    target over = { .marks = { 0 } };
    const char *layout;
    cvyi_step *step;

    CVYI_TRY(read_last(&over, out, call, err));
    layout = cvyi_marks_layout(call->arena, NULL, over.shape.rank);
    if (layout == NULL)
        return cvyi_no_memory(err);
    CVYI_TRY(add(&step, &over, rms, out, call, err));
    CVYI_TRY(cvyi_norm_operand(step, out, call, "weight", "weight", layout,
                               &over.shape, err));
    if (rms)
        return CVY_OK;
    return cvyi_norm_operand(step, out, call, "bias", "bias", layout,
                             &over.shape, err);
}

static cvy_status from_layer_function(cvyi_phrase *out, const cvyi_bound *call,
                                      cvy_error *err)
{
    return read_function(out, call, false, err);
}

static cvy_status from_rms_function(cvyi_phrase *out, const cvyi_bound *call,
                                    cvy_error *err)
{
    return read_function(out, call, true, err);
}

#define FROM(name, read, rms, typed)                                 \
    static cvy_status name(cvyi_phrase *out, const cvyi_bound *call, \
                           cvy_error *err)                           \
    {                                                                \
        target over = { .marks = { 0 } };                            \
                                                                     \
        CVYI_TRY(read(&over, out, call, err));                       \
        if (typed)                                                   \
            CVYI_TRY(cvyi_torch_dtype(out, call, err));              \
        return read_module(out, call, &over, rms, err);              \
    }
FROM(from_layer, read_last, false, true)
FROM(from_rms, read_last, true, true)
FROM(from_channel_layer, read_channel, false, true)
FROM(from_channel_rms, read_channel, true, true)
FROM(from_axes_layer, read_named, false, false)
FROM(from_axes_rms, read_named, true, false)

/* ---- writing ---- */

/* The marked axes in the order in which torch's weight has them: that of the
 * input if they are its last ones, else that of the marks. */
typedef struct listed {
    int n;
    int64_t axes[CVYI_MAX_DIMS], dims[CVYI_MAX_DIMS];
    int order[CVYI_MAX_DIMS]; /* the slot's axes */
    bool last;
} listed;

static listed list_axes(const cvyi_saying *what)
{
    const int n = what->slots[0].rank;
    int rank;
    const int64_t *const marks = cvyi_attr_ints(what->attrs, "axes", &rank);
    listed l = { .last = true };

    for (int i = rank - n; i < rank; i++)
        l.last = l.last && marks[i] != 0;
    for (int i = 0; i < rank; i++) {
        const int at = l.last ? l.n : (int)marks[i] - 1;

        if (marks[i] == 0)
            continue;
        l.axes[at] = i;
        l.order[at] = (int)marks[i] - 1;
        l.dims[at] = what->slots[0].dims[marks[i] - 1];
        l.n++;
    }
    return l;
}

/* A class for the axes, and the arguments that tell them. */
static void say_axes(cvyi_said *out, const listed *l, bool rms)
{
    if (l->last) {
        cvyi_code_begin(out, rms ? "nn.RMSNorm" : "nn.LayerNorm");
    } else {
        out->helper =
            l->n == 1 && l->axes[0] == 1 ? &channel[rms] : &any_axes[rms];
        cvyi_code_begin(out, "%s", out->helper->name);
    }
    if (out->helper == &any_axes[rms])
        cvyi_code_tuple(out, NULL, l->axes, l->n);
    if (l->n == 1 && out->helper != &any_axes[rms])
        cvyi_code_int(out, NULL, l->dims[0]);
    else
        cvyi_code_tuple(out, NULL, l->dims, l->n);
}

static cvy_status say_slots(cvyi_said *out, const cvyi_saying *what,
                            const listed *l, bool weight, bool bias,
                            cvy_error *err)
{
    const char *const layout = cvyi_marks_layout(what->arena, l->order, l->n);

    if (layout == NULL)
        return cvyi_no_memory(err);
    if (weight)
        cvyi_said_slot_add(out, "weight", "weight", layout);
    else if (bias)
        cvyi_said_slot_fill(out, "weight", "weight", layout, 1);
    if (bias)
        cvyi_said_slot_add(out, "bias", "bias", layout);
    if (bias && !weight)
        cvyi_said_remark(out, "the source has no factor; torch's weight is 1 "
                              "and would be trained");
    return CVY_OK;
}

static void means(cvyi_said *out, const cvyi_saying *what, const listed *l)
{
    cvyi_attrs read = *what->attrs;
    int64_t marks[CVYI_MAX_DIMS] = { 0 };

    for (int i = 0; i < l->n; i++)
        marks[l->axes[i]] = i + 1;
    cvyi_set_ints(&read, "axes", marks, what->in[0].rank);
    cvyi_torch_means(out, what, &read);
}

static cvy_status to_module(cvyi_said *out, const cvyi_saying *what,
                            cvy_error *err)
{
    const bool rms = cvyi_attr_is(what->attrs, "mode", "rms");
    const double eps = cvyi_attr_real(what->attrs, "eps");
    const bool weight = (what->present & 1u) != 0;
    const bool bias = (what->present & 2u) != 0;
    const listed l = list_axes(what);

    if (cvyi_attr_is(what->attrs, "mode", "scaled") || (rms && bias))
        return cvyi_refuse(&out->refusal, what->arena, err,
                           CVYI_NO_COUNTERPART, rms ? "bias" : "mode",
                           "use a layer norm or an RMS norm in the source",
                           rms ? "torch's RMS norm has no bias"
                               : "torch has no norm that divides by the "
                                 "spread and leaves the mean in");
    say_axes(out, &l, rms);
    if (eps != (rms ? float_epsilon : 1e-5))
        cvyi_code_double(out, "eps", eps);
    if (!weight && !bias)
        cvyi_code_bool(out, "elementwise_affine", false);
    else if (!bias && !rms)
        cvyi_code_bool(out, "bias", false);
    cvyi_code_end(out);
    CVYI_TRY(say_slots(out, what, &l, weight, bias, err));
    means(out, what, &l);
    return cvyi_text_status(&out->code, err);
}

/* clang-format off */
static const cvyi_argument layer_arguments[] = {
    { "normalized_shape",   "axes",   "the lengths of the last axes" },
    { "eps",                "eps",    NULL },
    { "elementwise_affine", "weight", "weight and bias together" },
    { "bias",               "bias",   NULL },
    { 0 }
};
static const cvyi_argument rms_arguments[] = {
    { "normalized_shape",   "axes",   "the lengths of the last axes" },
    { "eps",                "eps",    "None is 2^-23, float32's epsilon" },
    { "elementwise_affine", "weight", NULL },
    { 0 }
};
static const cvyi_argument layer_operands[] = {
    { "normalized_shape", "axes",   "the lengths of the last axes" },
    { "weight",           "weight", NULL },
    { "bias",             "bias",   NULL },
    { "eps",              "eps",    NULL },
    { 0 }
};
static const cvyi_argument rms_operands[] = {
    { "normalized_shape", "axes",   "the lengths of the last axes" },
    { "weight",           "weight", NULL },
    { "eps",              "eps",    "None is 2^-23, float32's epsilon" },
    { 0 }
};

#define LAYER "normalized_shape, eps=1e-05, elementwise_affine=True, " \
              "bias=True, device=None, dtype=None"
#define RMS   "normalized_shape, eps=None, elementwise_affine=True, " \
              "device=None, dtype=None"
#define MODULE(text, sign, from, args) \
    .dialect = "torch", .name = text, .signature = sign, .from_call = from, \
    .form = CVYI_FORM_MODULE, .arguments = args
#define FUNCTION(text, sign, from, args) \
    { .dialect = "torch", .name = text, .signature = "x, " sign, \
      .from_call = from, .form = CVYI_FORM_FUNCTION, .arguments = args }

const cvyi_spelling cvyi_layer_norm_torch[] = {
    { MODULE("torch.nn.LayerNorm", LAYER, from_layer, layer_arguments),
      .to_call = to_module },
    { MODULE("torch.nn.RMSNorm", RMS, from_rms, rms_arguments) },
    { MODULE("ChannelLayerNorm", LAYER, from_channel_layer, layer_arguments),
      .helper = &channel[0] },
    { MODULE("ChannelRMSNorm", RMS, from_channel_rms, rms_arguments),
      .helper = &channel[1] },
    { MODULE("AxesLayerNorm", "axes, shape, eps=1e-05, "
             "elementwise_affine=True, bias=True", from_axes_layer, NULL),
      .helper = &any_axes[0] },
    { MODULE("AxesRMSNorm", "axes, shape, eps=None, elementwise_affine=True",
             from_axes_rms, NULL),
      .helper = &any_axes[1] },
    FUNCTION("torch.nn.functional.layer_norm",
             "normalized_shape, weight=None, bias=None, eps=1e-05",
             from_layer_function, layer_operands),
    FUNCTION("torch.layer_norm",
             "normalized_shape, weight=None, bias=None, eps=1e-05, "
             "cudnn_enable=True", from_layer_function, layer_operands),
    FUNCTION("torch.nn.functional.rms_norm",
             "normalized_shape, weight=None, eps=None", from_rms_function,
             rms_operands),
    FUNCTION("torch.rms_norm", "normalized_shape, weight=None, eps=None",
             from_rms_function, rms_operands),
    { 0 }
};
/* clang-format on */
