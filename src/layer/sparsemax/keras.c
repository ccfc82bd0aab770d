/* layer/sparsemax/keras.c - Keras' words for sparsemax. */
#include "layer/axis.h"

static cvy_status from_call(cvyi_phrase *out, const cvyi_bound *call,
                            cvy_error *err)
{
    cvyi_phrase_remark(out, "Keras' sparsemax is not the published one (its "
                            "threshold adds up all partial sums of the "
                            "support); the port computes what Keras does");
    return cvyi_axis_from_call(out, call, "sparsemax", err);
}

const cvyi_spelling cvyi_sparsemax_keras[] = {
    { .dialect = "keras3",
      .name = "keras.activations.sparsemax",
      .signature = "x, axis=-1",
      .from_call = from_call },
    { 0 }
};
