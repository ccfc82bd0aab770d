/* layer/glu/keras.c - Keras' words for gated linear units. */
#include "layer/axis.h"

static cvy_status from_call(cvyi_phrase *out, const cvyi_bound *call,
                            cvy_error *err)
{
    return cvyi_axis_from_call(out, call, "glu", err);
}

const cvyi_spelling cvyi_glu_keras[] = { { .dialect = "keras3",
                                           .name = "keras.activations.glu",
                                           .signature = "x, axis=-1",
                                           .from_call = from_call },
                                         { 0 } };
