/* layer/concat/torch.c - torch's words for values one behind the other. */
#include "layer/words.h"

static cvy_status to_call(cvyi_said *out, const cvyi_saying *what,
                          cvy_error *err)
{
    cvyi_code_begin(out, "torch.cat");
    cvyi_code_raw(out, NULL, "[{*}]");
    cvyi_code_int(out, "dim", cvyi_attr_int(what->attrs, "axis"));
    cvyi_code_end(out);
    return cvyi_text_status(&out->code, err);
}

const cvyi_spelling cvyi_concat_torch[] = { { .dialect = "torch",
                                              .name = "torch.cat",
                                              .form = CVYI_FORM_FUNCTION,
                                              .to_call = to_call },
                                            { 0 } };
