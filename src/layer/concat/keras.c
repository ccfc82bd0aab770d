/* layer/concat/keras.c - Keras' words for values one behind the other. */
#include "layer/axis.h"

static cvy_status from_call(cvyi_phrase *out, const cvyi_bound *call,
                            cvy_error *err)
{
    return cvyi_axis_from_call(out, call, "concat", err);
}

const cvyi_spelling cvyi_concat_keras[] = { { .dialect = "keras3",
                                              .name =
                                                  "keras.layers.Concatenate",
                                              .signature = "axis=-1, **kwargs",
                                              .from_call = from_call },
                                            { 0 } };
