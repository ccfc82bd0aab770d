/* layer/fill/words.c - one number in the shape of a value, read. */
#include "layer/fill/words.h"

#include "layer/torch_number.h"

#include <string.h>

static cvy_status fill(cvyi_phrase *out, const cvyi_bound *call, double number,
                       cvy_error *err)
{
    cvyi_step *step;

    CVYI_TRY(cvyi_torch_input(out, call, 0, err));
    for (int i = 1; i < call->n; i++)
        if (strcmp(call->names[i], "dtype") == 0)
            CVYI_TRY(cvyi_torch_must_be_off(out, call, "dtype", "leave it out",
                                            err));
    step = cvyi_phrase_add(out, call, "fill");
    if (step == NULL)
        return cvyi_fail(err, CVY_ARGUMENT, "the phrase is full");
    cvyi_set_real(&step->attrs, "number", number);
    return CVY_OK;
}

cvy_status cvyi_fill_zeros(cvyi_phrase *out, const cvyi_bound *call,
                           cvy_error *err)
{
    return fill(out, call, 0, err);
}

cvy_status cvyi_fill_ones(cvyi_phrase *out, const cvyi_bound *call,
                          cvy_error *err)
{
    return fill(out, call, 1, err);
}

cvy_status cvyi_fill_number(cvyi_phrase *out, const cvyi_bound *call,
                            cvy_error *err)
{
    double number;

    CVYI_TRY(cvyi_torch_number(&number, out, call, "fill_value", err));
    return fill(out, call, number, err);
}

cvy_status cvyi_fill_say(cvyi_said *out, const cvyi_saying *what,
                         const char *package, cvy_error *err)
{
    const double number = cvyi_attr_real(what->attrs, "number");

    cvyi_text_printf(&out->code, "%s.%s_like({0}", package,
                     number == 0   ? "zeros"
                     : number == 1 ? "ones"
                                   : "full");
    if (number != 0 && number != 1) {
        cvyi_text_put(&out->code, ", ");
        cvyi_code_number(out, number);
    }
    cvyi_text_put(&out->code, ")");
    out->binding = CVYI_BIND_ATOM;
    return cvyi_text_status(&out->code, err);
}
