/* layer/multiply/torch.c - torch's words for a product. */
#include "layer/merge.h"
#include "layer/torch_number.h"

static cvy_status to_call(cvyi_said *out, const cvyi_saying *what,
                          cvy_error *err)
{
    return cvyi_merge_say(out, what, "*", CVYI_BIND_PRODUCT, err);
}

#define READ(text, made)                                             \
    {                                                                \
        .dialect = "torch", .name = text, .signature = made,         \
        .from_call = cvyi_torch_product, .form = CVYI_FORM_FUNCTION, \
        .arguments = cvyi_product_arguments                          \
    }

/* clang-format off */
const cvyi_spelling cvyi_multiply_torch[] = {
    { .dialect = "torch", .name = "torch.mul",
      .signature = "x, other, *, out=None",
      .from_call = cvyi_torch_product,
      .form = CVYI_FORM_FUNCTION, .to_call = to_call,
      .arguments = cvyi_product_arguments },
    READ("operator.mul",          "x, other"),
    READ("torch.multiply",        "x, other, *, out=None"),
    READ("torch.Tensor.mul",      "x, other"),
    READ("torch.Tensor.multiply", "x, other"),
    { 0 }
};
/* clang-format on */
