/* layer/identity/torch.c - torch's words for nothing at all. */
#include "layer/words.h"

static cvy_status to_module(cvyi_said *out, const cvyi_saying *what,
                            cvy_error *err)
{
    (void)what;
    (void)err;
    cvyi_code_begin(out, "nn.Identity");
    cvyi_code_end(out);
    return CVY_OK;
}

static cvy_status to_function(cvyi_said *out, const cvyi_saying *what,
                              cvy_error *err)
{
    (void)what;
    (void)err;
    cvyi_text_put(&out->code, "{0}");
    out->binding = out->operands = CVYI_BIND_ATOM;
    return CVY_OK;
}

/* clang-format off */
const cvyi_spelling cvyi_identity_torch[] = {
    { .dialect = "torch", .name = "torch.nn.Identity",
      .signature = "*args, **kwargs",
      .form = CVYI_FORM_MODULE, .to_call = to_module },
    { .dialect = "torch", .name = "x",
      .form = CVYI_FORM_FUNCTION, .to_call = to_function },
    { 0 }
};
/* clang-format on */
