/* layer/multiply/keras.c - Keras' words for a product. */
#include "layer/merge.h"

static cvy_status from_call(cvyi_phrase *out, const cvyi_bound *call,
                            cvy_error *err)
{
    return cvyi_merge_from_call(out, call, "multiply", err);
}

const cvyi_spelling cvyi_multiply_keras[] = { { .dialect = "keras3",
                                                .name =
                                                    "keras.layers.Multiply",
                                                .signature = "**kwargs",
                                                .from_call = from_call },
                                              { 0 } };
