/* layer/batch_norm/keras.c - Keras' words for batch normalisation. */
#include "layer/keras.h"

static cvy_status read_axis(cvyi_step *step, cvyi_phrase *phrase,
                            const cvyi_bound *call, cvy_error *err)
{
    const int rank = call->n_in > 0 ? call->in[0].rank : 0;
    int64_t channels;
    int axis;

    CVYI_TRY(cvyi_arg_axis(&axis, phrase, call, "axis", err));
    if (rank < 2 || rank > 2 + CVYI_MAX_SPATIAL ||
        (axis != rank - 1 && axis != 1))
        return cvyi_refuse(&phrase->refusal, call->arena, err,
                           CVYI_NOT_SUPPORTED, "axis",
                           "move the channels to axis 1 or to the last one",
                           "normalises over axis %d of %d", axis, rank);
    step->axes = axis == rank - 1 ? CVYI_AXES_LAST : CVYI_AXES_FIRST;
    return cvyi_keras_input(&channels, phrase, call, rank, step->axes, err);
}

static void add_slots(cvyi_step *step, const cvyi_bound *call, bool scale,
                      bool center)
{
    if (scale)
        cvyi_keras_slot(step, call, "scale", "gamma", "C", "gamma");
    if (center)
        cvyi_keras_slot(step, call, "shift", "beta", "C", "beta");
    cvyi_keras_slot(step, call, "mean", "moving_mean", "C", "moving_mean")
        ->frozen = true;
    cvyi_keras_slot(step, call, "variance", "moving_variance", "C",
                    "moving_variance")
        ->frozen = true;
}

static cvy_status from_batch_norm(cvyi_phrase *out, const cvyi_bound *call,
                                  cvy_error *err)
{
    cvyi_step *const step = cvyi_phrase_add(out, call, "batch_norm");
    double momentum, eps;
    bool scale, center, synchronized;

    CVYI_TRY(read_axis(step, out, call, err));
    CVYI_TRY(cvyi_arg_double(&momentum, out, call, "momentum", err));
    CVYI_TRY(cvyi_arg_double(&eps, out, call, "epsilon", err));
    CVYI_TRY(cvyi_arg_bool(&scale, out, call, "scale", err));
    CVYI_TRY(cvyi_arg_bool(&center, out, call, "center", err));
    CVYI_TRY(cvyi_arg_bool(&synchronized, out, call, "synchronized", err));
    CVYI_TRY(cvyi_keras_must_be_off(out, call, "renorm",
                                    "rebuild the layer without renorm", err));
    cvyi_set_real(&step->attrs, "eps", eps);
    cvyi_set_real(&step->attrs, "momentum", momentum);
    add_slots(step, call, scale, center);
    if (synchronized)
        cvyi_phrase_remark(out, "synchronized: statistics are not joined "
                                "over devices when the port is trained");
    return cvyi_keras_training_only(out, call, err);
}

/* clang-format off */
const cvyi_spelling cvyi_batch_norm_keras[] = {
    { .dialect = "keras3", .name = "keras.layers.BatchNormalization",
      .signature = "axis=-1, momentum=0.99, epsilon=0.001, center=True, "
                   "scale=True, beta_initializer='zeros', "
                   "gamma_initializer='ones', "
                   "moving_mean_initializer='zeros', "
                   "moving_variance_initializer='ones', "
                   "beta_regularizer=None, gamma_regularizer=None, "
                   "beta_constraint=None, gamma_constraint=None, "
                   "renorm=False, renorm_clipping=None, "
                   "renorm_momentum=0.99, synchronized=False, **kwargs",
      .from_call = from_batch_norm },
    { 0 }
};
/* clang-format on */
