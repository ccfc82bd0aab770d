/* layer/flatten/torch.c - torch's words for flattening. */
#include "layer/words.h"

/* A value of the batch alone has nothing to flatten. */
static bool has_features(const cvyi_saying *what)
{
    return what->in[0].rank > 1;
}

static cvy_status to_module(cvyi_said *out, const cvyi_saying *what,
                            cvy_error *err)
{
    if (has_features(what))
        cvyi_code_begin(out, "nn.Flatten");
    else
        cvyi_code_begin(out, "nn.Unflatten");
    if (!has_features(what)) {
        cvyi_code_int(out, NULL, 0);
        cvyi_code_raw(out, NULL, "(-1, 1)");
    }
    cvyi_code_end(out);
    return cvyi_text_status(&out->code, err);
}

static cvy_status to_function(cvyi_said *out, const cvyi_saying *what,
                              cvy_error *err)
{
    cvyi_text_put(&out->code,
                  has_features(what) ? "{0}.flatten(1)" : "{0}.unsqueeze(1)");
    out->binding = CVYI_BIND_ATOM;
    out->operands = CVYI_BIND_ATOM;
    return cvyi_text_status(&out->code, err);
}

const cvyi_spelling cvyi_flatten_torch[] = { { .dialect = "torch",
                                               .name = "torch.nn.Flatten",
                                               .form = CVYI_FORM_MODULE,
                                               .to_call = to_module },
                                             { .dialect = "torch",
                                               .name = "torch.flatten",
                                               .form = CVYI_FORM_FUNCTION,
                                               .to_call = to_function },
                                             { 0 } };
