/* layer/select/words.c - where(condition, x, y), read and said. */
#include "layer/select/words.h"

#include "layer/torch_number.h"

static const char *const sides[] = { "first", "second" };
static const char *const numbers[] = { "none", "first", "second", "both" };

static cvy_status refuse(cvyi_phrase *out, const cvyi_bound *call, int at,
                         const char *advice, const char *reason,
                         cvy_error *err)
{
    return cvyi_refuse(&out->refusal, call->arena, err, CVYI_NOT_SUPPORTED,
                       call->names[at], advice, "%s %s", call->names[at],
                       reason);
}

/* The truth is the first tensor, the values follow. */
static cvy_status check_tensors(cvyi_phrase *out, const cvyi_bound *call,
                                cvy_error *err)
{
    int next = 0;

    for (int i = 0; i < 3; i++) {
        const cvyi_value *const value = call->values[i];

        if (value->kind != CVYI_TENSOR) {
            if (i == 0)
                return refuse(out, call, i, "compare two tensors first",
                              "is no tensor", err);
            continue;
        }
        if (value->integer != next++)
            return refuse(out, call, i, "give each tensor a name of its own",
                          "is a tensor that the call has twice", err);
        if (call->in[value->integer].rank != call->in[0].rank)
            return refuse(out, call, i, "give all tensors as many axes",
                          "has another number of axes than the truth", err);
    }
    if (call->in[0].dtype != CVY_BOOL)
        return refuse(out, call, 0, "compare the numbers first",
                      "is no truth value", err);
    return CVY_OK;
}

cvy_status cvyi_select_from_call(cvyi_phrase *out, const cvyi_bound *call,
                                 cvy_error *err)
{
    double values[2] = { 0 };
    cvyi_step *step;
    int which = 0;

    for (int i = 1; i < 3; i++)
        if (cvyi_is_none(call->values[i]))
            return refuse(out, call, i, "give it both values",
                          "is missing: the places of what is true are no "
                          "tensor of a fixed shape",
                          err);
    CVYI_TRY(check_tensors(out, call, err));
    for (int i = 0; i < 2; i++) {
        if (call->values[i + 1]->kind == CVYI_TENSOR)
            continue;
        which |= 1 << i;
        CVYI_TRY(
            cvyi_torch_number(&values[i], out, call, call->names[i + 1], err));
    }
    step = cvyi_phrase_add(out, call, "select");
    if (step == NULL)
        return cvyi_fail(err, CVY_ARGUMENT, "the phrase is full");
    cvyi_set_word(&step->attrs, "numbers", numbers[which]);
    for (int i = 0; i < 2; i++)
        cvyi_set_real(&step->attrs, sides[i], values[i]);
    return CVY_OK;
}

cvy_status cvyi_select_say(cvyi_said *out, const cvyi_saying *what,
                           const char *package, cvy_error *err)
{
    const bool both = cvyi_attr_is(what->attrs, "numbers", "both");
    int next = 1;

    cvyi_text_printf(&out->code, "%s.where({0}", package);
    for (int i = 0; i < 2; i++) {
        cvyi_text_put(&out->code, ", ");
        if (both || cvyi_attr_is(what->attrs, "numbers", sides[i]))
            cvyi_code_number(out, cvyi_attr_real(what->attrs, sides[i]));
        else
            cvyi_text_printf(&out->code, "{%d}", next++);
    }
    cvyi_text_put(&out->code, ")");
    out->binding = CVYI_BIND_ATOM;
    return cvyi_text_status(&out->code, err);
}
