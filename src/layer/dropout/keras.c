/* layer/dropout/keras.c - Keras' words for noise of training. */
#include "layer/words.h"

static cvy_status add_dropout(cvyi_phrase *out, const cvyi_bound *call,
                              int axis, cvy_error *err)
{
    double rate;

    CVYI_TRY(cvyi_arg_double(&rate, out, call, "rate", err));
    if (!(rate >= 0 && rate <= 1))
        return cvyi_refuse(&out->refusal, call->arena, err,
                           CVYI_ILLEGAL_IN_SOURCE, "rate",
                           "correct this argument in the source",
                           "rate must be a share between 0 and 1, not %g",
                           rate);

    cvyi_step *const step = cvyi_phrase_add(out, call, "dropout");

    if (step == NULL)
        return cvyi_fail(err, CVY_ARGUMENT, "the phrase is full");
    cvyi_set_real(&step->attrs, "rate", rate);
    cvyi_set_int(&step->attrs, "axis", axis);
    if (!cvyi_is_none(cvyi_arg(call, "seed")))
        cvyi_phrase_remark(out, "the seed is not carried over: torch draws "
                                "other numbers in training");
    return CVY_OK;
}

static cvy_status from_dropout(cvyi_phrase *out, const cvyi_bound *call,
                               cvy_error *err)
{
    if (!cvyi_is_none(cvyi_arg(call, "noise_shape")))
        return cvyi_refuse(&out->refusal, call->arena, err, CVYI_NOT_SUPPORTED,
                           "noise_shape",
                           "use SpatialDropout to drop whole channels",
                           "dropout with a noise_shape");
    return add_dropout(out, call, 0, err);
}

static cvy_status check_rank(cvyi_phrase *out, const cvyi_bound *call,
                             cvy_error *err)
{
    if (call->in[0].rank == call->n_spatial + 2)
        return CVY_OK;
    return cvyi_refuse(&out->refusal, call->arena, err, CVYI_ILLEGAL_IN_SOURCE,
                       "", "use the layer for this number of axes",
                       "SpatialDropout%dD of an input of %d axes",
                       call->n_spatial, call->in[0].rank);
}

static cvy_status from_spatial_1d(cvyi_phrase *out, const cvyi_bound *call,
                                  cvy_error *err)
{
    CVYI_TRY(check_rank(out, call, err));
    return add_dropout(out, call, call->in[0].rank - 1, err);
}

static cvy_status from_spatial(cvyi_phrase *out, const cvyi_bound *call,
                               cvy_error *err)
{
    cvyi_axes axes;

    CVYI_TRY(cvyi_arg_data_format(&axes, out, call, err));
    CVYI_TRY(check_rank(out, call, err));
    return add_dropout(
        out, call, axes == CVYI_AXES_FIRST ? 1 : call->in[0].rank - 1, err);
}

static cvy_status refuse_noise(cvyi_phrase *out, const cvyi_bound *call,
                               cvy_error *err)
{
    return cvyi_refuse(&out->refusal, call->arena, err, CVYI_NOT_SUPPORTED, "",
                       "leave it out of the model that is ported: it "
                       "does nothing at inference",
                       "%s is not carried over yet", call->spelling->name);
}

/* clang-format off */
const cvyi_spelling cvyi_dropout_keras[] = {
    { .dialect = "keras3", .name = "keras.layers.Dropout",
      .signature = "rate, noise_shape=None, seed=None, **kwargs",
      .from_call = from_dropout },
    { .dialect = "keras3", .name = "keras.layers.SpatialDropout%dD",
      .ranks = "1",
      .signature = "rate, seed=None, name=None, dtype=None",
      .from_call = from_spatial_1d },
    { .dialect = "keras3", .name = "keras.layers.SpatialDropout%dD",
      .ranks = "23",
      .signature = "rate, data_format=None, seed=None, name=None, dtype=None",
      .from_call = from_spatial },
    { .dialect = "keras3", .name = "keras.layers.GaussianNoise",
      .signature = "stddev, seed=None, **kwargs",
      .from_call = refuse_noise },
    { .dialect = "keras3", .name = "keras.layers.GaussianDropout",
      .signature = "rate, seed=None, **kwargs",
      .from_call = refuse_noise },
    { .dialect = "keras3", .name = "keras.layers.AlphaDropout",
      .signature = "rate, noise_shape=None, seed=None, **kwargs",
      .from_call = refuse_noise },
    { 0 }
};
/* clang-format on */
