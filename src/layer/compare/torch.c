/* layer/compare/torch.c - torch's words for comparisons. */
#include "layer/compare/words.h"

/* torch.lt({0}, {1}), torch.gt({0}, 0.5) */
static cvy_status to_function(cvyi_said *out, const cvyi_saying *what,
                              cvy_error *err)
{
    cvyi_text_printf(&out->code, "torch.%s({0}, ",
                     cvyi_compare_short(cvyi_attr_word(what->attrs, "sign")));
    if (what->n_in > 1)
        cvyi_text_put(&out->code, "{1}");
    else
        cvyi_code_number(out, cvyi_attr_real(what->attrs, "number"));
    cvyi_text_put(&out->code, ")");
    out->binding = CVYI_BIND_ATOM;
    return cvyi_text_status(&out->code, err);
}

#define ROW(text, made, to)                                              \
    {                                                                    \
        .dialect = "torch", .name = text, .signature = made,             \
        .from_call = cvyi_compare_from_pair, .form = CVYI_FORM_FUNCTION, \
        .to_call = to                                                    \
    }
/* clang-format off */
#define BOTH(word, to)                                          \
    ROW("torch." word,        "x, other, *, out=None", to),     \
    ROW("torch.Tensor." word, "x, other", NULL)

const cvyi_spelling cvyi_compare_torch[] = {
    BOTH("gt", to_function),
    BOTH("ge", NULL),
    BOTH("lt", NULL),
    BOTH("le", NULL),
    BOTH("eq", NULL),
    BOTH("ne", NULL),
    BOTH("greater", NULL),
    BOTH("greater_equal", NULL),
    BOTH("less", NULL),
    BOTH("less_equal", NULL),
    BOTH("not_equal", NULL),
    { 0 }
};
/* clang-format on */
