/* layer/flatten/keras.c - Keras' words for flattening. */
#include "layer/words.h"

/* Keras flattens channels_first values in the order of channels_last ones. */
static cvy_status add_permute(cvyi_phrase *out, const cvyi_bound *call,
                              cvy_error *err)
{
    const int rank = call->in[0].rank;
    cvyi_step *const step = cvyi_phrase_add(out, call, "permute");
    int64_t order[CVYI_MAX_DIMS] = { 0 };

    if (step == NULL)
        return cvyi_fail(err, CVY_ARGUMENT, "the phrase is full");
    for (int i = 1; i < rank; i++)
        order[i] = i == rank - 1 ? 1 : i + 1;
    cvyi_set_ints(&step->attrs, "axes", order, rank);
    step->label = "channels_last";
    return CVY_OK;
}

static cvy_status from_call(cvyi_phrase *out, const cvyi_bound *call,
                            cvy_error *err)
{
    cvyi_axes axes;

    CVYI_TRY(cvyi_arg_data_format(&axes, out, call, err));
    if (axes == CVYI_AXES_FIRST && call->in[0].rank > 2)
        CVYI_TRY(add_permute(out, call, err));
    if (cvyi_phrase_add(out, call, "flatten") == NULL)
        return cvyi_fail(err, CVY_ARGUMENT, "the phrase is full");
    return CVY_OK;
}

const cvyi_spelling cvyi_flatten_keras[] = {
    { .dialect = "keras3",
      .name = "keras.layers.Flatten",
      .signature = "data_format=None, **kwargs",
      .from_call = from_call },
    { 0 }
};
