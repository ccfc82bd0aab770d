/* layer/identity/keras.c - Keras' words for nothing at all, and the layer
 * that is whatever activation it was given. */
#include "layer/words.h"

static cvy_status from_identity(cvyi_phrase *out, const cvyi_bound *call,
                                cvy_error *err)
{
    (void)err;
    cvyi_phrase_add(out, call, "identity");
    return CVY_OK;
}

/* As an argument of another layer: no step. */
static cvy_status from_linear(cvyi_phrase *out, const cvyi_bound *call,
                              cvy_error *err)
{
    (void)out;
    (void)call;
    (void)err;
    return CVY_OK;
}

/* The activation is the layer itself here. */
static cvy_status from_activation(cvyi_phrase *out, const cvyi_bound *call,
                                  cvy_error *err)
{
    CVYI_TRY(
        cvyi_phrase_activation(out, call, cvyi_arg(call, "activation"), err));
    if (out->n == 0)
        return from_identity(out, call, err);
    for (int i = 0; i < out->n; i++) {
        out->steps[i].argument = false;
        out->steps[i].label = NULL;
    }
    return CVY_OK;
}

/* clang-format off */
const cvyi_spelling cvyi_identity_keras[] = {
    { .dialect = "keras3", .name = "keras.layers.Identity",
      .signature = "**kwargs",
      .from_call = from_identity },
    { .dialect = "keras3", .name = "keras.layers.Activation",
      .signature = "activation, **kwargs",
      .from_call = from_activation },
    { .dialect = "keras3", .name = "keras.activations.linear",
      .signature = "x",
      .from_call = from_linear },
    { 0 }
};
/* clang-format on */
