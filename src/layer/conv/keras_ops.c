/* layer/conv/keras_ops.c - keras.ops: convolutions over given kernels. */
#include "layer/conv/keras.h"

#include "layer/conv/words.h"
#include "layer/keras.h"
#include "layer/operand.h"

#include <strings.h>

static cvy_status read_border(cvyi_border *out, cvyi_phrase *phrase,
                              const cvyi_bound *call, cvy_error *err)
{
    const char *const word = cvyi_as_text(cvyi_arg(call, "padding"));

    if (word != NULL && strcasecmp(word, "same") == 0)
        out->rule = CVYI_BORDER_SAME;
    else if (word == NULL || strcasecmp(word, "valid") != 0)
        return cvyi_refuse(&phrase->refusal, call->arena, err,
                           CVYI_ILLEGAL_IN_SOURCE, "padding",
                           "pad with keras.ops.pad and say 'valid'",
                           "Keras takes 'valid' or 'same' here");
    return CVY_OK;
}

/* The input says how many spatial axes there are, up to `most`. */
static cvy_status read_input(cvyi_conv_parts *parts, cvyi_phrase *phrase,
                             const cvyi_bound *call, int most, cvy_error *err)
{
    const cvyi_bound alone = cvyi_operand_input(call);
    const int n = call->n_in > 0 ? call->in[0].rank - 2 : 0;

    if (n < 1 || n > most)
        return cvyi_refuse(&phrase->refusal, call->arena, err,
                           CVYI_ILLEGAL_IN_SOURCE, "",
                           "give it an input of that rank",
                           "needs an input of 3 to %d axes, got %d", most + 2,
                           n + 2);
    *parts = cvyi_conv_ones(n, CVYI_AXES_LAST);
    CVYI_TRY(cvyi_arg_data_format(&parts->axes, phrase, call, err));
    return cvyi_keras_input(&parts->channels, phrase, &alone, n + 2,
                            parts->axes, err);
}

static cvy_status check_dilation(cvyi_phrase *phrase, const cvyi_bound *call,
                                 int n, cvy_error *err)
{
    const cvyi_value *const dilation = cvyi_arg(call, "dilation_rate");

    if (dilation->kind != CVYI_LIST || dilation->n != 1 || n == 1)
        return CVY_OK;
    return cvyi_refuse(&phrase->refusal, call->arena, err, CVYI_NOT_SUPPORTED,
                       "dilation_rate", "say it for every axis",
                       "a list of one dilates the first axis alone");
}

/* A depthwise convolution repeats no list of one. */
static cvy_status read_window(cvyi_conv_parts *parts, int *kernel,
                              cvyi_phrase *phrase, const cvyi_bound *call,
                              const char *name, bool depthwise, cvy_error *err)
{
    const unsigned takes = CVYI_TAKES_BOOLS | CVYI_TAKES_FLOATS |
                           (depthwise ? 0 : CVYI_TAKES_REPEAT);
    const int n = parts->n;

    CVYI_TRY(cvyi_take_numbers(parts->stride, phrase, call, "strides", n,
                               takes, 1, err));
    if (depthwise)
        CVYI_TRY(check_dilation(phrase, call, n, err));
    CVYI_TRY(cvyi_take_numbers(parts->dilation, phrase, call, "dilation_rate",
                               n, takes, 1, err));
    CVYI_TRY(read_border(&parts->border, phrase, call, err));
    CVYI_TRY(
        cvyi_conv_filters(parts, kernel, phrase, call, name, depthwise, err));
    if (!depthwise && cvyi_conv_above_one(parts->stride, n) &&
        cvyi_conv_above_one(parts->dilation, n))
        return cvyi_refuse(&phrase->refusal, call->arena, err,
                           CVYI_ILLEGAL_IN_SOURCE, "dilation_rate",
                           "leave one of the two at 1",
                           "Keras refuses strides > 1 together with "
                           "dilation_rate > 1");
    return cvyi_conv_check_fit(phrase, call, parts, name, err);
}

cvy_status cvyi_conv_keras_ops(cvyi_phrase *out, const cvyi_bound *call,
                               cvy_error *err)
{
    cvyi_conv_parts parts;
    cvyi_step *step;
    int kernel;

    CVYI_TRY(read_input(&parts, out, call, 3, err));
    CVYI_TRY(read_window(&parts, &kernel, out, call, "kernel", false, err));
    CVYI_TRY(cvyi_conv_add(&step, out, call, &parts, err));
    cvyi_operand_slot(step, "weight", "kernel", "S I O -> O I S", kernel);
    return CVY_OK;
}

cvy_status cvyi_conv_keras_ops_depthwise(cvyi_phrase *out,
                                         const cvyi_bound *call,
                                         cvy_error *err)
{
    cvyi_conv_parts parts;
    cvyi_step *step;
    int kernel;

    CVYI_TRY(read_input(&parts, out, call, 2, err));
    CVYI_TRY(read_window(&parts, &kernel, out, call, "kernel", true, err));
    CVYI_TRY(cvyi_conv_add(&step, out, call, &parts, err));
    cvyi_operand_slot(step, "weight", "kernel", "S I M -> (I M) 1 S", kernel);
    return CVY_OK;
}

cvy_status cvyi_conv_keras_ops_separable(cvyi_phrase *out,
                                         const cvyi_bound *call,
                                         cvy_error *err)
{
    cvyi_conv_parts parts;
    int depthwise;

    CVYI_TRY(read_input(&parts, out, call, 2, err));
    CVYI_TRY(read_window(&parts, &depthwise, out, call, "depthwise_kernel",
                         true, err));
    return cvyi_conv_add_separable(out, call, &parts, "depthwise_kernel",
                                   depthwise, "pointwise_kernel", err);
}
