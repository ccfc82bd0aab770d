/* layer/select/torch.c - torch's word for one of two values. */
#include "layer/select/words.h"

static cvy_status to_function(cvyi_said *out, const cvyi_saying *what,
                              cvy_error *err)
{
    return cvyi_select_say(out, what, "torch", err);
}

const cvyi_spelling cvyi_select_torch[] = {
    { .dialect = "torch",
      .name = "torch.where",
      .signature = "condition, input=None, other=None, *, out=None",
      .from_call = cvyi_select_from_call,
      .form = CVYI_FORM_FUNCTION,
      .to_call = to_function },
    { 0 },
};
