/* layer/conv/keras.c - Keras' words for a convolution. */
#include "layer/keras.h"

#include <strings.h>

static int64_t largest(const int64_t *values, int n)
{
    int64_t most = values[0];

    for (int i = 1; i < n; i++)
        if (values[i] > most)
            most = values[i];
    return most;
}

/* Keras lowers the case of the word first and refuses everything else. */
static cvy_status read_border(cvyi_border *out, cvyi_phrase *phrase,
                              const cvyi_bound *call, bool causal,
                              cvy_error *err)
{
    const char *const word = cvyi_as_text(cvyi_arg(call, "padding"));

    *out = (cvyi_border){ 0 };
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

/* What both layers have: window, border, order of axes. */
static cvy_status read_window(cvyi_step **out, int64_t *channels,
                              cvyi_phrase *phrase, const cvyi_bound *call,
                              bool causal, cvy_error *err)
{
    const int n = call->n_spatial;
    cvyi_step *const step = cvyi_phrase_add(phrase, call, "conv");
    int64_t taps[CVYI_MAX_SPATIAL], stride[CVYI_MAX_SPATIAL];
    int64_t dilation[CVYI_MAX_SPATIAL];
    cvyi_border border;

    CVYI_TRY(cvyi_arg_data_format(&step->axes, phrase, call, err));
    CVYI_TRY(cvyi_keras_input(channels, phrase, call, n + 2, step->axes, err));
    CVYI_TRY(cvyi_arg_per_axis(taps, phrase, call, "kernel_size", 1, err));
    CVYI_TRY(cvyi_arg_per_axis(stride, phrase, call, "strides", 1, err));
    CVYI_TRY(
        cvyi_arg_per_axis(dilation, phrase, call, "dilation_rate", 1, err));
    CVYI_TRY(read_border(&border, phrase, call, causal, err));
    cvyi_set_ints(&step->attrs, "taps", taps, n);
    cvyi_set_ints(&step->attrs, "stride", stride, n);
    cvyi_set_ints(&step->attrs, "dilation", dilation, n);
    cvyi_set_border(&step->attrs, "border", border);
    *out = step;
    return CVY_OK;
}

/* Bias, remarks and the activation: the tail of both. */
static cvy_status read_tail(cvyi_phrase *phrase, cvyi_step *step,
                            const cvyi_bound *call, cvy_error *err)
{
    bool bias;

    CVYI_TRY(cvyi_arg_bool(&bias, phrase, call, "use_bias", err));
    if (bias)
        cvyi_keras_slot(step, call, "bias", "bias", "O", "bias");
    CVYI_TRY(cvyi_keras_training_only(phrase, call, err));
    return cvyi_phrase_activation(phrase, call, cvyi_arg(call, "activation"),
                                  err);
}

static cvy_status from_conv(cvyi_phrase *out, const cvyi_bound *call,
                            cvy_error *err)
{
    const int n = call->n_spatial;
    int64_t channels, filters, groups;
    cvyi_step *step;

    CVYI_TRY(read_window(&step, &channels, out, call, n == 1, err));
    CVYI_TRY(cvyi_arg_int(&filters, out, call, "filters", 1, err));
    CVYI_TRY(cvyi_arg_int(&groups, out, call, "groups", 1, err));
    if (largest(cvyi_attr_ints(&step->attrs, "stride", NULL), n) > 1 &&
        largest(cvyi_attr_ints(&step->attrs, "dilation", NULL), n) > 1)
        return cvyi_refuse(&out->refusal, call->arena, err,
                           CVYI_ILLEGAL_IN_SOURCE, "dilation_rate",
                           "leave one of the two at 1",
                           "Keras refuses strides > 1 together with "
                           "dilation_rate > 1");
    if (filters % groups != 0 || channels % groups != 0)
        return cvyi_refuse(&out->refusal, call->arena, err,
                           CVYI_ILLEGAL_IN_SOURCE, "groups",
                           "choose a divisor of both",
                           "%lld groups do not divide %lld input channels "
                           "and %lld filters",
                           (long long)groups, (long long)channels,
                           (long long)filters);
    cvyi_set_int(&step->attrs, "outputs", filters);
    cvyi_set_int(&step->attrs, "groups", groups);
    cvyi_keras_slot(step, call, "weight", "kernel", "S I O -> O I S",
                    "kernel");
    return read_tail(out, step, call, err);
}

/* One group a channel. Keras lets strides and dilation stand together here. */
static cvy_status from_depthwise(cvyi_phrase *out, const cvyi_bound *call,
                                 cvy_error *err)
{
    int64_t channels, multiplier, outputs;
    cvyi_step *step;

    CVYI_TRY(read_window(&step, &channels, out, call, false, err));
    CVYI_TRY(cvyi_arg_int(&multiplier, out, call, "depth_multiplier", 1, err));
    if (!cvyi_mul64(&outputs, channels, multiplier))
        return cvyi_refuse(&out->refusal, call->arena, err, CVYI_NOT_SUPPORTED,
                           "depth_multiplier", "choose a smaller one",
                           "the output channels do not fit in 64 bits");
    cvyi_set_int(&step->attrs, "outputs", outputs);
    cvyi_set_int(&step->attrs, "groups", channels);
    cvyi_keras_slot(step, call, "weight", "kernel", "S I M -> (I M) 1 S",
                    "depthwise");
    return read_tail(out, step, call, err);
}

/* clang-format off */
#define CONV_TAIL                                                            \
    "activation=None, use_bias=True, "                                       \
    "kernel_initializer='glorot_uniform', bias_initializer='zeros', "        \
    "kernel_regularizer=None, bias_regularizer=None, "                       \
    "activity_regularizer=None, kernel_constraint=None, "                    \
    "bias_constraint=None, **kwargs"
#define DEPTHWISE_TAIL                                                       \
    "activation=None, use_bias=True, "                                       \
    "depthwise_initializer='glorot_uniform', bias_initializer='zeros', "     \
    "depthwise_regularizer=None, bias_regularizer=None, "                    \
    "activity_regularizer=None, depthwise_constraint=None, "                 \
    "bias_constraint=None, **kwargs"

const cvyi_spelling cvyi_conv_keras[] = {
    { .dialect = "keras3", .name = "keras.layers.Conv%dD", .ranks = "1",
      .signature = "filters, kernel_size, strides=1, padding='valid', "
                   "data_format=None, dilation_rate=1, groups=1, "
                   CONV_TAIL,
      .from_call = from_conv },
    { .dialect = "keras3", .name = "keras.layers.Conv%dD", .ranks = "2",
      .signature = "filters, kernel_size, strides=(1, 1), padding='valid', "
                   "data_format=None, dilation_rate=(1, 1), groups=1, "
                   CONV_TAIL,
      .from_call = from_conv },
    { .dialect = "keras3", .name = "keras.layers.Conv%dD", .ranks = "3",
      .signature = "filters, kernel_size, strides=(1, 1, 1), "
                   "padding='valid', data_format=None, "
                   "dilation_rate=(1, 1, 1), groups=1, " CONV_TAIL,
      .from_call = from_conv },
    { .dialect = "keras3", .name = "keras.layers.DepthwiseConv%dD",
      .ranks = "1",
      .signature = "kernel_size, strides=1, padding='valid', "
                   "depth_multiplier=1, data_format=None, dilation_rate=1, "
                   DEPTHWISE_TAIL,
      .from_call = from_depthwise },
    { .dialect = "keras3", .name = "keras.layers.DepthwiseConv%dD",
      .ranks = "2",
      .signature = "kernel_size, strides=(1, 1), padding='valid', "
                   "depth_multiplier=1, data_format=None, "
                   "dilation_rate=(1, 1), " DEPTHWISE_TAIL,
      .from_call = from_depthwise },
    { 0 }
};
/* clang-format on */
