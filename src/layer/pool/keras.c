/* layer/pool/keras.c - Keras' words for pools. */
#include "layer/keras.h"

#include <strings.h>

/* Without strides windows touch. */
static cvy_status arg_strides(int64_t *out, const int64_t *taps,
                              cvyi_phrase *phrase, const cvyi_bound *call,
                              cvy_error *err)
{
    if (!cvyi_is_none(cvyi_arg(call, "strides")))
        return cvyi_arg_per_axis(out, phrase, call, "strides", 1, err);
    for (int i = 0; i < call->n_spatial; i++)
        out[i] = taps[i];
    return CVY_OK;
}

static cvy_status arg_padding(cvyi_border *out, cvyi_phrase *phrase,
                              const cvyi_bound *call, cvy_error *err)
{
    const char *const word = cvyi_as_text(cvyi_arg(call, "padding"));

    *out = (cvyi_border){ 0 };
    if (word != NULL && strcasecmp(word, "same") == 0)
        out->rule = CVYI_BORDER_SAME;
    else if (word == NULL || strcasecmp(word, "valid") != 0)
        return cvyi_refuse(&phrase->refusal, call->arena, err,
                           CVYI_ILLEGAL_IN_SOURCE, "padding",
                           "say 'valid' or 'same'",
                           "a Keras pool takes 'valid' or 'same' here");
    return CVY_OK;
}

static cvy_status from_call(cvyi_phrase *out, const cvyi_bound *call,
                            const char *kind, cvy_error *err)
{
    const int n = call->n_spatial;
    int64_t taps[CVYI_MAX_SPATIAL], stride[CVYI_MAX_SPATIAL];
    cvyi_border border;
    cvyi_axes axes;

    CVYI_TRY(cvyi_arg_data_format(&axes, out, call, err));
    CVYI_TRY(cvyi_keras_input(NULL, out, call, n + 2, axes, err));
    CVYI_TRY(cvyi_arg_per_axis(taps, out, call, "pool_size", 1, err));
    CVYI_TRY(arg_strides(stride, taps, out, call, err));
    CVYI_TRY(arg_padding(&border, out, call, err));

    cvyi_step *const step = cvyi_phrase_add(out, call, "pool");

    if (step == NULL)
        return cvyi_fail(err, CVY_ARGUMENT, "the phrase is full");
    step->axes = axes;
    cvyi_set_word(&step->attrs, "kind", kind);
    cvyi_set_ints(&step->attrs, "taps", taps, n);
    cvyi_set_ints(&step->attrs, "stride", stride, n);
    cvyi_set_border(&step->attrs, "border", border);
    return CVY_OK;
}

static cvy_status from_max(cvyi_phrase *out, const cvyi_bound *call,
                           cvy_error *err)
{
    return from_call(out, call, "max", err);
}

static cvy_status from_average(cvyi_phrase *out, const cvyi_bound *call,
                               cvy_error *err)
{
    return from_call(out, call, "average", err);
}

#define POOL(word, axes, size, from)                                      \
    {                                                                     \
        .dialect = "keras3", .name = "keras.layers." word, .ranks = axes, \
        .signature = size ", strides=None, padding='valid', "             \
                          "data_format=None, name=None, **kwargs",        \
        .from_call = from                                                 \
    }

/* clang-format off */
const cvyi_spelling cvyi_pool_keras[] = {
    POOL("MaxPooling%dD",     "1",   "pool_size=2",         from_max),
    POOL("MaxPooling%dD",     "2",   "pool_size=(2, 2)",    from_max),
    POOL("MaxPooling%dD",     "3",   "pool_size=(2, 2, 2)", from_max),
    POOL("MaxPool%dD",        "1",   "pool_size=2",         from_max),
    POOL("MaxPool%dD",        "2",   "pool_size=(2, 2)",    from_max),
    POOL("MaxPool%dD",        "3",   "pool_size=(2, 2, 2)", from_max),
    POOL("AveragePooling%dD", "123", "pool_size",           from_average),
    POOL("AvgPool%dD",        "123", "pool_size",           from_average),
    { 0 }
};
/* clang-format on */
