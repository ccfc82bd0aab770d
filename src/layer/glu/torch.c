/* layer/glu/torch.c - torch's words for gated linear units. */
#include "layer/axis.h"

static cvy_status to_module(cvyi_said *out, const cvyi_saying *what,
                            cvy_error *err)
{
    return cvyi_axis_say(out, what, "nn.GLU", CVYI_FORM_MODULE, err);
}

static cvy_status to_function(cvyi_said *out, const cvyi_saying *what,
                              cvy_error *err)
{
    return cvyi_axis_say(out, what, "F.glu", CVYI_FORM_FUNCTION, err);
}

const cvyi_spelling cvyi_glu_torch[] = { { .dialect = "torch",
                                           .name = "torch.nn.GLU",
                                           .form = CVYI_FORM_MODULE,
                                           .to_call = to_module },
                                         { .dialect = "torch",
                                           .name = "torch.nn.functional.glu",
                                           .form = CVYI_FORM_FUNCTION,
                                           .to_call = to_function },
                                         { 0 } };
