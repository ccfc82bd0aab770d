/* layer/maximum/torch.c - torch's words for the largest of several values. */
#include "layer/merge.h"
#include "layer/torch_number.h"

static cvy_status from_pair(cvyi_phrase *out, const cvyi_bound *call,
                            cvy_error *err)
{
    return cvyi_torch_tensors(out, call, "maximum", err);
}

static cvy_status to_call(cvyi_said *out, const cvyi_saying *what,
                          cvy_error *err)
{
    return cvyi_merge_nest(out, what, "torch.maximum", err);
}

/* clang-format off */
const cvyi_spelling cvyi_maximum_torch[] = {
    { .dialect = "torch", .name = "torch.maximum",
      .signature = "x, other, *, out=None",
      .from_call = from_pair,
      .form = CVYI_FORM_FUNCTION, .to_call = to_call },
    { .dialect = "torch", .name = "torch.Tensor.maximum",
      .signature = "x, other",
      .from_call = from_pair,
      .form = CVYI_FORM_FUNCTION },
    { 0 }
};
/* clang-format on */
