/* layer/global_pool/keras.c - Keras' words for one number a channel. */
#include "layer/keras.h"

static cvy_status from_call(cvyi_phrase *out, const cvyi_bound *call,
                            const char *kind, cvy_error *err)
{
    cvyi_axes axes;
    bool keep;

    CVYI_TRY(cvyi_arg_data_format(&axes, out, call, err));
    CVYI_TRY(cvyi_arg_bool(&keep, out, call, "keepdims", err));
    CVYI_TRY(
        cvyi_keras_input(NULL, out, call, call->n_spatial + 2, axes, err));

    cvyi_step *const step = cvyi_phrase_add(out, call, "global_pool");

    if (step == NULL)
        return cvyi_fail(err, CVY_ARGUMENT, "the phrase is full");
    step->axes = axes;
    cvyi_set_word(&step->attrs, "kind", kind);
    cvyi_set_int(&step->attrs, "keepdims", keep);
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

#define GLOBAL(word, from)                                         \
    {                                                              \
        .dialect = "keras3", .name = "keras.layers." word "%dD",   \
        .ranks = "123",                                            \
        .signature = "data_format=None, keepdims=False, **kwargs", \
        .from_call = from                                          \
    }

const cvyi_spelling cvyi_global_pool_keras[] = {
    GLOBAL("GlobalMaxPooling", from_max),
    GLOBAL("GlobalMaxPool", from_max),
    GLOBAL("GlobalAveragePooling", from_average),
    GLOBAL("GlobalAvgPool", from_average),
    { 0 }
};
