/* layer/flatten/keras.c - Keras' words for flattening. */
#include "layer/flatten/words.h"

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

cvy_status cvyi_flatten_from_keras(cvyi_phrase *out, const cvyi_bound *call,
                                   cvy_error *err)
{
    cvyi_axes axes;

    if (call->n_in != 1)
        return cvyi_refuse(&out->refusal, call->arena, err,
                           CVYI_ILLEGAL_IN_SOURCE, "", "give it one input",
                           "needs one input, got %d", call->n_in);
    CVYI_TRY(cvyi_arg_data_format(&axes, out, call, err));
    if (axes == CVYI_AXES_FIRST && call->in[0].rank > 2)
        CVYI_TRY(add_permute(out, call, err));
    if (cvyi_phrase_add(out, call, "flatten") == NULL)
        return cvyi_fail(err, CVY_ARGUMENT, "the phrase is full");
    return CVY_OK;
}

static cvy_status to_layer(cvyi_said *out, const cvyi_saying *what,
                           cvy_error *err)
{
    (void)what;
    (void)err;
    cvyi_code_begin(out, "layers.Flatten");
    cvyi_code_end(out);
    return CVY_OK;
}

/* clang-format off */
static const cvyi_argument arguments[] = {
    { "data_format", "axes", "channels_first is flattened as channels_last" },
    { 0 }
};

#define FLATTEN(framework, to)                                              \
    { .dialect = framework, .name = "keras.layers.Flatten",                 \
      .signature = "data_format=None, **kwargs",                            \
      .from_call = cvyi_flatten_from_keras,                                 \
      .form = CVYI_FORM_MODULE, .to_call = to, .arguments = arguments }

const cvyi_spelling cvyi_flatten_keras[] = {
    FLATTEN("keras3", to_layer),
    FLATTEN("keras2", NULL),
    { 0 }
};
/* clang-format on */
