/* layer/add/keras.c - Keras' words for a sum. */
#include "layer/merge.h"

static cvy_status from_call(cvyi_phrase *out, const cvyi_bound *call,
                            cvy_error *err)
{
    return cvyi_merge_from_call(out, call, "add", err);
}

const cvyi_spelling cvyi_add_keras[] = { { .dialect = "keras3",
                                           .name = "keras.layers.Add",
                                           .signature = "**kwargs",
                                           .from_call = from_call },
                                         { 0 } };
