/* layer/add/torch.c - torch's words for a sum. */
#include "layer/merge.h"
#include "layer/torch_number.h"

static cvy_status to_call(cvyi_said *out, const cvyi_saying *what,
                          cvy_error *err)
{
    return cvyi_merge_say(out, what, "+", CVYI_BIND_SUM, err);
}

/* clang-format off */
const cvyi_spelling cvyi_add_torch[] = {
    { .dialect = "torch", .name = "torch.add",
      .signature = "x, other, *, alpha=1, out=None",
      .from_call = cvyi_torch_sum,
      .form = CVYI_FORM_FUNCTION, .to_call = to_call,
      .arguments = cvyi_sum_arguments },
    { .dialect = "torch", .name = "operator.add",
      .signature = "x, other",
      .from_call = cvyi_torch_sum,
      .form = CVYI_FORM_FUNCTION, .arguments = cvyi_sum_arguments },
    { .dialect = "torch", .name = "torch.Tensor.add",
      .signature = "x, other, *, alpha=1",
      .from_call = cvyi_torch_sum,
      .form = CVYI_FORM_FUNCTION, .arguments = cvyi_sum_arguments },
    { 0 }
};
/* clang-format on */
