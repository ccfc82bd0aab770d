/* layer/squeeze/torch.c - torch's word for axes that go; those that are read
 * stand with reshape. */
#include "layer/marks.h"
#include "layer/words.h"

/* {0}.squeeze(2), {0}.squeeze((2, 3)) */
static cvy_status to_function(cvyi_said *out, const cvyi_saying *what,
                              cvy_error *err)
{
    int64_t axes[CVYI_MAX_DIMS] = { 1 };
    int n = cvyi_marked(axes, what->attrs, "axes");

    if (n == 0 && what->in[0].rank != 2)
        return cvyi_fail(err, CVY_UNSUPPORTED, "this is another reshape");
    cvyi_code_begin(out, "{0}.squeeze");
    if (n > 1)
        cvyi_code_tuple(out, NULL, axes, n);
    else
        cvyi_code_int(out, NULL, axes[0]);
    cvyi_code_end(out);
    out->operands = CVYI_BIND_ATOM;
    return CVY_OK;
}

const cvyi_spelling cvyi_squeeze_torch[] = {
    { .dialect = "torch",
      .name = "torch.Tensor.squeeze",
      .form = CVYI_FORM_FUNCTION,
      .to_call = to_function },
    { 0 },
};
