/* layer/concat/stack.c - joining along a new axis. */
#include "layer/concat/words.h"
#include "layer/merge.h"

/* Every tensor of the call, one after the other. */
static cvy_status add_expand(cvyi_phrase *out, const cvyi_bound *call,
                             int64_t axis, cvy_error *err)
{
    bool *const operands =
        cvyi_arena_alloc(call->arena, (size_t)call->n_in, sizeof *operands);
    cvyi_step *step;

    if (operands == NULL)
        return cvyi_no_memory(err);
    for (int k = 0; k < call->n_in; k++)
        operands[k] = true;
    step = cvyi_phrase_add(out, call, "expand");
    if (step == NULL)
        return cvyi_fail(err, CVY_ARGUMENT, "the phrase is full");
    step->label = "expand";
    step->argument = true;
    step->operands = operands;
    cvyi_set_int(&step->attrs, "rank", call->in[0].rank + 1);
    cvyi_set_int(&step->attrs, "axis", axis);
    return CVY_OK;
}

cvy_status cvyi_concat_from_stack(cvyi_phrase *out, const cvyi_bound *call,
                                  cvy_error *err)
{
    const int rank = call->n_in > 0 ? call->in[0].rank : 0;
    cvyi_step *step;
    int64_t axis;

    CVYI_TRY(cvyi_merge_list(out, call, err));
    CVYI_TRY(cvyi_arg_int(&axis, out, call, "axis", INT64_MIN, err));
    axis += axis < 0 ? rank + 1 : 0;
    if (axis < 1 || axis > rank || rank >= CVYI_MAX_DIMS)
        return cvyi_refuse(&out->refusal, call->arena, err, CVYI_NOT_SUPPORTED,
                           "axis", "stack along an axis behind the batch",
                           "tensors are not stacked before the batch");
    for (int k = 1; k < call->n_in; k++)
        if (call->in[k].rank != rank)
            return cvyi_refuse(&out->refusal, call->arena, err,
                               CVYI_ILLEGAL_IN_SOURCE, "",
                               "give all tensors the same shape",
                               "tensors 0 and %d differ in shape", k);
    CVYI_TRY(add_expand(out, call, axis, err));
    step = cvyi_phrase_add(out, call, "concat");
    if (step == NULL)
        return cvyi_fail(err, CVY_ARGUMENT, "the phrase is full");
    cvyi_set_int(&step->attrs, "axis", axis);
    return CVY_OK;
}
