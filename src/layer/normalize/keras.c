/* layer/normalize/keras.c - Keras' words for a fixed mean and spread. */
#include "layer/keras.h"

/* None, an axis, or a list of at most one. */
static cvy_status read_axis(cvyi_step *step, cvyi_phrase *phrase,
                            const cvyi_bound *call, cvy_error *err)
{
    const int rank = call->n_in > 0 ? call->in[0].rank : 0;
    const cvyi_value *value = cvyi_arg(call, "axis");
    int64_t axis, n;

    if (value->kind == CVYI_LIST && value->n > 1)
        return cvyi_refuse(&phrase->refusal, call->arena, err,
                           CVYI_NOT_SUPPORTED, "axis",
                           "normalise over one axis, or over none",
                           "keeps means over %d axes at once", value->n);
    if (cvyi_is_none(value) || (value->kind == CVYI_LIST && value->n == 0)) {
        cvyi_set_int(&step->attrs, "whole", 1);
        return CVY_OK;
    }
    if (value->kind == CVYI_LIST)
        value = &value->items[0];
    if (!cvyi_as_int(&axis, value) || axis < -rank || axis >= rank)
        return cvyi_refuse(&phrase->refusal, call->arena, err,
                           CVYI_ILLEGAL_IN_SOURCE, "axis",
                           "name an axis that the input has",
                           "axis is outside an input of %d axes", rank);
    axis = axis < 0 ? axis + rank : axis;
    if (!cvyi_size_constant(&n, call->in[0].dims[axis]))
        return cvyi_refuse(&phrase->refusal, call->arena, err,
                           CVYI_ILLEGAL_IN_SOURCE, "axis",
                           "give the input a fixed size there",
                           "the size of axis %lld is not known",
                           (long long)axis);
    cvyi_set_int(&step->attrs, "axis", axis);
    return CVY_OK;
}

/* A number is repeated for every element of the axis. */
static cvy_status read_numbers(cvyi_step *step, cvyi_phrase *phrase,
                               const cvyi_bound *call, const char *name,
                               cvy_error *err)
{
    int64_t wanted = 1;
    const double *reals;
    double *repeated;
    bool single;
    int n;

    if (!cvyi_attr_bool(&step->attrs, "whole"))
        cvyi_size_constant(
            &wanted, call->in[0].dims[cvyi_attr_int(&step->attrs, "axis")]);
    if (!cvyi_keras_reals(&reals, &n, &single, call, cvyi_arg(call, name)) ||
        (n != 1 && n != wanted))
        return cvyi_refuse(&phrase->refusal, call->arena, err,
                           CVYI_NOT_SUPPORTED, name,
                           "give one number, or one for each element of the "
                           "axis",
                           "%s does not fit the axis", name);
    repeated = cvyi_arena_alloc(call->arena, (size_t)wanted, sizeof *repeated);
    if (reals == NULL || repeated == NULL)
        return cvyi_no_memory(err);
    for (int64_t i = 0; i < wanted; i++)
        repeated[i] = reals[n > 1 ? i : 0];
    *cvyi_attr_set(&step->attrs, name) =
        (cvyi_attr_value){ .n = (int)wanted, .reals = repeated };
    return CVY_OK;
}

static cvy_status from_normalization(cvyi_phrase *out, const cvyi_bound *call,
                                     cvy_error *err)
{
    cvyi_step *const step = cvyi_phrase_add(out, call, "normalize");
    const bool mean = !cvyi_is_none(cvyi_arg(call, "mean"));
    const bool variance = !cvyi_is_none(cvyi_arg(call, "variance"));
    bool invert;

    CVYI_TRY(read_axis(step, out, call, err));
    CVYI_TRY(cvyi_arg_bool(&invert, out, call, "invert", err));
    cvyi_set_int(&step->attrs, "invert", invert);
    if (mean != variance)
        return cvyi_refuse(&out->refusal, call->arena, err,
                           CVYI_ILLEGAL_IN_SOURCE, mean ? "variance" : "mean",
                           "give both or none",
                           "mean and variance must be given together");
    if (mean) {
        CVYI_TRY(read_numbers(step, out, call, "mean", err));
        return read_numbers(step, out, call, "variance", err);
    }

    const char *const layout =
        cvyi_attr_bool(&step->attrs, "whole") ? "-> 1" : "C";

    cvyi_step_slot_add(step, "mean", "mean", layout)->frozen = true;
    cvyi_step_slot_add(step, "variance", "variance", layout)->frozen = true;
    return CVY_OK;
}

/* clang-format off */
const cvyi_spelling cvyi_normalize_keras[] = {
    { .dialect = "keras3", .name = "keras.layers.Normalization",
      .signature = "axis=-1, mean=None, variance=None, invert=False, "
                   "**kwargs",
      .from_call = from_normalization },
    { 0 }
};
/* clang-format on */
