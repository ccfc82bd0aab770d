/* layer/softmax/keras.c - Keras' words for softmax. */
#include "layer/axis.h"

static cvy_status from_call(cvyi_phrase *out, const cvyi_bound *call,
                            cvy_error *err)
{
    return cvyi_axis_from_call(out, call, "softmax", err);
}

const cvyi_spelling cvyi_softmax_keras[] = {
    { .dialect = "keras3",
      .name = "keras.activations.softmax",
      .signature = "x, axis=-1",
      .from_call = from_call },
    { .dialect = "keras3",
      .name = "keras.layers.Softmax",
      .signature = "axis=-1, **kwargs",
      .from_call = from_call },
    { 0 }
};
