/* layer/softmax/torch.c - torch's words for softmax. */
#include "layer/axis.h"

static cvy_status to_module(cvyi_said *out, const cvyi_saying *what,
                            cvy_error *err)
{
    return cvyi_axis_say(out, what, "nn.Softmax", CVYI_FORM_MODULE, err);
}

static cvy_status to_function(cvyi_said *out, const cvyi_saying *what,
                              cvy_error *err)
{
    return cvyi_axis_say(out, what, "torch.softmax", CVYI_FORM_FUNCTION, err);
}

const cvyi_spelling cvyi_softmax_torch[] = { { .dialect = "torch",
                                               .name = "torch.nn.Softmax",
                                               .form = CVYI_FORM_MODULE,
                                               .to_call = to_module },
                                             { .dialect = "torch",
                                               .name = "torch.softmax",
                                               .form = CVYI_FORM_FUNCTION,
                                               .to_call = to_function },
                                             { 0 } };
