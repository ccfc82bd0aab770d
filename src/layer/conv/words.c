/* layer/conv/words.c - what the frameworks' words for a convolution share. */
#include "layer/conv/words.h"

#include "layer/operand.h"
#include "layer/window.h"

#include <string.h>

cvyi_conv_parts cvyi_conv_ones(int n, cvyi_axes axes)
{
    cvyi_conv_parts parts = {
        .axes = axes, .n = n, .outputs = 1, .groups = 1
    };

    for (int i = 0; i < CVYI_MAX_SPATIAL; i++)
        parts.taps[i] = parts.stride[i] = parts.dilation[i] = 1;
    return parts;
}

bool cvyi_conv_above_one(const int64_t *numbers, int n)
{
    for (int i = 0; i < n; i++)
        if (numbers[i] > 1)
            return true;
    return false;
}

/* ---- checks ---- */

cvy_status cvyi_conv_check_groups(cvyi_phrase *phrase, const cvyi_bound *call,
                                  const cvyi_conv_parts *parts,
                                  const char *name, cvy_error *err)
{
    if (parts->channels % parts->groups == 0 &&
        parts->outputs % parts->groups == 0)
        return CVY_OK;
    return cvyi_refuse(&phrase->refusal, call->arena, err,
                       CVYI_ILLEGAL_IN_SOURCE, name,
                       "choose a divisor of both",
                       "%lld groups do not divide %lld input and %lld output "
                       "channels",
                       (long long)parts->groups, (long long)parts->channels,
                       (long long)parts->outputs);
}

/* TensorFlow counts (room + stride) / stride outputs, cut toward zero, and
 * takes the call as long as that is not negative. Layers look before. */
static bool is_empty_result(const cvyi_bound *call, int64_t room,
                            int64_t stride)
{
    const char *const dialect = call->spelling->dialect;
    const bool looks = strcmp(dialect, "tf2") != 0 &&
                       (strcmp(dialect, "keras3") != 0 ||
                        call->spelling->form == CVYI_FORM_MODULE);

    return !looks && room > -2 * stride;
}

static cvy_status check_axis(cvyi_phrase *phrase, const cvyi_bound *call,
                             const cvyi_conv_parts *parts, int i,
                             const char *name, cvy_error *err)
{
    const int axis = i + (parts->axes == CVYI_AXES_FIRST ? 2 : 1);
    int64_t length, span, reach, border;

    if (!cvyi_size_constant(&length, call->in[0].dims[axis]))
        return CVY_OK;
    if (!cvyi_mul64(&reach, parts->taps[i] - 1, parts->dilation[i]) ||
        !cvyi_add64(&span, reach, 1) ||
        !cvyi_add64(&border, parts->border.before[i],
                    parts->border.after[i]) ||
        !cvyi_add64(&length, length, border))
        return cvyi_refuse(&phrase->refusal, call->arena, err,
                           CVYI_NOT_SUPPORTED, name, "choose smaller numbers",
                           "the window does not fit in 64 bits");
    if (length >= span)
        return CVY_OK;
    if (is_empty_result(call, length - span, parts->stride[i]))
        return cvyi_refuse(&phrase->refusal, call->arena, err,
                           CVYI_NOT_SUPPORTED, name, "use a longer input",
                           "the result would be empty: a window of %lld over "
                           "%lld elements",
                           (long long)span, (long long)length);
    return cvyi_refuse(&phrase->refusal, call->arena, err,
                       CVYI_ILLEGAL_IN_SOURCE, name, "use a longer input",
                       "a window of %lld does not fit on %lld elements, "
                       "border included",
                       (long long)span, (long long)length);
}

cvy_status cvyi_conv_check_fit(cvyi_phrase *phrase, const cvyi_bound *call,
                               const cvyi_conv_parts *parts, const char *name,
                               cvy_error *err)
{
    for (int i = 0; i < parts->n; i++)
        if (parts->border.rule == CVYI_BORDER_GIVEN)
            CVYI_TRY(check_axis(phrase, call, parts, i, name, err));
    return CVY_OK;
}

/* ---- steps ---- */

static cvy_status read_depthwise(cvyi_conv_parts *parts, cvyi_phrase *phrase,
                                 const cvyi_bound *call, const char *name,
                                 const cvyi_shape *filter, cvy_error *err)
{
    const int64_t channels = filter->dims[parts->n];

    if (channels != parts->channels)
        return cvyi_refuse(&phrase->refusal, call->arena, err,
                           CVYI_ILLEGAL_IN_SOURCE, name,
                           "give it a filter for each channel",
                           "%s is for %lld channels, the input has %lld", name,
                           (long long)channels, (long long)parts->channels);
    if (!cvyi_mul64(&parts->outputs, channels, filter->dims[parts->n + 1]))
        return cvyi_refuse(&phrase->refusal, call->arena, err,
                           CVYI_NOT_SUPPORTED, name, "choose a smaller one",
                           "the output channels do not fit in 64 bits");
    parts->groups = channels;
    return CVY_OK;
}

cvy_status cvyi_conv_filters(cvyi_conv_parts *parts, int *number,
                             cvyi_phrase *phrase, const cvyi_bound *call,
                             const char *name, bool depthwise, cvy_error *err)
{
    const int n = parts->n;
    cvyi_shape filter;

    CVYI_TRY(
        cvyi_operand_shape(&filter, number, phrase, call, name, n + 2, err));
    if (parts->channels < 1)
        return cvyi_refuse(&phrase->refusal, call->arena, err,
                           CVYI_NOT_SUPPORTED, "", "give the input channels",
                           "an input without channels is not carried over");
    for (int i = 0; i < n + 2; i++)
        if (filter.dims[i] < 1)
            return cvyi_refuse(&phrase->refusal, call->arena, err,
                               CVYI_ILLEGAL_IN_SOURCE, name,
                               "give it elements on every axis",
                               "%s has no element", name);
    memcpy(parts->taps, filter.dims, (size_t)n * sizeof *parts->taps);
    if (depthwise)
        return read_depthwise(parts, phrase, call, name, &filter, err);
    if (parts->channels % filter.dims[n] != 0)
        return cvyi_refuse(&phrase->refusal, call->arena, err,
                           CVYI_ILLEGAL_IN_SOURCE, name,
                           "its channels must divide those of the input",
                           "%s is for %lld channels, the input has %lld", name,
                           (long long)filter.dims[n],
                           (long long)parts->channels);
    parts->outputs = filter.dims[n + 1];
    parts->groups = parts->channels / filter.dims[n];
    return cvyi_conv_check_groups(phrase, call, parts, name, err);
}

cvy_status cvyi_conv_add(cvyi_step **out, cvyi_phrase *phrase,
                         const cvyi_bound *call, const cvyi_conv_parts *parts,
                         cvy_error *err)
{
    cvyi_step *const step = cvyi_phrase_add(phrase, call, "conv");

    if (step == NULL)
        return cvyi_fail(err, CVY_ARGUMENT, "the phrase is full");
    cvyi_attrs_open(&step->attrs, step->attrs.op, parts->n);
    step->axes = parts->axes;
    cvyi_set_int(&step->attrs, "outputs", parts->outputs);
    cvyi_set_int(&step->attrs, "groups", parts->groups);
    cvyi_set_ints(&step->attrs, "taps", parts->taps, parts->n);
    cvyi_set_ints(&step->attrs, "stride", parts->stride, parts->n);
    cvyi_set_ints(&step->attrs, "dilation", parts->dilation, parts->n);
    cvyi_set_border(&step->attrs, "border", parts->border);
    *out = step;
    return CVY_OK;
}

static cvy_status check_one_tap(cvyi_phrase *phrase, const cvyi_bound *call,
                                const cvyi_conv_parts *parts, const char *name,
                                cvy_error *err)
{
    if (cvyi_conv_all_ones(parts->taps, parts->n))
        return CVY_OK;
    return cvyi_refuse(&phrase->refusal, call->arena, err,
                       CVYI_ILLEGAL_IN_SOURCE, name,
                       "give it one tap on every spatial axis",
                       "%s has several taps", name);
}

cvy_status cvyi_conv_add_separable(cvyi_phrase *phrase, const cvyi_bound *call,
                                   const cvyi_conv_parts *parts,
                                   const char *depthwise_name, int depthwise,
                                   const char *pointwise_name, cvy_error *err)
{
    cvyi_conv_parts mix = cvyi_conv_ones(parts->n, parts->axes);
    cvyi_step *step;
    int pointwise;

    mix.channels = parts->outputs;
    CVYI_TRY(cvyi_conv_filters(&mix, &pointwise, phrase, call, pointwise_name,
                               false, err));
    CVYI_TRY(check_one_tap(phrase, call, &mix, pointwise_name, err));
    CVYI_TRY(cvyi_conv_add(&step, phrase, call, parts, err));
    step->label = "depthwise";
    cvyi_operand_slot(step, "weight", depthwise_name, "S I M -> (I M) 1 S",
                      depthwise);
    CVYI_TRY(cvyi_conv_add(&step, phrase, call, &mix, err));
    cvyi_operand_slot(step, "weight", pointwise_name, "S I O -> O I S",
                      pointwise);
    return CVY_OK;
}

/* ---- writing ---- */

bool cvyi_conv_amounts(cvyi_border *out, const cvyi_attrs *attrs)
{
    cvyi_border border = { .rule = CVYI_BORDER_GIVEN };

    for (int i = 0; i < attrs->n_spatial; i++) {
        cvy_border b;

        if (!cvyi_window_fixed(&b, attrs, i))
            return false;
        border.before[i] = b.before;
        border.after[i] = b.after;
    }
    *out = border;
    return true;
}

bool cvyi_conv_all_ones(const int64_t *numbers, int n)
{
    for (int i = 0; i < n; i++)
        if (numbers[i] != 1)
            return false;
    return true;
}
