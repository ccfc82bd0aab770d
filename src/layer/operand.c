/* layer/operand.c - weights that are arguments of a function. */
#include "layer/operand.h"

cvyi_bound cvyi_operand_input(const cvyi_bound *call)
{
    cvyi_bound alone = *call;

    alone.n_in = call->n_in > 0;
    return alone;
}

bool cvyi_operand_given(const cvyi_bound *call, const char *name)
{
    return !cvyi_is_none(cvyi_arg(call, name));
}

static cvy_status read_dims(cvyi_shape *out, cvyi_phrase *phrase,
                            const cvyi_bound *call, const cvyi_type *type,
                            const char *name, cvy_error *err)
{
    cvyi_shape shape = { .rank = type->rank };
    bool known = type->rank > 0;

    for (int i = 0; known && i < type->rank; i++)
        known = type->dims[i] != NULL &&
                cvyi_size_constant(&shape.dims[i], type->dims[i]);
    if (!known)
        return cvyi_refuse(
            &phrase->refusal, call->arena, err, CVYI_NOT_SUPPORTED, name,
            cvyi_arena_printf(call->arena, "say it, as in --input %s=3x16",
                              name),
            "the shape of %s is not known", name);
    *out = shape;
    return CVY_OK;
}

cvy_status cvyi_operand_shape(cvyi_shape *out, int *number,
                              cvyi_phrase *phrase, const cvyi_bound *call,
                              const char *name, int rank, cvy_error *err)
{
    const cvyi_value *const value = cvyi_arg(call, name);
    cvyi_shape shape;

    if (value->kind != CVYI_TENSOR || value->integer < 1 ||
        value->integer >= call->n_in)
        return cvyi_refuse(&phrase->refusal, call->arena, err,
                           value->kind == CVYI_TENSOR ? CVYI_NOT_SUPPORTED
                                                      : CVYI_ILLEGAL_IN_SOURCE,
                           name, "pass a tensor of its own here",
                           "%s must be a tensor, and another than the input",
                           name);
    CVYI_TRY(
        read_dims(&shape, phrase, call, &call->in[value->integer], name, err));
    if (rank > 0 && shape.rank != rank)
        return cvyi_refuse(&phrase->refusal, call->arena, err,
                           CVYI_ILLEGAL_IN_SOURCE, name,
                           "give it that number of axes",
                           "%s must have %d axes, not %d", name, rank,
                           shape.rank);
    *number = (int)value->integer;
    *out = shape;
    return CVY_OK;
}

cvy_status cvyi_operand_vector(int *number, cvyi_phrase *phrase,
                               const cvyi_bound *call, const char *name,
                               int64_t wanted, cvy_error *err)
{
    cvyi_shape shape;
    int found;

    CVYI_TRY(cvyi_operand_shape(&shape, &found, phrase, call, name, 1, err));
    if (shape.dims[0] != wanted)
        return cvyi_refuse(&phrase->refusal, call->arena, err,
                           CVYI_ILLEGAL_IN_SOURCE, name,
                           "give it one element for each output",
                           "%s has %lld elements for %lld outputs", name,
                           (long long)shape.dims[0], (long long)wanted);
    *number = found;
    return CVY_OK;
}

cvyi_step_slot *cvyi_operand_slot(cvyi_step *step, const char *slot,
                                  const char *name, const char *layout,
                                  int number)
{
    cvyi_step_slot *const added = cvyi_step_slot_add(step, slot, name, layout);

    added->operand = number;
    return added;
}
