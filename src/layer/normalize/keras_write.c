/* layer/normalize/keras_write.c - a fixed mean and spread, written for Keras.
 */
#include "layer/marks.h"
#include "layer/normalize/words.h"
#include "layer/torch.h"

/* The axes with means of their own, ascending. */
typedef struct listed {
    int n, rank;
    int64_t axes[CVYI_MAX_DIMS], dims[CVYI_MAX_DIMS];
    int order[CVYI_MAX_DIMS];     /* the slot's axes */
    int64_t steps[CVYI_MAX_DIMS]; /* between numbers of the attributes */
} listed;

static listed list_axes(const cvyi_saying *what)
{
    const cvyi_shape *const slot = &what->slots[0];
    int n;
    const int64_t *const marks = cvyi_attr_ints(what->attrs, "axes", &n);
    listed l = { .rank = what->in[0].rank };

    for (int i = 0; i < n; i++) {
        int64_t step = 1;

        if (marks[i] == 0)
            continue;
        for (int k = (int)marks[i]; k < slot->rank; k++)
            step *= slot->dims[k];
        l.axes[l.n] = i;
        l.dims[l.n] = slot->dims[marks[i] - 1];
        l.steps[l.n] = step;
        l.order[l.n++] = (int)marks[i] - 1;
    }
    return l;
}

static void say_axes(cvyi_said *out, const listed *l)
{
    if (l->n == 0)
        cvyi_code_raw(out, "axis", "None");
    else if (l->n > 1)
        cvyi_code_tuple(out, "axis", l->axes, l->n);
    else if (l->axes[0] != l->rank - 1)
        cvyi_code_int(out, "axis", l->axes[0]);
}

/* One number, or lists in lists: an element for each of an axis. */
static void put_numbers(cvyi_said *out, const listed *l, int axis,
                        const double *reals)
{
    if (axis == l->n) {
        cvyi_code_number(out, *reals);
        return;
    }
    cvyi_text_put(&out->code, "[");
    for (int64_t i = 0; i < l->dims[axis]; i++) {
        cvyi_text_put(&out->code, i > 0 ? ", " : "");
        put_numbers(out, l, axis + 1, reals + i * l->steps[axis]);
    }
    cvyi_text_put(&out->code, "]");
}

static cvy_status say_slots(cvyi_said *out, const cvyi_saying *what,
                            const listed *l, cvy_error *err)
{
    const char *const layout =
        l->n == 0 ? "1 ->" : cvyi_marks_layout(what->arena, l->order, l->n);

    if (layout == NULL)
        return cvyi_no_memory(err);
    cvyi_said_slot_add(out, "mean", "mean", layout);
    cvyi_said_slot_add(out, "variance", "variance", layout);
    return CVY_OK;
}

/* The numbers in the order in which they were said. */
static cvy_status set_numbers(cvyi_attrs *read, const listed *l,
                              const char *name, cvyi_arena *arena,
                              cvy_error *err)
{
    cvyi_attr_value *const value = cvyi_attr_set(read, name);
    double *const reals =
        cvyi_arena_alloc(arena, (size_t)value->n, sizeof *reals);

    if (reals == NULL)
        return cvyi_no_memory(err);
    for (int i = 0; i < value->n; i++) {
        int64_t rest = i, at = 0;

        for (int k = l->n - 1; k >= 0; k--) {
            at += rest % l->dims[k] * l->steps[k];
            rest /= l->dims[k];
        }
        reals[i] = value->reals[at];
    }
    value->reals = reals;
    return CVY_OK;
}

static cvy_status means(cvyi_said *out, const cvyi_saying *what,
                        const listed *l, bool given, cvy_error *err)
{
    cvyi_attrs read = *what->attrs;
    int64_t marks[CVYI_MAX_DIMS] = { 0 };

    for (int i = 0; i < l->n; i++)
        marks[l->axes[i]] = i + 1;
    if (l->n > 0)
        cvyi_set_ints(&read, "axes", marks, l->rank);
    if (given) {
        CVYI_TRY(set_numbers(&read, l, "mean", what->arena, err));
        CVYI_TRY(set_numbers(&read, l, "variance", what->arena, err));
    }
    cvyi_torch_means(out, what, &read);
    return CVY_OK;
}

cvy_status cvyi_normalize_to_layer(cvyi_said *out, const cvyi_saying *what,
                                   cvy_error *err)
{
    const cvyi_attr_value *const mean = cvyi_attr_at(what->attrs, "mean");
    const bool given = mean->n > 0;
    const listed l = list_axes(what);

    if (cvyi_attr_real(what->attrs, "least") != 1e-7 ||
        cvyi_attr_bool(what->attrs, "spreads"))
        return cvyi_refuse(&out->refusal, what->arena, err,
                           CVYI_NO_COUNTERPART, "variance",
                           "give variances, as Keras takes them",
                           "Keras divides by the root of a variance, and by "
                           "1e-7 at least");
    cvyi_code_begin(out, "layers.Normalization");
    say_axes(out, &l);
    if (given) {
        cvyi_code_raw(out, "mean", "");
        put_numbers(out, &l, 0, mean->reals);
        cvyi_code_raw(out, "variance", "");
        put_numbers(out, &l, 0, cvyi_attr_at(what->attrs, "variance")->reals);
    }
    if (cvyi_attr_bool(what->attrs, "invert"))
        cvyi_code_bool(out, "invert", true);
    cvyi_code_end(out);
    if (!given)
        CVYI_TRY(say_slots(out, what, &l, err));
    return means(out, what, &l, given, err);
}
