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

/* Axes that have weights of their own: returns how many, and the last. */
static int own_axes(int *last, const bool *shared, const cvyi_type *in)
{
    int n = 0;

    for (int i = 1; i < in->rank; i++) {
        int64_t size = 0;
        const bool one = cvyi_size_constant(&size, in->dims[i]) && size == 1;

        if (!shared[i] && !one) {
            *last = i;
            n++;
        }
    }
    return n;
}

static cvy_status from_call(cvyi_phrase *out, const cvyi_bound *call,
                            cvy_error *err)
{
    const cvyi_type *const in = call->in;
    bool shared[CVYI_MAX_DIMS] = { false };
    int axis = -1;

    CVYI_TRY(arg_shared(shared, out, call, err));

    const int n = own_axes(&axis, shared, in);

    if (n > 1 || (n == 1 && axis != 1 && axis != in->rank - 1))
        return cvyi_refuse(&out->refusal, call->arena, err,
                           CVYI_NO_COUNTERPART, "shared_axes",
                           "train it with shared_axes over all spatial axes",
                           "every position has a weight of its own here, in "
                           "torch every channel");

    cvyi_step *const step = cvyi_phrase_add(out, call, "prelu");

    if (step == NULL)
        return cvyi_fail(err, CVY_ARGUMENT, "the phrase is full");
    step->axes = axis == 1 && in->rank > 2 ? CVYI_AXES_FIRST : CVYI_AXES_LAST;
    cvyi_attr_set(&step->attrs, "single")->ints[0] = n == 0;

    cvyi_keras_slot(step, call, "weight", "alpha",
                    step->axes == CVYI_AXES_FIRST ? "C 1S -> C" : "1S C -> C",
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
