/* layer/conv/tf_read.c - TensorFlow's functions for a convolution, read. */
#include "layer/conv/tf.h"

#include "layer/conv/keras.h"
#include "layer/conv/words.h"
#include "layer/operand.h"

#include <string.h>

/* The one of two names that the call gives: v1 has both. */
static const char *given_of(const cvyi_bound *call, const char *first,
                            const char *second)
{
    const cvyi_value *const value = cvyi_arg_find(call, first);

    return value != NULL && !cvyi_is_none(value) ? first
           : cvyi_arg_find(call, second) != NULL ? second
                                                 : first;
}

static cvy_status refuse(cvyi_phrase *phrase, const cvyi_bound *call,
                         const char *name, const char *reason, cvy_error *err)
{
    return cvyi_refuse(&phrase->refusal, call->arena, err,
                       CVYI_ILLEGAL_IN_SOURCE, name,
                       "correct this argument in the source", "%s", reason);
}

/* ---- the input ---- */

/* "NHWC" and "NCHW" for `n` spatial axes; 1-D has a name more for each. */
static cvy_status read_format(cvyi_axes *out, cvyi_phrase *phrase,
                              const cvyi_bound *call, int n, cvy_error *err)
{
    static const char *const last[] = { "NWC", "NHWC", "NDHWC" };
    static const char *const first[] = { "NCW", "NCHW", "NCDHW" };
    const cvyi_value *const value = cvyi_arg_find(call, "data_format");

    *out = CVYI_AXES_LAST;
    if (value == NULL || cvyi_is_none(value) ||
        cvyi_is_text(value, last[n - 1]) ||
        (n == 1 && cvyi_is_text(value, "NHWC")))
        return CVY_OK;
    *out = CVYI_AXES_FIRST;
    if (cvyi_is_text(value, first[n - 1]) ||
        (n == 1 && cvyi_is_text(value, "NCHW")))
        return CVY_OK;
    return refuse(phrase, call, "data_format",
                  "TensorFlow knows the axes of no such data_format", err);
}

static cvy_status read_input(cvyi_conv_parts *parts, cvyi_phrase *phrase,
                             const cvyi_bound *call, int n, cvy_error *err)
{
    const int rank = call->n_in > 0 ? call->in[0].rank : 0;

    *parts = cvyi_conv_ones(n, CVYI_AXES_LAST);
    CVYI_TRY(read_format(&parts->axes, phrase, call, n, err));
    if (cvyi_arg(call, "x")->kind != CVYI_TENSOR || rank < n + 2)
        return cvyi_refuse(&phrase->refusal, call->arena, err,
                           CVYI_ILLEGAL_IN_SOURCE, "",
                           "give it an input of that rank",
                           "needs one input of %d axes, got %d", n + 2, rank);
    if (rank > n + 2)
        return cvyi_refuse(&phrase->refusal, call->arena, err,
                           CVYI_NOT_SUPPORTED, "",
                           "reshape the input to one batch axis",
                           "several batch axes are not carried over");
    if (!cvyi_size_constant(
            &parts->channels,
            call->in[0].dims[parts->axes == CVYI_AXES_FIRST ? 1 : n + 1]))
        return cvyi_refuse(&phrase->refusal, call->arena, err,
                           CVYI_NOT_SUPPORTED, "",
                           "give the input a fixed number of channels",
                           "the number of channels of its input is not "
                           "known");
    return CVY_OK;
}

/* ---- strides and dilations ---- */

/* A list over all axes has 1 for batch and channels; the rest is per spatial
 * axis. */
static cvy_status read_whole(int64_t *out, cvyi_phrase *phrase,
                             const cvyi_bound *call,
                             const cvyi_conv_parts *parts, const char *name,
                             cvy_error *err)
{
    const cvyi_value *const list = cvyi_arg(call, name);
    const int n = parts->n;
    const int channel = parts->axes == CVYI_AXES_FIRST ? 1 : n + 1;
    int at = 0;

    for (int i = 0; i < n + 2; i++) {
        int64_t number;

        if (!cvyi_take_number(&number, &list->items[i],
                              CVYI_TAKES_BOOLS | CVYI_TAKES_FLOATS) ||
            number < 1)
            return refuse(phrase, call, name, "needs integers above 0", err);
        if (i != 0 && i != channel)
            out[at++] = number;
        else if (number != 1)
            return refuse(phrase, call, name,
                          "must be 1 for batch and channels", err);
    }
    return CVY_OK;
}

/* None is 1; a number, a list of one, one an axis, or of all axes. `whole`:
 * the list over all axes is the only form. */
static cvy_status read_steps(int64_t *out, cvyi_phrase *phrase,
                             const cvyi_bound *call,
                             const cvyi_conv_parts *parts, const char *name,
                             bool whole, cvy_error *err)
{
    const cvyi_value *const value = cvyi_arg(call, name);

    if (value->kind == CVYI_LIST && value->n == parts->n + 2)
        return read_whole(out, phrase, call, parts, name, err);
    if (whole)
        return refuse(phrase, call, name,
                      "needs a list with a number for every axis, batch and "
                      "channels included",
                      err);
    if (cvyi_is_none(value))
        return CVY_OK;
    return cvyi_take_numbers(
        out, phrase, call, name, parts->n,
        CVYI_TAKES_BOOLS | CVYI_TAKES_FLOATS | CVYI_TAKES_REPEAT, 1, err);
}

/* ---- the border ---- */

/* One pair for each axis of the tensor, in the order of data_format. */
static cvy_status read_pairs(cvyi_conv_parts *parts, cvyi_phrase *phrase,
                             const cvyi_bound *call, cvy_error *err)
{
    const cvyi_value *const list = cvyi_arg(call, "padding");
    const int n = parts->n;
    const int channel = parts->axes == CVYI_AXES_FIRST ? 1 : n + 1;
    int at = 0;

    for (int i = 0; i < n + 2; i++) {
        const cvyi_value *const pair =
            i < list->n ? &list->items[i] : cvyi_arg(call, "padding");
        int64_t before, after;

        if (list->n != n + 2 || pair->kind != CVYI_LIST || pair->n != 2 ||
            !cvyi_take_number(&before, &pair->items[0], CVYI_TAKES_FLOATS) ||
            !cvyi_take_number(&after, &pair->items[1], CVYI_TAKES_FLOATS) ||
            before < 0 || after < 0)
            return refuse(phrase, call, "padding",
                          "needs a pair [before, after] of integers >= 0 for "
                          "every axis, batch and channels included",
                          err);
        if (i != 0 && i != channel) {
            parts->border.before[at] = before;
            parts->border.after[at++] = after;
        } else if (before != 0 || after != 0) {
            return cvyi_refuse(&phrase->refusal, call->arena, err,
                               CVYI_NOT_SUPPORTED, "padding",
                               "say [0, 0] for batch and channels",
                               "TensorFlow ignores or refuses a border of "
                               "batch or channels, as it was built");
        }
    }
    return CVY_OK;
}

static cvy_status read_border(cvyi_conv_parts *parts, cvyi_phrase *phrase,
                              const cvyi_bound *call, bool pairs, bool loose,
                              cvy_error *err)
{
    const cvyi_value *const value = cvyi_arg(call, "padding");

    if (cvyi_is_text(value, "VALID"))
        return CVY_OK;
    if (cvyi_is_text(value, "SAME")) {
        parts->border.rule = CVYI_BORDER_SAME;
        return CVY_OK;
    }
    if (loose && cvyi_is_text(value, "EXPLICIT"))
        return cvyi_refuse(&phrase->refusal, call->arena, err,
                           CVYI_NOT_SUPPORTED, "padding", "say 'VALID'",
                           "TensorFlow takes 'EXPLICIT' for 'VALID' or "
                           "refuses it, as it was built");
    if (pairs && value->kind == CVYI_LIST)
        return read_pairs(parts, phrase, call, err);
    return cvyi_refuse(&phrase->refusal, call->arena, err,
                       CVYI_ILLEGAL_IN_SOURCE, "padding",
                       pairs ? "say 'SAME', 'VALID' or a pair for every axis"
                             : "pad with tf.pad and say 'VALID'",
                       "TensorFlow takes 'SAME'%s 'VALID'%s here, in capitals",
                       pairs ? "," : " or", pairs ? " or a list" : "");
}

/* ---- convolutions ---- */

static cvy_status check_3d(cvyi_phrase *phrase, const cvyi_bound *call,
                           const cvyi_conv_parts *parts, const char *filter,
                           cvy_error *err)
{
    if (parts->n < 3 || parts->groups == 1)
        return CVY_OK;
    return refuse(phrase, call, filter,
                  "TensorFlow has no groups over three axes", err);
}

static cvy_status add(cvyi_phrase *phrase, const cvyi_bound *call,
                      cvyi_conv_parts *parts, cvy_error *err)
{
    const char *const filter = given_of(call, "filters", "filter");
    cvyi_step *step;
    int number;

    CVYI_TRY(
        cvyi_conv_filters(parts, &number, phrase, call, filter, false, err));
    CVYI_TRY(check_3d(phrase, call, parts, filter, err));
    CVYI_TRY(cvyi_conv_check_fit(phrase, call, parts, filter, err));
    CVYI_TRY(cvyi_conv_add(&step, phrase, call, parts, err));
    cvyi_operand_slot(step, "weight", filter, "S I O -> O I S", number);
    return CVY_OK;
}

/* 2-D takes amounts; 3-D takes whole lists alone. */
cvy_status cvyi_conv_tf_nn(cvyi_phrase *out, const cvyi_bound *call,
                           cvy_error *err)
{
    const int n = call->n_spatial;
    cvyi_conv_parts parts;

    CVYI_TRY(read_input(&parts, out, call, n, err));
    CVYI_TRY(read_steps(parts.stride, out, call, &parts,
                        n == 1 ? "stride" : "strides", n == 3, err));
    CVYI_TRY(read_steps(parts.dilation, out, call, &parts, "dilations",
                        n == 3 && !cvyi_is_none(cvyi_arg(call, "dilations")),
                        err));
    CVYI_TRY(read_border(&parts, out, call, n == 2, n == 1, err));
    return add(out, call, &parts, err);
}

/* The filter says how many spatial axes there are. */
static cvy_status count_axes(int *n, cvyi_phrase *phrase,
                             const cvyi_bound *call, cvy_error *err)
{
    const char *const filter = given_of(call, "filters", "filter");
    cvyi_shape shape;
    int number;

    CVYI_TRY(
        cvyi_operand_shape(&shape, &number, phrase, call, filter, 0, err));
    *n = shape.rank - 2;
    if (*n < 1 || *n > CVYI_MAX_SPATIAL)
        return refuse(phrase, call, filter, "needs 3 to 5 axes", err);
    return CVY_OK;
}

cvy_status cvyi_conv_tf_convolution(cvyi_phrase *out, const cvyi_bound *call,
                                    cvy_error *err)
{
    const char *const dilation = given_of(call, "dilations", "dilation_rate");
    cvyi_conv_parts parts;
    int n;

    if (strcmp(dilation, "dilations") == 0 &&
        cvyi_arg_find(call, "dilation_rate") != NULL &&
        !cvyi_is_none(cvyi_arg(call, "dilation_rate")))
        return refuse(out, call, "dilations",
                      "dilations and dilation_rate cannot both be given", err);
    CVYI_TRY(count_axes(&n, out, call, err));
    CVYI_TRY(read_input(&parts, out, call, n, err));
    CVYI_TRY(
        read_steps(parts.stride, out, call, &parts, "strides", false, err));
    CVYI_TRY(
        read_steps(parts.dilation, out, call, &parts, dilation, false, err));
    CVYI_TRY(read_border(&parts, out, call, false,
                         !cvyi_conv_above_one(parts.dilation, n), err));
    if (cvyi_conv_above_one(parts.stride, n) &&
        cvyi_conv_above_one(parts.dilation, n))
        return refuse(out, call, dilation,
                      "tf.nn.convolution refuses strides > 1 together with "
                      "dilations > 1",
                      err);
    return add(out, call, &parts, err);
}

cvy_status cvyi_conv_tf_atrous(cvyi_phrase *out, const cvyi_bound *call,
                               cvy_error *err)
{
    cvyi_conv_parts parts;

    CVYI_TRY(read_input(&parts, out, call, 2, err));
    CVYI_TRY(cvyi_take_numbers(
        parts.dilation, out, call, "rate", 2,
        CVYI_TAKES_BOOLS | CVYI_TAKES_FLOATS | CVYI_TAKES_REPEAT, 1, err));
    CVYI_TRY(read_border(&parts, out, call, true, false, err));
    return add(out, call, &parts, err);
}

/* ---- depthwise ---- */

/* One rate an axis and nothing else; v1 calls them rate. */
static cvy_status read_rates(cvyi_conv_parts *parts, cvyi_phrase *phrase,
                             const cvyi_bound *call, cvy_error *err)
{
    const char *const name = given_of(call, "dilations", "rate");
    const cvyi_value *const value = cvyi_arg(call, name);

    if (strcmp(name, "dilations") == 0 &&
        cvyi_arg_find(call, "rate") != NULL &&
        !cvyi_is_none(cvyi_arg(call, "rate")))
        return refuse(phrase, call, name,
                      "dilations and rate cannot both be given", err);
    if (cvyi_is_none(value))
        return CVY_OK;
    if (value->kind != CVYI_LIST)
        return refuse(phrase, call, name, "needs a list of two numbers", err);
    if (value->n == 1)
        return cvyi_refuse(&phrase->refusal, call->arena, err,
                           CVYI_NOT_SUPPORTED, name, "say it for every axis",
                           "a list of one dilates the first axis alone");
    CVYI_TRY(cvyi_take_numbers(parts->dilation, phrase, call, name, 2,
                               CVYI_TAKES_BOOLS | CVYI_TAKES_FLOATS, 1, err));
    if (!cvyi_conv_above_one(parts->stride, 2) ||
        !cvyi_conv_above_one(parts->dilation, 2))
        return CVY_OK;
    return cvyi_refuse(&phrase->refusal, call->arena, err, CVYI_NOT_SUPPORTED,
                       name,
                       "use tf.nn.conv2d with a filter of one input channel "
                       "a group",
                       "TensorFlow strides inside each phase of the dilation, "
                       "and its numbers are wrong");
}

static cvy_status read_depthwise(cvyi_conv_parts *parts, int *filter,
                                 cvyi_phrase *phrase, const cvyi_bound *call,
                                 const char *name, cvy_error *err)
{
    CVYI_TRY(read_input(parts, phrase, call, 2, err));
    CVYI_TRY(
        read_steps(parts->stride, phrase, call, parts, "strides", true, err));
    CVYI_TRY(read_rates(parts, phrase, call, err));
    CVYI_TRY(read_border(parts, phrase, call, true, false, err));
    CVYI_TRY(cvyi_conv_filters(parts, filter, phrase, call, name, true, err));
    return cvyi_conv_check_fit(phrase, call, parts, name, err);
}

cvy_status cvyi_conv_tf_depthwise(cvyi_phrase *out, const cvyi_bound *call,
                                  cvy_error *err)
{
    cvyi_conv_parts parts;
    cvyi_step *step;
    int filter;

    CVYI_TRY(read_depthwise(&parts, &filter, out, call, "filter", err));
    CVYI_TRY(cvyi_conv_add(&step, out, call, &parts, err));
    cvyi_operand_slot(step, "weight", "filter", "S I M -> (I M) 1 S", filter);
    return CVY_OK;
}

cvy_status cvyi_conv_tf_separable(cvyi_phrase *out, const cvyi_bound *call,
                                  cvy_error *err)
{
    cvyi_conv_parts parts;
    int filter;

    CVYI_TRY(
        read_depthwise(&parts, &filter, out, call, "depthwise_filter", err));
    return cvyi_conv_add_separable(out, call, &parts, "depthwise_filter",
                                   filter, "pointwise_filter", err);
}

/* ---- tf.layers ---- */

/* They are layers of the older Keras. An activation is a function of
 * TensorFlow or a name; those of Keras have the same names. */
static cvy_status as_keras(cvyi_phrase *out, const cvyi_bound *call,
                           cvy_status read(cvyi_phrase *, const cvyi_bound *,
                                           cvy_error *),
                           cvy_error *err)
{
    cvyi_spelling spelling = *call->spelling;
    cvyi_bound layer = *call;

    spelling.dialect = "keras2";
    layer.spelling = &spelling;
    return read(out, &layer, err);
}

cvy_status cvyi_conv_tf_layer(cvyi_phrase *out, const cvyi_bound *call,
                              cvy_error *err)
{
    return as_keras(out, call, cvyi_conv_keras_layer, err);
}

cvy_status cvyi_conv_tf_layer_separable(cvyi_phrase *out,
                                        const cvyi_bound *call, cvy_error *err)
{
    return as_keras(out, call, cvyi_conv_keras_separable, err);
}
