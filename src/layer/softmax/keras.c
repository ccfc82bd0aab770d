/* layer/softmax/keras.c - Keras' words for softmax. */
#include "layer/axis.h"

/* The axes of a list: each must exist and stand there once. */
static cvy_status mark_listed(int64_t *marks, cvyi_phrase *out,
                              const cvyi_bound *call, const cvyi_value *list,
                              cvy_error *err)
{
    const int rank = call->in[0].rank;

    for (int i = 0; i < list->n; i++) {
        int64_t axis;
        bool good = cvyi_as_int(&axis, &list->items[i]) && axis >= -rank &&
                    axis < rank;

        if (good) {
            axis = axis < 0 ? axis + rank : axis;
            good = marks[axis] == 0;
        }
        if (!good)
            return cvyi_refuse(&out->refusal, call->arena, err,
                               CVYI_ILLEGAL_IN_SOURCE, "axis",
                               "name axes that the input has, each once",
                               "axis is no list of different axes of an "
                               "input of %d axes",
                               rank);
        marks[axis] = 1;
    }
    return CVY_OK;
}

/* The first marked axis is `axis`, any others are `more`. */
static void set_axes(cvyi_step *step, int64_t *marks, int rank)
{
    int first = 0;
    bool more = false;

    while (marks[first] == 0)
        first++;
    marks[first] = 0;
    for (int i = first; i < rank; i++)
        more = more || marks[i] != 0;
    cvyi_set_int(&step->attrs, "axis", first);
    if (more)
        cvyi_set_ints(&step->attrs, "more", marks, rank);
}

static cvy_status from_call(cvyi_phrase *out, const cvyi_bound *call,
                            cvy_error *err)
{
    return cvyi_axis_from_call(out, call, "softmax", err);
}

/* An axis, a list of some, or None for all. */
static cvy_status from_layer(cvyi_phrase *out, const cvyi_bound *call,
                             cvy_error *err)
{
    const cvyi_value *const given = cvyi_arg(call, "axis");
    const int rank = call->in[0].rank;
    int64_t marks[CVYI_MAX_DIMS] = { 0 };

    if (rank == 0 || (!cvyi_is_none(given) && given->kind != CVYI_LIST))
        return from_call(out, call, err);
    if (given->kind == CVYI_LIST && given->n == 0)
        return cvyi_refuse(&out->refusal, call->arena, err,
                           CVYI_ILLEGAL_IN_SOURCE, "axis",
                           "name one axis or more", "axis is an empty list");

    cvyi_step *const step = cvyi_phrase_add(out, call, "softmax");

    if (step == NULL)
        return cvyi_fail(err, CVY_ARGUMENT, "the phrase is full");
    if (given->kind == CVYI_LIST)
        CVYI_TRY(mark_listed(marks, out, call, given, err));
    for (int i = 0; cvyi_is_none(given) && i < rank; i++)
        marks[i] = 1;
    set_axes(step, marks, rank);
    return CVY_OK;
}

const cvyi_spelling cvyi_softmax_keras[] = {
    { .dialect = "keras3",
      .name = "keras.activations.softmax",
      .signature = "x, axis=-1",
      .from_call = from_call },
    { .dialect = "keras3",
      .name = "keras.layers.Softmax",
      .signature = "axis=-1, **kwargs",
      .from_call = from_layer },
    { 0 }
};
