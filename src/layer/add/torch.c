/* layer/add/torch.c - torch's words for a sum. */
#include "layer/merge.h"

static cvy_status to_call(cvyi_said *out, const cvyi_saying *what,
                          cvy_error *err)
{
    return cvyi_merge_say(out, what, "+", CVYI_BIND_SUM, err);
}

const cvyi_spelling cvyi_add_torch[] = { { .dialect = "torch",
                                           .name = "torch.add",
                                           .form = CVYI_FORM_FUNCTION,
                                           .to_call = to_call },
                                         { 0 } };
