/* layer/normalize/keras.c - Keras' words for a fixed mean and spread. */
#include "layer/keras.h"
#include "layer/norm.h"
#include "layer/normalize/words.h"

#include <string.h>

/* The axes that have means of their own, in ascending order. */
typedef struct kept {
    int n;
    int axis[CVYI_MAX_DIMS];
    int64_t length[CVYI_MAX_DIMS];
} kept;

static cvy_status refuse_axis(cvyi_phrase *phrase, const cvyi_bound *call,
                              cvy_error *err)
{
    return cvyi_refuse(&phrase->refusal, call->arena, err,
                       CVYI_ILLEGAL_IN_SOURCE, "axis",
                       "name axes that the input has, each once",
                       "axis names no different axes of an input of %d axes",
                       call->in[0].rank);
}

/* None, an axis, or a list of them in any order. */
static cvy_status read_axes(kept *out, cvyi_phrase *phrase,
                            const cvyi_bound *call, cvy_error *err)
{
    const cvyi_type *const in = &call->in[0];
    const cvyi_value *const given = cvyi_arg(call, "axis");
    const bool list = given->kind == CVYI_LIST;
    const int n = cvyi_is_none(given) ? 0 : list ? given->n : 1;
    bool wanted[CVYI_MAX_DIMS] = { false };

    for (int i = 0; i < n; i++) {
        int64_t axis;

        if (!cvyi_as_int(&axis, list ? &given->items[i] : given) ||
            axis < -in->rank || axis >= in->rank)
            return refuse_axis(phrase, call, err);
        axis = axis < 0 ? axis + in->rank : axis;
        if (wanted[axis])
            return cvyi_refuse(&phrase->refusal, call->arena, err,
                               CVYI_NOT_SUPPORTED, "axis",
                               "name each axis once",
                               "an axis that is named twice");
        wanted[axis] = true;
    }
    for (int i = 0; i < in->rank; i++) {
        if (!wanted[i])
            continue;
        if (!cvyi_size_constant(&out->length[out->n], in->dims[i]))
            return cvyi_refuse(&phrase->refusal, call->arena, err,
                               CVYI_ILLEGAL_IN_SOURCE, "axis",
                               "give the input a fixed size there",
                               "the size of axis %d is not known", i);
        out->axis[out->n++] = i;
    }
    return CVY_OK;
}

/* ---- means that the call itself brings along ---- */

/* Nested lists of numbers; rank 0 is one number. */
typedef struct array {
    int rank;
    int64_t dims[CVYI_MAX_DIMS];
    int n;
    double *reals;
} array;

/* Counts the numbers, and keeps them if there is memory for them; false if
 * the lists are not all as long as the first. */
static bool walk(array *out, const cvyi_value *value, int depth)
{
    double real;

    if (depth == out->rank) {
        if (!cvyi_as_double(&real, value))
            return false;
        if (out->reals != NULL)
            out->reals[out->n] = real;
        out->n++;
        return true;
    }
    if (value->kind != CVYI_LIST || value->n != out->dims[depth])
        return false;
    for (int i = 0; i < value->n; i++)
        if (!walk(out, &value->items[i], depth + 1))
            return false;
    return true;
}

/* *good: these are numbers in a full array. */
static cvy_status read_array(array *out, bool *good, const cvyi_bound *call,
                             const char *name, cvy_error *err)
{
    const cvyi_value *value = cvyi_arg(call, name);

    *out = (array){ 0 };
    *good = false;
    if (value->kind == CVYI_DICT)
        value = cvyi_get(cvyi_get(value, "config"), "value");
    for (const cvyi_value *v = value; v != NULL && v->kind == CVYI_LIST;
         v = &v->items[0]) {
        if (v->n == 0 || out->rank == CVYI_MAX_DIMS)
            return CVY_OK;
        out->dims[out->rank++] = v->n;
    }
    if (value == NULL || !walk(out, value, 0))
        return CVY_OK;
    out->reals = cvyi_arena_alloc(call->arena, (size_t)out->n, sizeof(double));
    if (out->reals == NULL)
        return cvyi_no_memory(err);
    out->n = 0;
    *good = walk(out, value, 0);
    return CVY_OK;
}

/* The array's last axis is for the last axis that is kept, and so on; where
 * it has one element or none, all share it. */
static bool mark_given(int64_t *marks, const array *mean, const kept *k)
{
    int64_t mark = 0;

    if (mean->rank > k->n)
        return false;
    for (int i = 0; i < mean->rank; i++) {
        const int at = k->n - mean->rank + i;

        if (mean->dims[i] == 1)
            continue;
        if (mean->dims[i] != k->length[at])
            return false;
        marks[k->axis[at]] = ++mark;
    }
    return true;
}

static cvy_status read_given(cvyi_step *step, cvyi_phrase *phrase,
                             const cvyi_bound *call, const kept *k,
                             cvy_error *err)
{
    static const char *const names[] = { "mean", "variance" };
    int64_t marks[CVYI_MAX_DIMS] = { 0 };
    array given[2];
    bool good;

    for (int i = 0; i < 2; i++) {
        CVYI_TRY(read_array(&given[i], &good, call, names[i], err));
        if (!good || (i == 0 ? !mark_given(marks, &given[0], k)
                             : given[1].rank != given[0].rank ||
                                   memcmp(given[1].dims, given[0].dims,
                                          sizeof given[0].dims) != 0))
            return cvyi_refuse(&phrase->refusal, call->arena, err,
                               CVYI_ILLEGAL_IN_SOURCE, names[i],
                               "give one number, or one for each element of "
                               "the axes",
                               "%s does not fit the axes", names[i]);
        *cvyi_attr_set(&step->attrs, names[i]) =
            (cvyi_attr_value){ .n = given[i].n, .reals = given[i].reals };
    }
    for (int i = 0; i < call->in[0].rank; i++)
        if (marks[i] != 0)
            cvyi_set_ints(&step->attrs, "axes", marks, call->in[0].rank);
    return CVY_OK;
}

/* ---- means that were adapted to data ---- */

/* An axis of one element has no means of its own. */
static cvy_status add_adapted(cvyi_step *step, const kept *k,
                              const cvyi_bound *call, cvy_error *err)
{
    const char *const layout =
        cvyi_normalize_layout(call->arena, k->length, k->n);
    int64_t marks[CVYI_MAX_DIMS] = { 0 };
    int n = 0;

    if (layout == NULL)
        return cvyi_no_memory(err);
    for (int i = 0; i < k->n; i++)
        if (k->length[i] > 1)
            marks[k->axis[i]] = ++n;
    if (n > 0)
        cvyi_set_ints(&step->attrs, "axes", marks, call->in[0].rank);
    cvyi_norm_slot(step, "mean", "mean", layout, 0)->frozen = true;
    cvyi_norm_slot(step, "variance", "variance", layout, 1)->frozen = true;
    return CVY_OK;
}

static cvy_status from_normalization(cvyi_phrase *out, const cvyi_bound *call,
                                     cvy_error *err)
{
    cvyi_step *const step = cvyi_phrase_add(out, call, "normalize");
    const bool mean = !cvyi_is_none(cvyi_arg(call, "mean"));
    const bool variance = !cvyi_is_none(cvyi_arg(call, "variance"));
    kept axes = { 0 };
    bool invert;

    if (step == NULL)
        return cvyi_fail(err, CVY_ARGUMENT, "the phrase is full");
    CVYI_TRY(read_axes(&axes, out, call, err));
    CVYI_TRY(cvyi_arg_bool(&invert, out, call, "invert", err));
    cvyi_set_int(&step->attrs, "invert", invert);
    if (mean != variance)
        return cvyi_refuse(&out->refusal, call->arena, err,
                           CVYI_ILLEGAL_IN_SOURCE, mean ? "variance" : "mean",
                           "give both or none",
                           "mean and variance must be given together");
    if (mean)
        return read_given(step, out, call, &axes, err);
    return add_adapted(step, &axes, call, err);
}

/* clang-format off */
static const cvyi_argument arguments[] = {
    { "axis",     "axes",     "axes with a mean of their own; None: one for "
                              "all" },
    { "mean",     "mean",     NULL },
    { "variance", "variance", NULL },
    { "invert",   "invert",   NULL },
    { 0 }
};

#define NORMALIZATION(words) \
    .dialect = words, .name = "keras.layers.Normalization", \
    .signature = "axis=-1, mean=None, variance=None, invert=False, **kwargs", \
    .from_call = from_normalization, .form = CVYI_FORM_MODULE, \
    .arguments = arguments

const cvyi_spelling cvyi_normalize_keras[] = {
    { NORMALIZATION("keras3"), .to_call = cvyi_normalize_to_layer },
    { NORMALIZATION("keras2") },
    { 0 }
};
/* clang-format on */
