/* layer/dot/torch.c - torch's word for products summed along an axis. */
#include "layer/dot/words.h"

static cvy_status to_call(cvyi_said *out, const cvyi_saying *what,
                          cvy_error *err)
{
    return cvyi_dot_say_equation(out, what, "torch.einsum", err);
}

static const cvyi_argument arguments[] = {
    { "equation", "axes", "a letter for each axis" },
    { 0 },
};

const cvyi_spelling cvyi_dot_torch[] = {
    { .dialect = "torch",
      .name = "torch.einsum",
      .signature = "equation, x, other",
      .from_call = cvyi_dot_from_equation,
      .form = CVYI_FORM_FUNCTION,
      .to_call = to_call,
      .arguments = arguments },
    { 0 },
};
