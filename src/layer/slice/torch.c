/* layer/slice/torch.c - torch's subscripts. */
#include "layer/slice.h"
#include "layer/torch.h"

static cvy_status from_item(cvyi_phrase *out, const cvyi_bound *call,
                            cvy_error *err)
{
    CVYI_TRY(cvyi_torch_input(out, call, 0, err));
    return cvyi_slice_from_item(out, call, true, err);
}

static cvy_status to_item(cvyi_said *out, const cvyi_saying *what,
                          cvy_error *err)
{
    return cvyi_slice_say(out, what, true, err);
}

const cvyi_spelling cvyi_slice_torch[] = {
    { .dialect = "torch",
      .name = "operator.getitem",
      .signature = "x, index",
      .from_call = from_item,
      .form = CVYI_FORM_FUNCTION,
      .to_call = to_item },
    { 0 },
};
