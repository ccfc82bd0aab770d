/* layer/norm.c - what the words of several norms share. */
#include "layer/norm.h"
#include "layer/operand.h"

static cvy_status refuse_shape(cvyi_phrase *phrase, const cvyi_bound *call,
                               const char *name, const cvyi_shape *found,
                               const cvyi_shape *wanted, cvy_error *err)
{
    const cvyi_shape *const shapes[] = { found, wanted };
    cvyi_text text[2] = { { 0 }, { 0 } };
    cvy_status status;

    for (int k = 0; k < 2; k++)
        for (int i = 0; i < shapes[k]->rank; i++)
            cvyi_text_printf(&text[k], "%s%lld", i > 0 ? "x" : "",
                             (long long)shapes[k]->dims[i]);
    status =
        cvyi_refuse(&phrase->refusal, call->arena, err, CVYI_ILLEGAL_IN_SOURCE,
                    name, "correct this argument in the source",
                    "%s is %s, and %s is needed", name, cvyi_text_c(&text[0]),
                    cvyi_text_c(&text[1]));
    cvyi_text_close(&text[0]);
    cvyi_text_close(&text[1]);
    return status;
}

cvy_status cvyi_norm_operand(cvyi_step *step, cvyi_phrase *phrase,
                             const cvyi_bound *call, const char *name,
                             const char *slot, const char *layout,
                             const cvyi_shape *shape, cvy_error *err)
{
    cvyi_shape found;
    int number;
    bool good;

    if (!cvyi_operand_given(call, name))
        return CVY_OK;
    if (cvyi_arg(call, name)->kind != CVYI_TENSOR)
        return cvyi_refuse(&phrase->refusal, call->arena, err,
                           CVYI_NOT_SUPPORTED, name,
                           "give it a name and pass that",
                           "%s is not a tensor of its own", name);
    CVYI_TRY(cvyi_operand_shape(&found, &number, phrase, call, name, 0, err));
    good = found.rank == shape->rank;
    for (int i = 0; good && i < shape->rank; i++)
        good = found.dims[i] == shape->dims[i];
    if (!good)
        return refuse_shape(phrase, call, name, &found, shape, err);
    cvyi_operand_slot(step, slot, name, layout, number);
    return CVY_OK;
}

cvyi_step_slot *cvyi_norm_slot(cvyi_step *step, const char *slot,
                               const char *source, const char *layout,
                               double value)
{
    cvyi_step_slot *const added =
        cvyi_step_slot_add(step, slot, source, layout);

    added->start = (cvyi_start){ .draw = CVYI_DRAW_CONSTANT, .a = value };
    return added;
}
