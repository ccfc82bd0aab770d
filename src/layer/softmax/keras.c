/* layer/softmax/keras.c - Keras' words for softmax. */
#include "layer/axis.h"
#include "layer/torch.h"

/* ---- reading ---- */

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

static cvy_status refuse(cvyi_phrase *out, const cvyi_bound *call,
                         const char *reason, cvy_error *err)
{
    return cvyi_refuse(&out->refusal, call->arena, err, CVYI_ILLEGAL_IN_SOURCE,
                       "axis", "name axes that the input has, each once", "%s",
                       reason);
}

/* An axis, a list of some, or None for all. */
static cvy_status from_axes(cvyi_phrase *out, const cvyi_bound *call,
                            cvy_error *err)
{
    const cvyi_value *const given = cvyi_arg(call, "axis");
    const int rank = call->n_in > 0 ? call->in[0].rank : 0;
    int64_t marks[CVYI_MAX_DIMS] = { 0 };

    if (rank == 0 || (!cvyi_is_none(given) && given->kind != CVYI_LIST))
        return cvyi_axis_from_call(out, call, "softmax", err);
    if (given->kind == CVYI_LIST && given->n == 0)
        return refuse(out, call, "axis is an empty list", err);

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

/* Keras 2 refuses vectors. */
static cvy_status from_axes_2(cvyi_phrase *out, const cvyi_bound *call,
                              cvy_error *err)
{
    const cvyi_value *const given = cvyi_arg(call, "axis");

    if (call->n_in > 0 && call->in[0].rank == 1 && given->kind != CVYI_LIST)
        return refuse(out, call,
                      "Keras 2 takes no softmax of an input with one axis",
                      err);
    return from_axes(out, call, err);
}

/* ---- writing ---- */

/* axis=(1, 2) where there are several, else as all operators of one axis. */
static cvy_status say(cvyi_said *out, const cvyi_saying *what,
                      const char *name, cvy_error *err)
{
    const int64_t axis = cvyi_attr_int(what->attrs, "axis");
    int64_t axes[CVYI_MAX_DIMS], marks[CVYI_MAX_DIMS] = { 0 };
    cvyi_attrs read = *what->attrs;
    const int rank = what->in[0].rank;
    int n_marks, n = 0;
    const int64_t *const more = cvyi_attr_ints(what->attrs, "more", &n_marks);

    for (int i = 0; i < rank; i++)
        if (i == axis || (i < n_marks && more[i] != 0)) {
            marks[i] = n > 0;
            axes[n++] = i;
        }
    if (n > 1) {
        cvyi_code_begin(out, "%s", name);
        if (out->form == CVYI_FORM_FUNCTION)
            cvyi_code_raw(out, NULL, "{0}");
        cvyi_code_tuple(out, "axis", axes, n);
        cvyi_code_end(out);
    } else {
        CVYI_TRY(cvyi_axis_say_keras(out, what, name, err));
    }
    cvyi_set_int(&read, "axis", axes[0]);
    cvyi_set_ints(&read, "more", marks, n > 1 ? rank : 0);
    cvyi_torch_means(out, what, &read);
    return CVY_OK;
}

static cvy_status to_layer(cvyi_said *out, const cvyi_saying *what,
                           cvy_error *err)
{
    return say(out, what, "layers.Softmax", err);
}

static cvy_status to_call(cvyi_said *out, const cvyi_saying *what,
                          cvy_error *err)
{
    return say(out, what, "ops.softmax", err);
}

/* clang-format off */
const cvyi_spelling cvyi_softmax_keras[] = {
    { .dialect = "keras3", .name = "keras.activations.softmax",
      .signature = "x, axis=-1",
      .from_call = from_axes,
      .form = CVYI_FORM_FUNCTION, .arguments = cvyi_axis_arguments },
    { .dialect = "keras3", .name = "keras.ops.softmax",
      .signature = "x, axis=-1",
      .from_call = from_axes,
      .form = CVYI_FORM_FUNCTION, .to_call = to_call,
      .arguments = cvyi_axis_arguments },
    { .dialect = "keras3", .name = "keras.layers.Softmax",
      .signature = "axis=-1, **kwargs",
      .from_call = from_axes,
      .form = CVYI_FORM_MODULE, .to_call = to_layer,
      .arguments = cvyi_axis_arguments },
    { .dialect = "keras2", .name = "keras.activations.softmax",
      .signature = "x, axis=-1",
      .from_call = from_axes_2,
      .form = CVYI_FORM_FUNCTION, .arguments = cvyi_axis_arguments },
    { .dialect = "keras2", .name = "keras.layers.Softmax",
      .signature = "axis=-1, robust_masking=False, **kwargs",
      .from_call = from_axes_2, .arguments = cvyi_axis_arguments },
    { 0 }
};
/* clang-format on */
