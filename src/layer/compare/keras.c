/* layer/compare/keras.c - Keras' words for comparisons. */
#include "layer/compare/words.h"

static cvy_status to_call(cvyi_said *out, const cvyi_saying *what,
                          cvy_error *err)
{
    cvyi_text_printf(&out->code, "ops.%s({0}, ",
                     cvyi_attr_word(what->attrs, "sign"));
    if (what->n_in > 1)
        cvyi_text_put(&out->code, "{1}");
    else
        cvyi_code_number(out, cvyi_attr_real(what->attrs, "number"));
    cvyi_text_put(&out->code, ")");
    out->binding = CVYI_BIND_ATOM;
    return cvyi_text_status(&out->code, err);
}

#define ROW(word, to)                                               \
    {                                                               \
        .dialect = "keras3", .name = "keras.ops." word,             \
        .signature = "x1, x2", .from_call = cvyi_compare_from_pair, \
        .form = CVYI_FORM_FUNCTION, .to_call = to                   \
    }

const cvyi_spelling cvyi_compare_keras[] = {
    ROW("greater", to_call),
    ROW("greater_equal", NULL),
    ROW("less", NULL),
    ROW("less_equal", NULL),
    ROW("equal", NULL),
    ROW("not_equal", NULL),
    { 0 },
};
