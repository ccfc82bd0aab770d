/* layer/log_softmax/torch.c - torch's words for the logarithm of softmax. */
#include "layer/axis.h"

static cvy_status to_module(cvyi_said *out, const cvyi_saying *what,
                            cvy_error *err)
{
    return cvyi_axis_say(out, what, "nn.LogSoftmax", CVYI_FORM_MODULE, err);
}

static cvy_status to_function(cvyi_said *out, const cvyi_saying *what,
                              cvy_error *err)
{
    return cvyi_axis_say(out, what, "torch.log_softmax", CVYI_FORM_FUNCTION,
                         err);
}

const cvyi_spelling cvyi_log_softmax_torch[] = { { .dialect = "torch",
                                                   .name =
                                                       "torch.nn.LogSoftmax",
                                                   .form = CVYI_FORM_MODULE,
                                                   .to_call = to_module },
                                                 { .dialect = "torch",
                                                   .name = "torch.log_softmax",
                                                   .form = CVYI_FORM_FUNCTION,
                                                   .to_call = to_function },
                                                 { 0 } };
