/* layer/multiply/keras.c - Keras' words for a product. */
#include "layer/words.h"

static cvy_status from_call(cvyi_phrase *out, const cvyi_bound *call,
                            cvy_error *err)
{
    /* Of a single value it is that value. */
    const char *const op = call->n_in == 1 ? "identity" : "multiply";

    if (cvyi_phrase_add(out, call, op) == NULL)
        return cvyi_fail(err, CVY_ARGUMENT, "the phrase is full");
    return CVY_OK;
}

const cvyi_spelling cvyi_multiply_keras[] = { { .dialect = "keras3",
                                                .name =
                                                    "keras.layers.Multiply",
                                                .signature = "**kwargs",
                                                .from_call = from_call },
                                              { 0 } };
