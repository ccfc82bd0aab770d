/* layer/fill/torch.c - torch's words for one number in a shape. */
#include "layer/fill/words.h"

static cvy_status to_function(cvyi_said *out, const cvyi_saying *what,
                              cvy_error *err)
{
    return cvyi_fill_say(out, what, "torch", err);
}

/* clang-format off */
#define ROW(word, made, from, to)                                            \
    { .dialect = "torch", .name = "torch." word, .signature = made,          \
      .from_call = from, .form = CVYI_FORM_FUNCTION, .to_call = to }

const cvyi_spelling cvyi_fill_torch[] = {
    ROW("zeros_like", "x, *, dtype=None",             cvyi_fill_zeros,
        to_function),
    ROW("ones_like",  "x, *, dtype=None",             cvyi_fill_ones,  NULL),
    ROW("full_like",  "x, fill_value, *, dtype=None", cvyi_fill_number, NULL),
    { 0 }
};
/* clang-format on */
