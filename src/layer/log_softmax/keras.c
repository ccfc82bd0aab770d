/* layer/log_softmax/keras.c - Keras' words for the logarithm of softmax. */
#include "layer/axis.h"

static cvy_status from_call(cvyi_phrase *out, const cvyi_bound *call,
                            cvy_error *err)
{
    return cvyi_axis_from_call(out, call, "log_softmax", err);
}

const cvyi_spelling cvyi_log_softmax_keras[] = {
    { .dialect = "keras3",
      .name = "keras.activations.log_softmax",
      .signature = "x, axis=-1",
      .from_call = from_call },
    { 0 }
};
