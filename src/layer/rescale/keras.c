/* layer/rescale/keras.c - Keras' words for constants times and plus. */
#include "layer/keras.h"

/* A number, or a list along the last axis. */
static cvy_status read_reals(cvyi_attr_value *out, cvyi_phrase *phrase,
                             const cvyi_bound *call, const char *name,
                             cvy_error *err)
{
    const int rank = call->n_in > 0 ? call->in[0].rank : 0;
    int64_t channels = 0;
    const double *reals;
    bool single;
    int n;

    if (rank > 0)
        cvyi_size_constant(&channels, call->in[0].dims[rank - 1]);
    if (!cvyi_keras_reals(&reals, &n, &single, call, cvyi_arg(call, name)) ||
        (n > 1 && n != channels))
        return cvyi_refuse(&phrase->refusal, call->arena, err,
                           CVYI_NOT_SUPPORTED, name,
                           "give one number, or one for each channel of the "
                           "last axis",
                           "%s is neither a number nor a list along the last "
                           "axis",
                           name);
    if (reals == NULL)
        return cvyi_no_memory(err);
    *out = (cvyi_attr_value){ .n = n, .reals = reals };
    return CVY_OK;
}

static cvy_status from_rescaling(cvyi_phrase *out, const cvyi_bound *call,
                                 cvy_error *err)
{
    cvyi_step *const step = cvyi_phrase_add(out, call, "rescale");
    cvyi_attr_value *const scale = cvyi_attr_set(&step->attrs, "scale");
    cvyi_attr_value *const offset = cvyi_attr_set(&step->attrs, "offset");

    CVYI_TRY(read_reals(scale, out, call, "scale", err));
    CVYI_TRY(read_reals(offset, out, call, "offset", err));
    if (scale->n > 1 || offset->n > 1)
        cvyi_set_int(&step->attrs, "axis", call->in[0].rank - 1);
    return CVY_OK;
}

/* clang-format off */
const cvyi_spelling cvyi_rescale_keras[] = {
    { .dialect = "keras3", .name = "keras.layers.Rescaling",
      .signature = "scale, offset=0.0, **kwargs",
      .from_call = from_rescaling },
    { 0 }
};
/* clang-format on */
