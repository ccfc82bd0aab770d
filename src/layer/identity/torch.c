/* layer/identity/torch.c - torch's words for nothing at all. */
#include "layer/torch.h"

static cvy_status from_call(cvyi_phrase *out, const cvyi_bound *call,
                            cvy_error *err)
{
    CVYI_TRY(cvyi_torch_input(out, call, 0, err));
    if (cvyi_phrase_add(out, call, "identity") == NULL)
        return cvyi_fail(err, CVY_ARGUMENT, "the phrase is full");
    return CVY_OK;
}

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
    out->differs = true; /* no call at all */
    return CVY_OK;
}

/* clang-format off */
const cvyi_spelling cvyi_identity_torch[] = {
    { .dialect = "torch", .name = "torch.nn.Identity",
      .signature = "*args, **unused",
      .from_call = from_call,
      .form = CVYI_FORM_MODULE, .to_call = to_module },
    { .dialect = "torch", .name = "x",
      .form = CVYI_FORM_FUNCTION, .to_call = to_function },
    { 0 }
};
/* clang-format on */
