/* layer/conv/torch_read.c - torch's words for a convolution, read. */
#include "layer/conv/torch.h"

#include "layer/conv/words.h"
#include "layer/operand.h"
#include "layer/torch.h"
#include "layer/window.h"

#include <math.h>
#include <string.h>

/* ---- the border ---- */

/* "same": stride 1 alone, and the odd element after. */
static cvy_status border_same(cvyi_phrase *phrase, const cvyi_bound *call,
                              cvyi_conv_parts *parts, cvy_error *err)
{
    for (int i = 0; i < parts->n; i++) {
        const cvy_window w = { parts->taps[i], parts->stride[i],
                               parts->dilation[i] };
        cvy_border border;

        if (w.stride != 1)
            return cvyi_refuse(&phrase->refusal, call->arena, err,
                               CVYI_ILLEGAL_IN_SOURCE, "padding",
                               "say the padding in numbers",
                               "torch has padding='same' at stride 1 alone");
        CVYI_TRY(cvy_border_same(&border, 1, w, err));
        parts->border.before[i] = border.before;
        parts->border.after[i] = border.after;
    }
    return CVY_OK;
}

/* A border of zeros is the convolution's own and counts up from 0; any other
 * is made by F.pad, which repeats no list of one, knows no bool and crops. */
static cvy_status read_border(cvyi_phrase *phrase, const cvyi_bound *call,
                              cvyi_conv_parts *parts, bool zeros,
                              cvy_error *err)
{
    const char *const word = cvyi_as_text(cvyi_arg(call, "padding"));
    const unsigned takes = zeros ? CVYI_TAKES_REPEAT | CVYI_TAKES_BEHIND : 0;

    if (word != NULL && strcmp(word, "valid") == 0)
        return CVY_OK;
    if (word != NULL && strcmp(word, "same") == 0)
        return border_same(phrase, call, parts, err);
    if (word != NULL)
        return cvyi_refuse(&phrase->refusal, call->arena, err,
                           CVYI_ILLEGAL_IN_SOURCE, "padding",
                           "say 'same', 'valid' or numbers",
                           "torch has no padding '%.40s'", word);
    if (!zeros && cvyi_arg(call, "padding")->kind == CVYI_LIST &&
        cvyi_arg(call, "padding")->n > parts->n)
        return cvyi_refuse(&phrase->refusal, call->arena, err,
                           CVYI_NOT_SUPPORTED, "padding",
                           "give one number for each axis",
                           "more numbers than axes are not carried over");
    CVYI_TRY(cvyi_take_numbers(parts->border.before, phrase, call, "padding",
                               parts->n, takes, zeros ? 0 : INT64_MIN / 4,
                               err));
    memcpy(parts->border.after, parts->border.before,
           sizeof parts->border.after);
    return CVY_OK;
}

/* What stands in the border. */
static cvy_status read_mode(const char **mode, cvyi_phrase *phrase,
                            const cvyi_bound *call, cvy_error *err)
{
    static const char *const modes[] = { "zeros", "reflect", "replicate",
                                         "circular" };
    const cvyi_value *const value = cvyi_arg(call, "padding_mode");

    for (size_t i = 0; i < sizeof modes / sizeof *modes; i++)
        if (cvyi_is_text(value, modes[i])) {
            *mode = modes[i];
            return CVY_OK;
        }
    return cvyi_refuse(&phrase->refusal, call->arena, err,
                       CVYI_ILLEGAL_IN_SOURCE, "padding_mode",
                       "say 'zeros', 'reflect', 'replicate' or 'circular'",
                       "torch has no such padding_mode");
}

/* With a mode torch works "same" out from a dilation that it does not repeat:
 * the axes behind the first get no border. */
static cvy_status check_same(cvyi_phrase *phrase, const cvyi_bound *call,
                             cvy_error *err)
{
    const cvyi_value *const dilation = cvyi_arg(call, "dilation");

    if (!cvyi_is_text(cvyi_arg(call, "padding"), "same") ||
        dilation->kind != CVYI_LIST || dilation->n == call->n_spatial)
        return CVY_OK;
    return cvyi_refuse(&phrase->refusal, call->arena, err, CVYI_NOT_SUPPORTED,
                       "dilation", "say it for every axis",
                       "torch takes a dilation of one for the first axis "
                       "alone here");
}

static cvy_status check_length(cvyi_phrase *phrase, const cvyi_bound *call,
                               const cvyi_conv_parts *parts, int i,
                               const char *mode, cvy_error *err)
{
    const bool reflect = strcmp(mode, "reflect") == 0;
    const int64_t before = parts->border.before[i];
    const int64_t after = parts->border.after[i];
    const int64_t most = before > after ? before : after;
    int64_t length;

    if (before < 0)
        return cvyi_refuse(&phrase->refusal, call->arena, err,
                           CVYI_NOT_SUPPORTED, "padding",
                           "cut the input before the layer",
                           "a padding that cuts is not carried over");
    if (strcmp(mode, "replicate") == 0 ||
        !cvyi_size_constant(&length, call->in[0].dims[2 + i]) ||
        most <= length - reflect)
        return CVY_OK;
    return cvyi_refuse(&phrase->refusal, call->arena, err,
                       CVYI_ILLEGAL_IN_SOURCE, "padding",
                       "correct this argument in the source",
                       "a border of %lld cannot be taken from %lld elements "
                       "(%s)",
                       (long long)most, (long long)length, mode);
}

/* A border that is no zeros is a step of its own before the convolution. */
static cvy_status add_border(cvyi_phrase *phrase, const cvyi_bound *call,
                             cvyi_conv_parts *parts, const char *mode,
                             cvy_error *err)
{
    const cvyi_border border = parts->border;
    bool empty = true;
    cvyi_step *step;

    for (int i = 0; i < parts->n; i++)
        empty = empty && border.before[i] == 0 && border.after[i] == 0;
    if (strcmp(mode, "zeros") == 0 || empty)
        return CVY_OK;
    CVYI_TRY(check_same(phrase, call, err));
    for (int i = 0; i < parts->n; i++)
        CVYI_TRY(check_length(phrase, call, parts, i, mode, err));
    CVYI_TRY(cvyi_torch_step(&step, phrase, call, "pad", err));
    step->label = "pad";
    cvyi_set_border(&step->attrs, "border", border);
    cvyi_set_word(&step->attrs, "mode", mode);
    parts->border = (cvyi_border){ .rule = CVYI_BORDER_GIVEN };
    return CVY_OK;
}

/* ---- the rest of the window ---- */

static cvy_status read_strides(cvyi_phrase *phrase, const cvyi_bound *call,
                               cvyi_conv_parts *parts, cvy_error *err)
{
    const unsigned takes = CVYI_TAKES_REPEAT | CVYI_TAKES_BEHIND;

    CVYI_TRY(cvyi_take_numbers(parts->stride, phrase, call, "stride", parts->n,
                               takes, 1, err));
    return cvyi_take_numbers(parts->dilation, phrase, call, "dilation",
                             parts->n, takes, 1, err);
}

static cvy_status read_inputs(cvyi_phrase *phrase, const cvyi_bound *call,
                              cvyi_conv_parts *parts, cvy_error *err)
{
    if (cvyi_arg_find(call, "in_channels") == NULL) {
        if (cvyi_size_constant(&parts->channels, call->in[0].dims[1]))
            return CVY_OK;
        return cvyi_refuse(&phrase->refusal, call->arena, err,
                           CVYI_NOT_SUPPORTED, "",
                           "give the input a known number of channels",
                           "a lazy layer takes them from its input, where "
                           "they are not known");
    }
    CVYI_TRY(cvyi_take_numbers(&parts->channels, phrase, call, "in_channels",
                               0, CVYI_TAKES_BOOLS, 0, err));
    return cvyi_torch_extent(phrase, call, 1, parts->channels, "in_channels",
                             err);
}

static cvy_status read_channels(cvyi_phrase *phrase, const cvyi_bound *call,
                                cvyi_conv_parts *parts, cvy_error *err)
{
    CVYI_TRY(read_inputs(phrase, call, parts, err));
    CVYI_TRY(cvyi_take_numbers(&parts->outputs, phrase, call, "out_channels",
                               0, 0, 1, err));
    CVYI_TRY(cvyi_take_numbers(&parts->groups, phrase, call, "groups", 0, 0, 1,
                               err));
    if (parts->channels == 0)
        return cvyi_refuse(&phrase->refusal, call->arena, err,
                           CVYI_NOT_SUPPORTED, "in_channels",
                           "leave this layer out",
                           "a layer without input channels is not carried "
                           "over");
    return cvyi_conv_check_groups(phrase, call, parts, "groups", err);
}

/* ---- modules ---- */

/* Both parameters are drawn within 1 / sqrt(fan in). */
static cvyi_start draw_of(const cvyi_conv_parts *parts)
{
    double fan_in = (double)(parts->channels / parts->groups);

    for (int i = 0; i < parts->n; i++)
        fan_in *= (double)parts->taps[i];
    return (cvyi_start){ CVYI_DRAW_UNIFORM, -1 / sqrt(fan_in),
                         1 / sqrt(fan_in) };
}

cvy_status cvyi_conv_torch_module(cvyi_phrase *out, const cvyi_bound *call,
                                  cvy_error *err)
{
    cvyi_conv_parts parts = cvyi_conv_ones(call->n_spatial, CVYI_AXES_FIRST);
    const char *mode;
    cvyi_step *step;

    CVYI_TRY(cvyi_torch_input(out, call, call->n_spatial + 2, err));
    CVYI_TRY(read_channels(out, call, &parts, err));
    CVYI_TRY(cvyi_take_numbers(parts.taps, out, call, "kernel_size", parts.n,
                               CVYI_TAKES_BOOLS, 1, err));
    CVYI_TRY(read_strides(out, call, &parts, err));
    CVYI_TRY(read_mode(&mode, out, call, err));
    CVYI_TRY(read_border(out, call, &parts, strcmp(mode, "zeros") == 0, err));
    CVYI_TRY(cvyi_conv_check_fit(out, call, &parts, "kernel_size", err));
    CVYI_TRY(cvyi_torch_dtype(out, call, err));
    CVYI_TRY(add_border(out, call, &parts, mode, err));
    CVYI_TRY(cvyi_conv_add(&step, out, call, &parts, err));
    cvyi_step_slot_add(step, "weight", "weight", "O I S")->start =
        draw_of(&parts);
    if (cvyi_truth(cvyi_arg(call, "bias")))
        cvyi_step_slot_add(step, "bias", "bias", "O")->start = draw_of(&parts);
    return CVY_OK;
}

/* ---- functions ---- */

static cvy_status read_weight(int *number, cvyi_phrase *phrase,
                              const cvyi_bound *call, cvyi_conv_parts *parts,
                              cvy_error *err)
{
    cvyi_shape weight;

    CVYI_TRY(cvyi_operand_shape(&weight, number, phrase, call, "weight",
                                parts->n + 2, err));
    CVYI_TRY(cvyi_take_numbers(&parts->groups, phrase, call, "groups", 0, 0, 1,
                               err));
    for (int i = 0; i < weight.rank; i++)
        if (weight.dims[i] < 1)
            return cvyi_refuse(&phrase->refusal, call->arena, err,
                               CVYI_ILLEGAL_IN_SOURCE, "weight",
                               "give it elements on every axis",
                               "the weight has no element");
    memcpy(parts->taps, weight.dims + 2,
           (size_t)parts->n * sizeof *parts->taps);
    parts->outputs = weight.dims[0];
    if (!cvyi_mul64(&parts->channels, weight.dims[1], parts->groups))
        return cvyi_refuse(&phrase->refusal, call->arena, err,
                           CVYI_ILLEGAL_IN_SOURCE, "groups",
                           "choose fewer groups",
                           "there are not so many input channels");
    CVYI_TRY(
        cvyi_torch_extent(phrase, call, 1, parts->channels, "weight", err));
    return cvyi_conv_check_groups(phrase, call, parts, "groups", err);
}

cvy_status cvyi_conv_torch_function(cvyi_phrase *out, const cvyi_bound *call,
                                    cvy_error *err)
{
    const cvyi_bound alone = cvyi_operand_input(call);
    cvyi_conv_parts parts = cvyi_conv_ones(call->n_spatial, CVYI_AXES_FIRST);
    int weight, bias = 0;
    cvyi_step *step;

    CVYI_TRY(cvyi_torch_input(out, &alone, call->n_spatial + 2, err));
    CVYI_TRY(read_weight(&weight, out, call, &parts, err));
    if (cvyi_operand_given(call, "bias"))
        CVYI_TRY(
            cvyi_operand_vector(&bias, out, call, "bias", parts.outputs, err));
    CVYI_TRY(read_strides(out, call, &parts, err));
    CVYI_TRY(read_border(out, call, &parts, true, err));
    CVYI_TRY(cvyi_conv_check_fit(out, call, &parts, "weight", err));
    CVYI_TRY(cvyi_conv_add(&step, out, call, &parts, err));
    cvyi_operand_slot(step, "weight", "weight", "O I S", weight);
    if (bias > 0)
        cvyi_operand_slot(step, "bias", "bias", "O", bias);
    return CVY_OK;
}
