/* layer/torch.c - what the torch words of many operators share. */
#include "layer/torch.h"

#include <string.h>

static bool has_argument(const cvyi_bound *call, const char *name)
{
    for (int i = 0; i < call->n; i++)
        if (strcmp(call->names[i], name) == 0)
            return true;
    return false;
}

cvy_status cvyi_torch_input(cvyi_phrase *phrase, const cvyi_bound *call,
                            int rank, cvy_error *err)
{
    const bool function = call->spelling->form == CVYI_FORM_FUNCTION;
    const int found = call->n_in > 0 ? call->in[0].rank : 0;

    if (call->n_in != 1 || (function && has_argument(call, "x") &&
                            cvyi_arg(call, "x")->kind != CVYI_TENSOR))
        return cvyi_refuse(&phrase->refusal, call->arena, err,
                           CVYI_ILLEGAL_IN_SOURCE, function ? "x" : "",
                           "correct this call in the source",
                           "it takes one tensor, not %d", call->n_in);
    if (found < 1 || (rank > 0 && found == rank - 1))
        return cvyi_refuse(&phrase->refusal, call->arena, err,
                           CVYI_NOT_SUPPORTED, "",
                           "give the model an input with a batch",
                           "an input of %d axes is taken as one without a "
                           "batch",
                           found);
    if (rank > 0 && found != rank)
        return cvyi_refuse(&phrase->refusal, call->arena, err,
                           CVYI_ILLEGAL_IN_SOURCE, "",
                           "use the layer for this number of axes",
                           "it needs an input of %d axes, got %d", rank,
                           found);
    return CVY_OK;
}

cvy_status cvyi_torch_extent(cvyi_phrase *phrase, const cvyi_bound *call,
                             int axis, int64_t wanted, const char *argument,
                             cvy_error *err)
{
    int64_t found;

    if (!cvyi_size_constant(&found, call->in[0].dims[axis]))
        return cvyi_refuse(&phrase->refusal, call->arena, err,
                           CVYI_NOT_SUPPORTED, argument,
                           "give the input a known size there",
                           "the input's axis %d has an unknown size", axis);
    if (found != wanted)
        return cvyi_refuse(&phrase->refusal, call->arena, err,
                           CVYI_ILLEGAL_IN_SOURCE, argument,
                           "correct this argument in the source",
                           "%s is %lld, but the input's axis %d has %lld",
                           argument, (long long)wanted, axis,
                           (long long)found);
    return CVY_OK;
}

cvy_status cvyi_torch_dtype(cvyi_phrase *phrase, const cvyi_bound *call,
                            cvy_error *err)
{
    const cvyi_value *const dtype = cvyi_arg(call, "dtype");

    if (cvyi_is_none(dtype) || cvyi_is_text(dtype, "torch.float32") ||
        cvyi_is_text(dtype, "torch.float"))
        return CVY_OK;
    return cvyi_refuse(&phrase->refusal, call->arena, err, CVYI_NOT_SUPPORTED,
                       "dtype", "make it a model of float32",
                       "only float32 is carried over");
}

cvy_status cvyi_torch_must_be_off(cvyi_phrase *phrase, const cvyi_bound *call,
                                  const char *name, const char *advice,
                                  cvy_error *err)
{
    const cvyi_value *const value = cvyi_arg(call, name);
    bool on = true;

    if (cvyi_is_none(value) || (cvyi_as_bool(&on, value) && !on))
        return CVY_OK;
    return cvyi_refuse(&phrase->refusal, call->arena, err, CVYI_NOT_SUPPORTED,
                       name, advice, "%s is not carried over", name);
}

cvy_status cvyi_torch_spatial(int *out, cvyi_phrase *phrase,
                              const cvyi_bound *call, const char *name,
                              cvy_error *err)
{
    const cvyi_value *const tuple = cvyi_arg(call, name);

    if (tuple->kind != CVYI_LIST || tuple->n < 1 ||
        tuple->n > CVYI_MAX_SPATIAL)
        return cvyi_refuse(&phrase->refusal, call->arena, err,
                           CVYI_ILLEGAL_IN_SOURCE, name,
                           "correct this argument in the source",
                           "%s must be a tuple of 1 to %d numbers", name,
                           CVYI_MAX_SPATIAL);
    *out = tuple->n;
    return CVY_OK;
}

cvy_status cvyi_torch_step(cvyi_step **out, cvyi_phrase *phrase,
                           const cvyi_bound *call, const char *op,
                           cvy_error *err)
{
    const int n = call->in[0].rank - 2;
    cvyi_step *step;

    if (n > CVYI_MAX_SPATIAL)
        return cvyi_refuse(&phrase->refusal, call->arena, err,
                           CVYI_NOT_SUPPORTED, "",
                           "leave this layer out, or write it by hand",
                           "an input of %d axes is too many",
                           call->in[0].rank);
    step = cvyi_phrase_add(phrase, call, op);
    if (step == NULL)
        return cvyi_fail(err, CVY_ARGUMENT, "the phrase is full");
    cvyi_attrs_open(&step->attrs, step->attrs.op, n < 0 ? 0 : n);
    step->axes = CVYI_AXES_FIRST;
    *out = step;
    return CVY_OK;
}

void cvyi_torch_means(cvyi_said *said, const cvyi_saying *what,
                      const cvyi_attrs *read)
{
    if (!said->differs && cvyi_attrs_equal(read, what->attrs, NULL))
        return;

    cvyi_attrs *const means =
        cvyi_said_means(said, read->op->name, read->n_spatial);

    if (means != NULL)
        *means = *read;
}
