/* layer/batch_norm/words.c - what the words of batch normalisation share. */
#include "layer/batch_norm/words.h"
#include "layer/keras.h"
#include "layer/norm.h"
#include "layer/operand.h"

#include <string.h>

static cvy_status read_number(int *out, cvyi_phrase *phrase,
                              const cvyi_bound *call, bool lists,
                              cvy_error *err)
{
    const cvyi_value *const given = cvyi_arg(call, "axis");
    const int rank = call->n_in > 0 ? call->in[0].rank : 0;
    int64_t axis = 0;

    if (!lists || given->kind != CVYI_LIST)
        return cvyi_arg_axis(out, phrase, call, "axis", err);
    if (given->n > 1)
        return cvyi_refuse(&phrase->refusal, call->arena, err,
                           CVYI_NOT_SUPPORTED, "axis", "name one axis",
                           "statistics for %d axes together are not carried "
                           "over",
                           given->n);
    if (given->n < 1 || !cvyi_as_int(&axis, given->items) || axis < -rank ||
        axis >= rank)
        return cvyi_refuse(&phrase->refusal, call->arena, err,
                           CVYI_ILLEGAL_IN_SOURCE, "axis",
                           "name an axis that the input has",
                           "axis names no axis of an input of %d axes", rank);
    *out = (int)(axis < 0 ? axis + rank : axis);
    return CVY_OK;
}

cvy_status cvyi_batch_norm_axis(cvyi_step *step, int64_t *channels,
                                cvyi_phrase *phrase, const cvyi_bound *call,
                                bool lists, cvy_error *err)
{
    const int rank = call->n_in > 0 ? call->in[0].rank : 0;
    const cvyi_bound alone = cvyi_operand_input(call);
    int axis;

    CVYI_TRY(read_number(&axis, phrase, call, lists, err));
    if (rank < 2 || rank > 2 + CVYI_MAX_SPATIAL ||
        (axis != rank - 1 && axis != 1))
        return cvyi_refuse(&phrase->refusal, call->arena, err,
                           CVYI_NOT_SUPPORTED, "axis",
                           "move the channels to axis 1 or to the last one",
                           "normalises over axis %d of %d", axis, rank);
    step->axes = axis == rank - 1 ? CVYI_AXES_LAST : CVYI_AXES_FIRST;
    return cvyi_keras_input(channels, phrase, &alone, rank, step->axes, err);
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

cvy_status cvyi_batch_norm_layer(cvyi_step **out, cvyi_phrase *phrase,
                                 const cvyi_bound *call, bool lists,
                                 cvy_error *err)
{
    cvyi_step *const step = cvyi_phrase_add(phrase, call, "batch_norm");
    double momentum, eps;
    bool scale, center;
    int64_t channels;

    if (step == NULL)
        return cvyi_fail(err, CVY_ARGUMENT, "the phrase is full");
    CVYI_TRY(cvyi_batch_norm_axis(step, &channels, phrase, call, lists, err));
    CVYI_TRY(cvyi_arg_double(&momentum, phrase, call, "momentum", err));
    CVYI_TRY(cvyi_arg_double(&eps, phrase, call, "epsilon", err));
    CVYI_TRY(cvyi_arg_bool(&scale, phrase, call, "scale", err));
    CVYI_TRY(cvyi_arg_bool(&center, phrase, call, "center", err));
    CVYI_TRY(cvyi_keras_must_be_off(phrase, call, "renorm",
                                    "rebuild the layer without renorm", err));
    cvyi_set_real(&step->attrs, "eps", eps);
    cvyi_set_real(&step->attrs, "momentum", momentum);
    add_slots(step, call, scale, center);
    *out = step;
    return cvyi_keras_training_only(phrase, call, err);
}

cvy_status cvyi_batch_norm_fused(cvyi_step *step, cvyi_phrase *phrase,
                                 const cvyi_bound *call, bool insists,
                                 cvy_error *err)
{
    const cvyi_value *const given = cvyi_arg(call, "fused");
    const int rank = call->in[0].rank;
    bool fused = true;

    CVYI_TRY(cvyi_keras_must_be_off(phrase, call, "virtual_batch_size",
                                    "leave virtual batches out", err));
    CVYI_TRY(cvyi_keras_must_be_off(phrase, call, "adjustment",
                                    "leave the adjustment out", err));
    if (!cvyi_is_none(given))
        CVYI_TRY(cvyi_arg_bool(&fused, phrase, call, "fused", err));
    if (insists && !cvyi_is_none(given) && fused && rank != 4 && rank != 5)
        return cvyi_refuse(&phrase->refusal, call->arena, err,
                           CVYI_ILLEGAL_IN_SOURCE, "fused", "leave fused out",
                           "fused=True needs an input of 4 or 5 axes, got %d",
                           rank);
    if (fused && (rank == 4 || rank == 5))
        cvyi_set_word(&step->attrs, "variance", "unbiased");
    return CVY_OK;
}

/* Vectors of another length broadcast where one of the two is 1. */
static cvy_status check_vector(cvyi_phrase *phrase, const cvyi_bound *call,
                               const char *name, int64_t channels,
                               cvy_error *err)
{
    cvyi_shape found;
    int number;

    if (!cvyi_operand_given(call, name) ||
        cvyi_arg(call, name)->kind != CVYI_TENSOR)
        return CVY_OK;
    CVYI_TRY(cvyi_operand_shape(&found, &number, phrase, call, name, 0, err));
    if (found.rank == 1 &&
        (found.dims[0] == channels || (found.dims[0] != 1 && channels != 1)))
        return CVY_OK;
    return cvyi_refuse(&phrase->refusal, call->arena, err, CVYI_NOT_SUPPORTED,
                       name, "give one number for each channel",
                       "%s is broadcast against the input", name);
}

cvy_status cvyi_batch_norm_vectors(cvyi_phrase *phrase, const cvyi_bound *call,
                                   int64_t channels,
                                   const char *const names[4], cvy_error *err)
{
    for (int i = 0; i < 4; i++)
        CVYI_TRY(check_vector(phrase, call, names[i], channels, err));
    return CVY_OK;
}

cvy_status cvyi_batch_norm_operands(cvyi_step *step, cvyi_phrase *phrase,
                                    const cvyi_bound *call, int64_t channels,
                                    const char *const names[4], cvy_error *err)
{
    static const char *const slots[] = { "scale", "shift", "mean",
                                         "variance" };
    const cvyi_shape shape = { .rank = 1, .dims = { channels } };

    /* It trains nothing: how the other world trains is as good. */
    if (strcmp(call->spelling->dialect, "torch") != 0) {
        cvyi_set_real(&step->attrs, "momentum", 0.9);
        cvyi_set_word(&step->attrs, "variance", "unbiased");
    }
    cvyi_phrase_remark(phrase, "the function never changes mean and variance; "
                               "a layer does when it is trained");
    for (int i = 0; i < 4; i++) {
        const int n = step->n_slots;

        CVYI_TRY(cvyi_norm_operand(step, phrase, call, names[i], slots[i], "C",
                                   &shape, err));
        if (i >= 2 && step->n_slots == n)
            return cvyi_refuse(&phrase->refusal, call->arena, err,
                               CVYI_ILLEGAL_IN_SOURCE, names[i],
                               "give mean and variance, or use a layer",
                               "without %s there is nothing to normalise "
                               "with",
                               names[i]);
        if (i >= 2)
            step->slots[n].frozen = true;
    }
    return CVY_OK;
}
