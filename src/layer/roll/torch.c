/* layer/roll/torch.c - torch's words for elements moved along axes. */
#include "layer/roll/words.h"
#include "layer/torch.h"

static cvy_status from_roll(cvyi_phrase *out, const cvyi_bound *call,
                            cvy_error *err)
{
    CVYI_TRY(cvyi_torch_input(out, call, 0, err));
    return cvyi_roll_from_call(out, call, "shifts", "dims", true, err);
}

static cvy_status to_roll(cvyi_said *out, const cvyi_saying *what,
                          cvy_error *err)
{
    return cvyi_roll_say(out, what, "{0}.roll", "shifts", "dims", err);
}

/* clang-format off */
static const cvyi_argument arguments[] = {
    { "shifts", "shift",        NULL },
    { "dims",   "shifted axes", NULL },
    { 0 }
};

const cvyi_spelling cvyi_roll_torch[] = {
    { .dialect = "torch", .name = "torch.Tensor.roll",
      .signature = "x, shifts, dims=None", .from_call = from_roll,
      .form = CVYI_FORM_FUNCTION, .to_call = to_roll,
      .arguments = arguments },
    { .dialect = "torch", .name = "torch.roll",
      .signature = "x, shifts, dims=None", .from_call = from_roll,
      .form = CVYI_FORM_FUNCTION, .arguments = arguments },
    { 0 }
};
/* clang-format on */
