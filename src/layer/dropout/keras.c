/* layer/dropout/keras.c - Keras' words for noise of training. */
#include "layer/words.h"

static bool any(const int64_t *marks, int n)
{
    for (int i = 0; i < n; i++)
        if (marks[i] != 0)
            return true;
    return false;
}

static cvy_status add_dropout(cvyi_phrase *out, const cvyi_bound *call,
                              const int64_t *shared, cvy_error *err)
{
    const int rank = call->in[0].rank;
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
    if (any(shared, rank))
        cvyi_set_ints(&step->attrs, "shared", shared, rank);
    if (!cvyi_is_none(cvyi_arg(call, "seed")))
        cvyi_phrase_remark(out, "the seed is not carried over: torch draws "
                                "other numbers in training");
    return CVY_OK;
}

/* noise_shape says for each axis None or its length (a choice for each place)
 * or 1 (one choice for all places). */
static cvy_status arg_noise_shape(int64_t *shared, cvyi_phrase *out,
                                  const cvyi_bound *call, cvy_error *err)
{
    const cvyi_value *const shape = cvyi_arg(call, "noise_shape");
    const cvyi_type *const in = &call->in[0];

    if (cvyi_is_none(shape))
        return CVY_OK;
    for (int i = 0; i < in->rank; i++) {
        const bool fits = shape->kind == CVYI_LIST && shape->n == in->rank;
        int64_t wanted = 0, length = 0;
        const bool known = cvyi_size_constant(&length, in->dims[i]);

        if (fits && cvyi_is_none(&shape->items[i]))
            continue;
        if (!fits || !cvyi_as_int(&wanted, &shape->items[i]) ||
            (wanted != 1 && !(known && wanted == length)))
            return cvyi_refuse(&out->refusal, call->arena, err,
                               CVYI_ILLEGAL_IN_SOURCE, "noise_shape",
                               "say None or 1 for each axis of the input",
                               "noise_shape must have None, 1 or the axis' "
                               "length for each of %d axes",
                               in->rank);
        shared[i] = wanted == 1 && !(known && length == 1);
    }
    return CVY_OK;
}

static cvy_status from_dropout(cvyi_phrase *out, const cvyi_bound *call,
                               cvy_error *err)
{
    int64_t shared[CVYI_MAX_DIMS] = { 0 };

    CVYI_TRY(arg_noise_shape(shared, out, call, err));
    return add_dropout(out, call, shared, err);
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

/* Whole channels are dropped: one choice for all places of a channel. */
static cvy_status drop_channels(cvyi_phrase *out, const cvyi_bound *call,
                                cvyi_axes axes, cvy_error *err)
{
    int64_t shared[CVYI_MAX_DIMS] = { 0 };

    CVYI_TRY(check_rank(out, call, err));
    for (int i = 0; i < call->n_spatial; i++)
        shared[axes == CVYI_AXES_FIRST ? i + 2 : i + 1] = 1;
    return add_dropout(out, call, shared, err);
}

static cvy_status from_spatial_1d(cvyi_phrase *out, const cvyi_bound *call,
                                  cvy_error *err)
{
    return drop_channels(out, call, CVYI_AXES_LAST, err);
}

static cvy_status from_spatial(cvyi_phrase *out, const cvyi_bound *call,
                               cvy_error *err)
{
    cvyi_axes axes;

    CVYI_TRY(cvyi_arg_data_format(&axes, out, call, err));
    return drop_channels(out, call, axes, err);
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
