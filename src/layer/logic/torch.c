/* layer/logic/torch.c - torch's words for and, or, not. */
#include "layer/logic/words.h"

static cvy_status to_function(cvyi_said *out, const cvyi_saying *what,
                              cvy_error *err)
{
    return cvyi_logic_say(out, what, "torch", err);
}

/* clang-format off */
#define ROW(text, made, to)                                                  \
    { .dialect = "torch", .name = text, .signature = made,                   \
      .from_call = cvyi_logic_from_call, .form = CVYI_FORM_FUNCTION,         \
      .to_call = to }

const cvyi_spelling cvyi_logic_torch[] = {
    ROW("torch.logical_and", "x, other, *, out=None", to_function),
    ROW("torch.logical_or",  "x, other, *, out=None", NULL),
    ROW("torch.logical_xor", "x, other, *, out=None", NULL),
    ROW("torch.logical_not", "x, *, out=None",        NULL),
    ROW("torch.Tensor.logical_and", "x, other", NULL),
    ROW("torch.Tensor.logical_or",  "x, other", NULL),
    ROW("torch.Tensor.logical_xor", "x, other", NULL),
    ROW("torch.Tensor.logical_not", "x",        NULL),
    { 0 }
};
/* clang-format on */
