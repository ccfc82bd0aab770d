/* layer/glu/torch.c - torch's words for gated linear units. */
#include "layer/axis.h"

static cvy_status from_call(cvyi_phrase *out, const cvyi_bound *call,
                            cvy_error *err)
{
    return cvyi_axis_from_dim(out, call, "glu", err);
}

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

/* clang-format off */
const cvyi_spelling cvyi_glu_torch[] = {
    { .dialect = "torch", .name = "torch.nn.GLU",
      .signature = "dim=-1",
      .arguments = cvyi_axis_dim_arguments,
      .from_call = from_call,
      .form = CVYI_FORM_MODULE, .to_call = to_module },
    { .dialect = "torch", .name = "torch.nn.functional.glu",
      .signature = "x, dim=-1",
      .arguments = cvyi_axis_dim_arguments,
      .from_call = from_call,
      .form = CVYI_FORM_FUNCTION, .to_call = to_function },
    { 0 }
};
/* clang-format on */
