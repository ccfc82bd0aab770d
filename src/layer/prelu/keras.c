/* layer/prelu/keras.c - Keras' words for a learned slope below 0. */
#include "layer/keras.h"

/* shared[i]: one weight for the whole of axis i. */
static cvy_status arg_shared(bool *shared, cvyi_phrase *out,
                             const cvyi_bound *call, cvy_error *err)
{
    const cvyi_value *const given = cvyi_arg(call, "shared_axes");
    const bool list = given->kind == CVYI_LIST;
    const int n = cvyi_is_none(given) ? 0 : list ? given->n : 1;

    for (int i = 0; i < n; i++) {
        int64_t axis = 0;

        if (!cvyi_as_int(&axis, list ? &given->items[i] : given) || axis < 1 ||
            axis >= call->in[0].rank)
            return cvyi_refuse(&out->refusal, call->arena, err,
                               CVYI_ILLEGAL_IN_SOURCE, "shared_axes",
                               "name axes of the input, from 1",
                               "shared_axes names an axis that an input of "
                               "%d axes does not have",
                               call->in[0].rank);
        shared[axis] = true;
    }
    return CVY_OK;
}

/* An axis of one element needs no slopes of its own. */
static bool is_one(cvyi_size size)
{
    int64_t value = 0;

    return cvyi_size_constant(&value, size) && value == 1;
}

/* The layer does not say where its channels are. Slopes on axis 1 alone are
 * those of channels first; all else is read as channels last. */
static cvyi_axes find_axes(const bool *own, int rank)
{
    for (int i = 2; i < rank; i++)
        if (own[i])
            return CVYI_AXES_LAST;
    return rank > 2 && own[1] ? CVYI_AXES_FIRST : CVYI_AXES_LAST;
}

static cvy_status from_call(cvyi_phrase *out, const cvyi_bound *call,
                            cvy_error *err)
{
    const cvyi_type *const in = call->in;
    bool own[CVYI_MAX_DIMS] = { false };
    int64_t positions[CVYI_MAX_DIMS];
    cvyi_step *const step = cvyi_phrase_add(out, call, "prelu");

    if (step == NULL)
        return cvyi_fail(err, CVY_ARGUMENT, "the phrase is full");
    CVYI_TRY(arg_shared(own, out, call, err));
    for (int i = 1; i < in->rank; i++)
        own[i] = !own[i] && !is_one(in->dims[i]);
    step->axes = find_axes(own, in->rank);

    const bool last = step->axes == CVYI_AXES_LAST;

    for (int i = 0; i + 2 < in->rank; i++)
        positions[i] = own[last ? i + 1 : i + 2];
    cvyi_set_int(&step->attrs, "channels", own[last ? in->rank - 1 : 1]);
    if (in->rank > 2)
        cvyi_set_ints(&step->attrs, "positions", positions, in->rank - 2);
    cvyi_keras_slot(step, call, "weight", "alpha", last ? "S C -> C S" : "C S",
                    "alpha");
    return cvyi_keras_training_only(out, call, err);
}

const cvyi_spelling cvyi_prelu_keras[] = {
    { .dialect = "keras3",
      .name = "keras.layers.PReLU",
      .signature = "alpha_initializer='Zeros', alpha_regularizer=None, "
                   "alpha_constraint=None, shared_axes=None, **kwargs",
      .from_call = from_call },
    { 0 }
};
