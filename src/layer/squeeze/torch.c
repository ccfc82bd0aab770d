/* layer/squeeze/torch.c - torch's word for the batch alone; those that are
 * read stand with reshape. */
#include "layer/words.h"

/* {0}.squeeze(1) */
static cvy_status to_function(cvyi_said *out, const cvyi_saying *what,
                              cvy_error *err)
{
    if (what->in[0].rank != 2)
        return cvyi_fail(err, CVY_UNSUPPORTED, "this is another reshape");
    cvyi_text_put(&out->code, "{0}.squeeze(1)");
    out->binding = CVYI_BIND_ATOM;
    out->operands = CVYI_BIND_ATOM;
    return cvyi_text_status(&out->code, err);
}

const cvyi_spelling cvyi_squeeze_torch[] = {
    { .dialect = "torch",
      .name = "torch.Tensor.squeeze",
      .form = CVYI_FORM_FUNCTION,
      .to_call = to_function },
    { 0 },
};
