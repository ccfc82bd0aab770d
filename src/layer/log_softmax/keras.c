/* layer/log_softmax/keras.c - Keras' words for the logarithm of softmax. */
#include "layer/axis.h"

static cvy_status from_call(cvyi_phrase *out, const cvyi_bound *call,
                            cvy_error *err)
{
    const cvyi_value *const axis = cvyi_arg(call, "axis");

    if (cvyi_is_none(axis) || axis->kind == CVYI_LIST)
        return cvyi_refuse(&out->refusal, call->arena, err, CVYI_NOT_SUPPORTED,
                           "axis", "take it along one axis",
                           "a logarithm of softmax over several axes is not "
                           "carried over");
    return cvyi_axis_from_call(out, call, "log_softmax", err);
}

static cvy_status to_layer(cvyi_said *out, const cvyi_saying *what,
                           cvy_error *err)
{
    return cvyi_axis_say_activation(out, what, "log_softmax", err);
}

static cvy_status to_call(cvyi_said *out, const cvyi_saying *what,
                          cvy_error *err)
{
    return cvyi_axis_say_keras(out, what, "ops.log_softmax", err);
}

/* clang-format off */
const cvyi_spelling cvyi_log_softmax_keras[] = {
    { .dialect = "keras3", .name = "keras.activations.log_softmax",
      .signature = "x, axis=-1",
      .from_call = from_call,
      .form = CVYI_FORM_FUNCTION, .arguments = cvyi_axis_arguments },
    { .dialect = "keras3", .name = "keras.ops.log_softmax",
      .signature = "x, axis=-1",
      .from_call = from_call,
      .form = CVYI_FORM_FUNCTION, .to_call = to_call,
      .arguments = cvyi_axis_arguments },
    { .dialect = "keras3", .name = "keras.layers.Activation",
      .signature = "activation, **kwargs",
      .form = CVYI_FORM_MODULE, .to_call = to_layer },
    { .dialect = "keras2", .name = "keras.activations.log_softmax",
      .signature = "x, axis=-1",
      .from_call = from_call,
      .form = CVYI_FORM_FUNCTION, .arguments = cvyi_axis_arguments },
    { 0 }
};
/* clang-format on */
