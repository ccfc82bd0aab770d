/* layer/array_number.c - arithmetic between a tensor and an array. */
#include "layer/array_number.h"

#include <float.h>
#include <math.h>
#include <string.h>

/* As Keras writes it into a config, or as TensorFlow does. */
static const cvyi_value *array_of(const cvyi_value *value)
{
    if (value->kind == CVYI_DICT)
        value = cvyi_get(cvyi_get(value, "config"), "value");
    return value != NULL && value->kind == CVYI_LIST ? value : NULL;
}

/* A row of numbers inside as many lists of one item as may be. */
static const cvyi_value *row_of(int *depth, const cvyi_value *array)
{
    *depth = 1;
    while (array->n == 1 && array->items[0].kind == CVYI_LIST) {
        array = &array->items[0];
        ++*depth;
    }
    return array;
}

static cvy_status refuse(cvyi_phrase *phrase, const cvyi_bound *call,
                         const char *name, cvy_error *err)
{
    return cvyi_refuse(&phrase->refusal, call->arena, err, CVYI_NOT_SUPPORTED,
                       name,
                       "use a number, or one for each element of the last "
                       "axis",
                       "%s is an array of another shape, or of no numbers of "
                       "float32",
                       name);
}

/* The numbers, which the last axis has as many of, or which is one. */
static cvy_status read(cvyi_attr_value *out, cvyi_phrase *phrase,
                       const cvyi_bound *call, const char *name,
                       const cvyi_value *array, cvy_error *err)
{
    const cvyi_type *const in = &call->in[0];
    int depth;
    const cvyi_value *const row = row_of(&depth, array);
    double *const reals =
        cvyi_arena_alloc(call->arena, (size_t)row->n + 1, sizeof *reals);
    int64_t length = 0;

    if (reals == NULL)
        return cvyi_no_memory(err);
    if (in->rank > 0)
        (void)cvyi_size_constant(&length, in->dims[in->rank - 1]);
    if (row->n < 1 || depth > in->rank || (row->n > 1 && row->n != length))
        return refuse(phrase, call, name, err);
    for (int i = 0; i < row->n; i++)
        if (!cvyi_as_double(&reals[i], &row->items[i]) ||
            !(fabs(reals[i]) <= (double)FLT_MAX))
            return refuse(phrase, call, name, err);
    *out = (cvyi_attr_value){ .n = row->n, .reals = reals };
    return CVY_OK;
}

static cvy_status one(cvyi_attr_value *out, const cvyi_bound *call,
                      double value, cvy_error *err)
{
    double *const real = cvyi_arena_alloc(call->arena, 1, sizeof *real);

    if (real == NULL)
        return cvyi_no_memory(err);
    *real = value;
    *out = (cvyi_attr_value){ .n = 1, .reals = real };
    return CVY_OK;
}

static void negate(cvyi_attr_value *list)
{
    for (int i = 0; i < list->n; i++)
        ((double *)list->reals)[i] = 0 - list->reals[i];
}

cvy_status cvyi_array_rescale(bool *done, cvyi_phrase *phrase,
                              const cvyi_bound *call, char sign,
                              cvy_error *err)
{
    const int side = array_of(call->values[0]) != NULL ? 0 : 1;
    const cvyi_value *const array = array_of(call->values[side]);
    const bool adds = sign == '+' || sign == '-';
    cvyi_attr_value list, other;
    cvyi_step *step;

    *done = false;
    if (array == NULL || strcmp(call->spelling->dialect, "torch") == 0)
        return CVY_OK;
    if (call->n_in != 1 || call->values[1 - side]->kind != CVYI_TENSOR ||
        (sign == '/' && side == 0))
        return refuse(phrase, call, call->names[side], err);
    CVYI_TRY(read(&list, phrase, call, call->names[side], array, err));
    CVYI_TRY(one(&other, call,
                 !adds                      ? 0
                 : sign == '-' && side == 0 ? -1
                                            : 1,
                 err));
    if (sign == '-' && side == 1)
        negate(&list);
    step = cvyi_phrase_add(phrase, call, "rescale");
    if (step == NULL)
        return cvyi_fail(err, CVY_ARGUMENT, "the phrase is full");
    *cvyi_attr_set(&step->attrs, adds ? "offset" : "scale") = list;
    *cvyi_attr_set(&step->attrs, adds ? "scale" : "offset") = other;
    cvyi_set_int(&step->attrs, "divide", sign == '/');
    if (list.n > 1)
        cvyi_set_int(&step->attrs, "axis", call->in[0].rank - 1);
    *done = true;
    return CVY_OK;
}
