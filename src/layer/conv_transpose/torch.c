/* layer/conv_transpose/torch.c - torch's words for a transposed convolution. */
#include "layer/torch.h"

#include "layer/conv_transpose/words.h"
#include "layer/number.h"
#include "layer/operand.h"
#include "layer/window.h"

#include <math.h>
#include <string.h>

static cvy_status illegal(cvyi_phrase *phrase, const cvyi_bound *call,
                          const char *name, const char *reason, cvy_error *err)
{
    return cvyi_refuse(&phrase->refusal, call->arena, err,
                       CVYI_ILLEGAL_IN_SOURCE, name,
                       "correct this argument in the source", "%s", reason);
}

/* One number for every axis, or one an axis; also a list of one but for the
 * taps, which make the weight's shape. */
static cvy_status read_ints(int64_t *out, cvyi_phrase *phrase,
                            const cvyi_bound *call, const char *name,
                            int64_t least, cvy_error *err)
{
    const bool taps = strcmp(name, "kernel_size") == 0;

    return cvyi_take_numbers(out, phrase, call, name, call->n_spatial,
                             taps ? 0 : CVYI_TAKES_REPEAT, least, err);
}

/* The crop: `padding` on both sides, `output_padding` less behind. */
static cvy_status read_window(cvyi_attrs *attrs, cvyi_phrase *phrase,
                              const cvyi_bound *call, const int64_t *taps,
                              cvy_error *err)
{
    const int n = call->n_spatial;
    int64_t stride[CVYI_MAX_SPATIAL], dilation[CVYI_MAX_SPATIAL];
    int64_t padding[CVYI_MAX_SPATIAL], extra[CVYI_MAX_SPATIAL];
    cvyi_border crop = { 0 };

    CVYI_TRY(read_ints(stride, phrase, call, "stride", 1, err));
    CVYI_TRY(read_ints(dilation, phrase, call, "dilation", 1, err));
    CVYI_TRY(read_ints(padding, phrase, call, "padding", 0, err));
    CVYI_TRY(read_ints(extra, phrase, call, "output_padding", 0, err));
    for (int i = 0; i < n; i++) {
        if (extra[i] >= stride[i] && extra[i] >= dilation[i])
            return illegal(phrase, call, "output_padding",
                           "output_padding must be smaller than the stride "
                           "or the dilation of its axis",
                           err);
        crop.before[i] = padding[i];
        crop.after[i] = padding[i] - extra[i];
    }
    cvyi_set_ints(attrs, "taps", taps, n);
    cvyi_set_ints(attrs, "stride", stride, n);
    cvyi_set_ints(attrs, "dilation", dilation, n);
    cvyi_set_border(attrs, "crop", crop);
    return CVY_OK;
}

/* Would one element less be cut off, is there one left of each axis? */
static bool is_just_empty(const cvyi_bound *call, const cvyi_attrs *attrs)
{
    cvyi_attrs longer = *attrs;
    cvyi_border crop = *cvyi_attr_border(attrs, "crop");
    cvyi_inferred unused;

    for (int i = 0; i < attrs->n_spatial; i++)
        crop.after[i]--;
    cvyi_set_border(&longer, "crop", crop);
    return attrs->op->infer(&unused, &longer, call->in, 1, call->sizes,
                            NULL) == CVY_OK;
}

/* What torch finds out when it computes: it makes empty results, but no
 * shorter ones. */
static cvy_status check_lengths(cvyi_phrase *phrase, const cvyi_bound *call,
                                const cvyi_attrs *attrs, cvy_error *err)
{
    cvyi_inferred unused;
    const cvy_status status =
        attrs->op->infer(&unused, attrs, call->in, 1, call->sizes, err);

    if (status == CVY_OK || status == CVY_MEMORY)
        return status;
    if (is_just_empty(call, attrs))
        return cvyi_refuse(&phrase->refusal, call->arena, err,
                           CVYI_NOT_SUPPORTED, "padding",
                           "cut less off, or use a longer input",
                           "the result would be empty");
    return illegal(phrase, call, "padding", "the padding leaves no output",
                   err);
}

static cvy_status read_groups(int64_t *out, cvyi_phrase *phrase,
                              const cvyi_bound *call, int64_t inputs,
                              int64_t outputs, cvy_error *err)
{
    CVYI_TRY(cvyi_take_numbers(out, phrase, call, "groups", 0, 0, 1, err));
    if (inputs % *out != 0 || outputs % *out != 0)
        return cvyi_refuse(&phrase->refusal, call->arena, err,
                           CVYI_ILLEGAL_IN_SOURCE, "groups",
                           "choose a divisor of both",
                           "%lld groups do not divide %lld input and %lld "
                           "output channels",
                           (long long)*out, (long long)inputs,
                           (long long)outputs);
    return CVY_OK;
}

/* ---- modules ---- */

/* in_channels is an argument, or for a lazy class what the input has. */
static cvy_status read_channels(cvyi_attrs *attrs, cvyi_phrase *phrase,
                                const cvyi_bound *call, bool lazy,
                                cvy_error *err)
{
    int64_t inputs, outputs, groups;

    if (lazy) {
        if (!cvyi_size_constant(&inputs, call->in[0].dims[1]))
            return cvyi_refuse(&phrase->refusal, call->arena, err,
                               CVYI_NOT_SUPPORTED, "",
                               "give the input a known number of channels",
                               "the input's channels are not known");
    } else {
        CVYI_TRY(cvyi_take_numbers(&inputs, phrase, call, "in_channels", 0, 0,
                                   1, err));
        CVYI_TRY(
            cvyi_torch_extent(phrase, call, 1, inputs, "in_channels", err));
    }
    CVYI_TRY(cvyi_take_numbers(&outputs, phrase, call, "out_channels", 0, 0, 1,
                               err));
    CVYI_TRY(read_groups(&groups, phrase, call, inputs, outputs, err));
    cvyi_set_int(attrs, "outputs", outputs);
    cvyi_set_int(attrs, "groups", groups);
    return CVY_OK;
}

/* torch draws weight and bias alike: fan_in counts the weight's axis 1. */
static void add_slots(cvyi_step *step, const int64_t *taps, bool bias)
{
    const cvyi_attrs *const attrs = &step->attrs;
    double fan = (double)(cvyi_attr_int(attrs, "outputs") /
                          cvyi_attr_int(attrs, "groups"));
    cvyi_start start = { .draw = CVYI_DRAW_UNIFORM };

    for (int i = 0; i < attrs->n_spatial; i++)
        fan *= (double)taps[i];
    start.b = 1 / sqrt(fan);
    start.a = -start.b;
    cvyi_step_slot_add(step, "weight", "weight", "I O S")->start = start;
    if (bias)
        cvyi_step_slot_add(step, "bias", "bias", "O")->start = start;
}

static cvy_status read_module(cvyi_step **out, cvyi_phrase *phrase,
                              const cvyi_bound *call, bool lazy,
                              cvy_error *err)
{
    int64_t taps[CVYI_MAX_SPATIAL];
    cvyi_step *step;

    CVYI_TRY(cvyi_torch_input(phrase, call, call->n_spatial + 2, err));
    CVYI_TRY(cvyi_torch_step(&step, phrase, call, "conv_transpose", err));
    CVYI_TRY(read_channels(&step->attrs, phrase, call, lazy, err));
    CVYI_TRY(read_ints(taps, phrase, call, "kernel_size", 1, err));
    CVYI_TRY(read_window(&step->attrs, phrase, call, taps, err));
    if (!cvyi_is_text(cvyi_arg(call, "padding_mode"), "zeros"))
        return illegal(phrase, call, "padding_mode",
                       "torch has 'zeros' alone here", err);
    CVYI_TRY(cvyi_torch_dtype(phrase, call, err));
    add_slots(step, taps, cvyi_truth(cvyi_arg(call, "bias")));
    *out = step;
    return check_lengths(phrase, call, &step->attrs, err);
}

static cvy_status from_module(cvyi_phrase *out, const cvyi_bound *call,
                              cvy_error *err)
{
    cvyi_step *step;

    return read_module(&step, out, call, false, err);
}

static cvy_status from_lazy(cvyi_phrase *out, const cvyi_bound *call,
                            cvy_error *err)
{
    cvyi_step *step;

    return read_module(&step, out, call, true, err);
}

/* The classes that we write: `cut` elements fall away at each axis' end. */
static cvy_status from_helper(cvyi_phrase *out, const cvyi_bound *call,
                              cvy_error *err)
{
    cvyi_bound spatial = *call;
    int64_t cut[CVYI_MAX_SPATIAL];
    cvyi_border crop;
    cvyi_step *step;

    CVYI_TRY(cvyi_torch_spatial(&spatial.n_spatial, out, call, "cut", err));
    CVYI_TRY(cvyi_arg_per_axis(cut, out, &spatial, "cut", 0, err));
    CVYI_TRY(read_module(&step, out, &spatial, false, err));
    crop = *cvyi_attr_border(&step->attrs, "crop");
    for (int i = 0; i < spatial.n_spatial; i++)
        if (!cvyi_add64(&crop.after[i], crop.after[i], cut[i]))
            return illegal(out, call, "cut", "nothing would be left", err);
    cvyi_set_border(&step->attrs, "crop", crop);
    return CVY_OK;
}

/* ---- functions ---- */

static cvy_status from_function(cvyi_phrase *out, const cvyi_bound *call,
                                cvy_error *err)
{
    const cvyi_bound input = cvyi_operand_input(call);
    cvyi_shape weight;
    int64_t groups, outputs;
    cvyi_step *step;
    int number;

    CVYI_TRY(cvyi_torch_input(out, &input, call->n_spatial + 2, err));
    CVYI_TRY(cvyi_operand_shape(&weight, &number, out, call, "weight",
                                call->n_spatial + 2, err));
    CVYI_TRY(cvyi_torch_extent(out, call, 1, weight.dims[0], "weight", err));
    CVYI_TRY(read_groups(&groups, out, call, weight.dims[0], 0, err));
    if (!cvyi_mul64(&outputs, weight.dims[1], groups))
        return illegal(out, call, "groups", "these are too many outputs", err);
    CVYI_TRY(cvyi_torch_step(&step, out, call, "conv_transpose", err));
    CVYI_TRY(read_window(&step->attrs, out, call, &weight.dims[2], err));
    cvyi_set_int(&step->attrs, "outputs", outputs);
    cvyi_set_int(&step->attrs, "groups", groups);
    CVYI_TRY(check_lengths(out, call, &step->attrs, err));
    cvyi_operand_slot(step, "weight", "weight", "I O S", number);
    if (!cvyi_operand_given(call, "bias"))
        return CVY_OK;
    CVYI_TRY(cvyi_operand_vector(&number, out, call, "bias", outputs, err));
    cvyi_operand_slot(step, "bias", "bias", "O", number);
    return CVY_OK;
}

/* ---- the table ---- */

/* clang-format off */
static const char padding_note[] =
    "cuts that many elements off both ends of the full output";
static const char extra_note[] =
    "so many elements fewer are cut off at the end";

static const cvyi_argument arguments[] = {
    { "cut",            "crop",     "cut off at the end besides" },
    { "in_channels",    "inputs",   NULL },
    { "out_channels",   "outputs",  NULL },
    { "kernel_size",    "taps",     NULL },
    { "stride",         "stride",   NULL },
    { "padding",        "crop",     padding_note },
    { "output_padding", "crop",     extra_note },
    { "groups",         "groups",   NULL },
    { "bias",           "bias",     NULL },
    { "dilation",       "dilation", NULL },
    { 0 }
};

static const cvyi_argument function_arguments[] = {
    { "weight",         "weight",   NULL },
    { "bias",           "bias",     NULL },
    { "stride",         "stride",   NULL },
    { "padding",        "crop",     padding_note },
    { "output_padding", "crop",     extra_note },
    { "groups",         "groups",   NULL },
    { "dilation",       "dilation", NULL },
    { 0 }
};

#define TAIL                                                                 \
    "out_channels, kernel_size, stride=1, padding=0, output_padding=0, "     \
    "groups=1, bias=True, dilation=1, padding_mode='zeros', device=None, "   \
    "dtype=None"
#define FUNCTION                                                             \
    "x, weight, bias=None, stride=1, padding=0, output_padding=0, "          \
    "groups=1, dilation=1"
#define HELPER(n, write)                                                     \
    { .dialect = "torch", .name = "CutConvTranspose" #n "d",                 \
      .helper = &cvyi_transpose_helpers[n - 1],                              \
      .signature = "cut, in_channels, " TAIL,                                \
      .from_call = from_helper,                                              \
      .form = CVYI_FORM_MODULE, .to_call = write, .arguments = arguments }

const cvyi_spelling cvyi_conv_transpose_torch[] = {
    { .dialect = "torch", .name = "torch.nn.ConvTranspose%dd",
      .ranks = "123", .signature = "in_channels, " TAIL,
      .from_call = from_module,
      .form = CVYI_FORM_MODULE, .to_call = cvyi_transpose_to_torch,
      .arguments = &arguments[1] },
    { .dialect = "torch", .name = "torch.nn.LazyConvTranspose%dd",
      .ranks = "123", .signature = TAIL, .from_call = from_lazy,
      .form = CVYI_FORM_MODULE, .arguments = &arguments[2] },
    HELPER(1, cvyi_transpose_to_helper),
    HELPER(2, NULL),
    HELPER(3, NULL),
    { .dialect = "torch", .name = "torch.nn.functional.conv_transpose%dd",
      .ranks = "123", .signature = FUNCTION, .from_call = from_function,
      .form = CVYI_FORM_FUNCTION, .arguments = function_arguments },
    { .dialect = "torch", .name = "torch.conv_transpose%dd",
      .ranks = "123", .signature = FUNCTION, .from_call = from_function,
      .form = CVYI_FORM_FUNCTION, .arguments = function_arguments },
    { 0 }
};
/* clang-format on */
