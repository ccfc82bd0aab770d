/* layer/glu/keras.c - Keras' words for gated linear units. */
#include "layer/axis.h"

static cvy_status from_call(cvyi_phrase *out, const cvyi_bound *call,
                            cvy_error *err)
{
    return cvyi_axis_from_call(out, call, "glu", err);
}

static cvy_status to_layer(cvyi_said *out, const cvyi_saying *what,
                           cvy_error *err)
{
    return cvyi_axis_say_activation(out, what, "glu", err);
}

static cvy_status to_call(cvyi_said *out, const cvyi_saying *what,
                          cvy_error *err)
{
    return cvyi_axis_say_keras(out, what, "ops.glu", err);
}

/* clang-format off */
const cvyi_spelling cvyi_glu_keras[] = {
    { .dialect = "keras3", .name = "keras.activations.glu",
      .signature = "x, axis=-1",
      .from_call = from_call,
      .form = CVYI_FORM_FUNCTION, .arguments = cvyi_axis_arguments },
    { .dialect = "keras3", .name = "keras.ops.glu",
      .signature = "x, axis=-1",
      .from_call = from_call,
      .form = CVYI_FORM_FUNCTION, .to_call = to_call,
      .arguments = cvyi_axis_arguments },
    { .dialect = "keras3", .name = "keras.layers.Activation",
      .signature = "activation, **kwargs",
      .form = CVYI_FORM_MODULE, .to_call = to_layer },
    { 0 }
};
/* clang-format on */
