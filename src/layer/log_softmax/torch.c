/* layer/log_softmax/torch.c - torch's words for the logarithm of softmax. */
#include "layer/axis.h"

static cvy_status from_call(cvyi_phrase *out, const cvyi_bound *call,
                            cvy_error *err)
{
    return cvyi_axis_from_dim(out, call, "log_softmax", err);
}

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

#define DIM "x, dim, *, dtype=None"
#define STACK "x, dim=None, _stacklevel=3, dtype=None"

/* clang-format off */
const cvyi_spelling cvyi_log_softmax_torch[] = {
    { .dialect = "torch", .name = "torch.nn.LogSoftmax",
      .signature = "dim=None",
      .arguments = cvyi_axis_dim_arguments,
      .from_call = from_call,
      .form = CVYI_FORM_MODULE, .to_call = to_module },
    { .dialect = "torch", .name = "torch.log_softmax",
      .signature = DIM,
      .arguments = cvyi_axis_dim_arguments,
      .from_call = from_call,
      .form = CVYI_FORM_FUNCTION, .to_call = to_function },
    { .dialect = "torch", .name = "torch.nn.functional.log_softmax",
      .signature = STACK,
      .arguments = cvyi_axis_dim_arguments,
      .from_call = from_call,
      .form = CVYI_FORM_FUNCTION },
    { .dialect = "torch", .name = "torch.special.log_softmax",
      .signature = DIM,
      .arguments = cvyi_axis_dim_arguments,
      .from_call = from_call,
      .form = CVYI_FORM_FUNCTION },
    { .dialect = "torch", .name = "torch.Tensor.log_softmax",
      .signature = DIM,
      .arguments = cvyi_axis_dim_arguments,
      .from_call = from_call,
      .form = CVYI_FORM_FUNCTION },
    { 0 }
};
/* clang-format on */
