/* layer/conv/keras_read.c - layers of Keras and tf.layers, read. */
#include "layer/conv/keras.h"

#include "layer/conv/words.h"
#include "layer/keras.h"

#include <string.h>
#include <strings.h>

static bool is_old(const cvyi_bound *call)
{
    return strcmp(call->spelling->dialect, "keras2") == 0;
}

/* ---- the window ---- */

/* Keras lowers the case of the word first and refuses everything else. */
static cvy_status read_border(cvyi_border *out, cvyi_phrase *phrase,
                              const cvyi_bound *call, bool causal,
                              cvy_error *err)
{
    const char *const word = cvyi_as_text(cvyi_arg(call, "padding"));

    if (word != NULL && strcasecmp(word, "valid") == 0)
        return CVY_OK;
    if (word != NULL && strcasecmp(word, "same") == 0)
        out->rule = CVYI_BORDER_SAME;
    else if (word != NULL && causal && strcasecmp(word, "causal") == 0)
        out->rule = CVYI_BORDER_CAUSAL;
    else
        return cvyi_refuse(&phrase->refusal, call->arena, err,
                           CVYI_ILLEGAL_IN_SOURCE, "padding",
                           "put a ZeroPadding layer before it and say "
                           "'valid'",
                           "Keras takes 'valid'%s 'same' here",
                           causal ? ", 'causal' or" : " or");
    return CVY_OK;
}

/* The older Keras takes more axes before the spatial ones as a batch. */
static cvy_status read_input(cvyi_phrase *phrase, const cvyi_bound *call,
                             cvyi_conv_parts *parts, bool more, cvy_error *err)
{
    CVYI_TRY(cvyi_arg_data_format(&parts->axes, phrase, call, err));
    if (more && is_old(call) && call->n_in == 1 &&
        call->in[0].rank > parts->n + 2)
        return cvyi_refuse(&phrase->refusal, call->arena, err,
                           CVYI_NOT_SUPPORTED, "",
                           "reshape the input to one batch axis",
                           "several batch axes are not carried over");
    return cvyi_keras_input(&parts->channels, phrase, call, parts->n + 2,
                            parts->axes, err);
}

/* True is 1 in Keras 3 alone. */
static cvy_status read_numbers(int64_t *out, cvyi_phrase *phrase,
                               const cvyi_bound *call, const char *name, int n,
                               cvy_error *err)
{
    return cvyi_take_numbers(out, phrase, call, name, n,
                             is_old(call) ? 0 : CVYI_TAKES_BOOLS, 1, err);
}

/* Strides and dilation stand together in no layer of the older Keras and in
 * the depthwise layers of Keras 3. */
static cvy_status check_strides(cvyi_phrase *phrase, const cvyi_bound *call,
                                const cvyi_conv_parts *parts, bool together,
                                cvy_error *err)
{
    if ((together && !is_old(call)) ||
        !cvyi_conv_above_one(parts->stride, parts->n) ||
        !cvyi_conv_above_one(parts->dilation, parts->n))
        return CVY_OK;
    return cvyi_refuse(&phrase->refusal, call->arena, err,
                       CVYI_ILLEGAL_IN_SOURCE, "dilation_rate",
                       "leave one of the two at 1",
                       "Keras refuses strides > 1 together with "
                       "dilation_rate > 1");
}

typedef enum kind { CONV, DEPTHWISE, SEPARABLE } kind;

static cvy_status read_window(cvyi_conv_parts *parts, cvyi_phrase *phrase,
                              const cvyi_bound *call, kind of, cvy_error *err)
{
    const int n = call->n_spatial;
    const bool causal =
        n == 1 && (of == CONV || (of == SEPARABLE && is_old(call)));

    *parts = cvyi_conv_ones(n, CVYI_AXES_LAST);
    CVYI_TRY(read_input(phrase, call, parts, of != DEPTHWISE, err));
    CVYI_TRY(read_numbers(parts->taps, phrase, call, "kernel_size", n, err));
    CVYI_TRY(read_numbers(parts->stride, phrase, call, "strides", n, err));
    CVYI_TRY(
        read_numbers(parts->dilation, phrase, call, "dilation_rate", n, err));
    CVYI_TRY(read_border(&parts->border, phrase, call, causal, err));
    CVYI_TRY(check_strides(phrase, call, parts, of != CONV, err));
    return cvyi_conv_check_fit(phrase, call, parts, "kernel_size", err);
}

/* ---- channels ---- */

/* A fraction of a filter is cut off by the older Keras. */
static cvy_status read_filters(int64_t *out, cvyi_phrase *phrase,
                               const cvyi_bound *call, cvy_error *err)
{
    return cvyi_take_numbers(
        out, phrase, call, "filters", 0,
        is_old(call) ? CVYI_TAKES_FLOATS : CVYI_TAKES_BOOLS, 1, err);
}

/* `groups or 1` in the older Keras; tf.layers has none. */
static cvy_status read_groups(int64_t *out, cvyi_phrase *phrase,
                              const cvyi_bound *call, cvy_error *err)
{
    const cvyi_value *const groups = cvyi_arg_find(call, "groups");

    *out = 1;
    if (groups == NULL || (is_old(call) && !cvyi_truth(groups)))
        return CVY_OK;
    return cvyi_take_numbers(out, phrase, call, "groups", 0, CVYI_TAKES_BOOLS,
                             1, err);
}

/* The older Keras lets depthwise and separable layers have groups, checks
 * them against the filters, and does nothing with them. */
static cvy_status ignore_groups(cvyi_phrase *phrase, const cvyi_bound *call,
                                int64_t filters, cvy_error *err)
{
    const cvyi_value *const groups = cvyi_arg_find(call, "groups");
    int64_t number;

    if (groups == NULL || !cvyi_truth(groups))
        return CVY_OK;
    if (filters > 0 && (!cvyi_take_number(&number, groups, CVYI_TAKES_BOOLS) ||
                        filters % number != 0))
        return cvyi_refuse(&phrase->refusal, call->arena, err,
                           CVYI_ILLEGAL_IN_SOURCE, "groups",
                           "leave it out, Keras does nothing with it here",
                           "groups do not divide %lld filters",
                           (long long)filters);
    if (!cvyi_take_number(&number, groups, CVYI_TAKES_BOOLS) || number != 1)
        cvyi_phrase_remark(phrase, "groups: Keras does nothing with it here");
    return CVY_OK;
}

static cvy_status read_multiplier(cvyi_conv_parts *parts, cvyi_phrase *phrase,
                                  const cvyi_bound *call, cvy_error *err)
{
    int64_t multiplier;

    CVYI_TRY(
        read_numbers(&multiplier, phrase, call, "depth_multiplier", 0, err));
    if (!cvyi_mul64(&parts->outputs, parts->channels, multiplier))
        return cvyi_refuse(&phrase->refusal, call->arena, err,
                           CVYI_NOT_SUPPORTED, "depth_multiplier",
                           "choose a smaller one",
                           "the output channels do not fit in 64 bits");
    parts->groups = parts->channels;
    return CVY_OK;
}

/* ---- parameters ---- */

/* An initialiser that tf.layers is not told is the scope's, glorot uniform. */
static void add_slot(cvyi_step *step, const cvyi_bound *call, const char *slot,
                     const char *source, const char *layout, const char *stem)
{
    static const cvyi_value glorot = { .kind = CVYI_TEXT,
                                       .text = "glorot_uniform" };
    cvyi_step_slot *const added =
        cvyi_keras_slot(step, call, slot, source, layout, stem);

    if (added->initialiser == NULL && strcmp(slot, "weight") == 0)
        added->initialiser = &glorot;
}

/* Bias, remarks and the activation: the tail of all. */
static cvy_status read_tail(cvyi_phrase *phrase, cvyi_step *step,
                            const cvyi_bound *call, cvy_error *err)
{
    if (cvyi_truth(cvyi_arg(call, "use_bias"))) {
        add_slot(step, call, "bias", "bias", "O", "bias");
        cvyi_keras_remark_bias(phrase, call, step);
    }
    CVYI_TRY(cvyi_keras_training_only(phrase, call, err));
    return cvyi_phrase_activation(phrase, call, cvyi_arg(call, "activation"),
                                  err);
}

/* ---- layers ---- */

cvy_status cvyi_conv_keras_layer(cvyi_phrase *out, const cvyi_bound *call,
                                 cvy_error *err)
{
    cvyi_conv_parts parts;
    cvyi_step *step;

    CVYI_TRY(read_window(&parts, out, call, CONV, err));
    CVYI_TRY(read_filters(&parts.outputs, out, call, err));
    CVYI_TRY(read_groups(&parts.groups, out, call, err));
    CVYI_TRY(cvyi_conv_check_groups(out, call, &parts, "groups", err));
    CVYI_TRY(cvyi_conv_add(&step, out, call, &parts, err));
    add_slot(step, call, "weight", "kernel", "S I O -> O I S", "kernel");
    return read_tail(out, step, call, err);
}

/* One group a channel. */
cvy_status cvyi_conv_keras_depthwise(cvyi_phrase *out, const cvyi_bound *call,
                                     cvy_error *err)
{
    cvyi_conv_parts parts;
    cvyi_step *step;

    CVYI_TRY(read_window(&parts, out, call, DEPTHWISE, err));
    CVYI_TRY(read_multiplier(&parts, out, call, err));
    CVYI_TRY(ignore_groups(out, call, 0, err));
    CVYI_TRY(cvyi_conv_add(&step, out, call, &parts, err));
    add_slot(step, call, "weight",
             is_old(call) ? "depthwise_kernel" : "kernel",
             "S I M -> (I M) 1 S", "depthwise");
    return read_tail(out, step, call, err);
}

/* A depthwise step, and one of one tap that mixes the channels. */
cvy_status cvyi_conv_keras_separable(cvyi_phrase *out, const cvyi_bound *call,
                                     cvy_error *err)
{
    cvyi_conv_parts parts;
    cvyi_step *step;
    int64_t filters;

    CVYI_TRY(read_window(&parts, out, call, SEPARABLE, err));
    CVYI_TRY(read_filters(&filters, out, call, err));
    CVYI_TRY(read_multiplier(&parts, out, call, err));
    CVYI_TRY(ignore_groups(out, call, filters, err));
    CVYI_TRY(cvyi_conv_add(&step, out, call, &parts, err));
    step->label = "depthwise";
    add_slot(step, call, "weight", "depthwise_kernel", "S I M -> (I M) 1 S",
             "depthwise");
    parts = cvyi_conv_ones(parts.n, parts.axes);
    parts.outputs = filters;
    CVYI_TRY(cvyi_conv_add(&step, out, call, &parts, err));
    add_slot(step, call, "weight", "pointwise_kernel", "S I O -> O I S",
             "pointwise");
    return read_tail(out, step, call, err);
}
