/* layer/prelu/torch.c - torch's words for a learned slope below 0. */
#include "layer/words.h"

static cvy_status to_module(cvyi_said *out, const cvyi_saying *what,
                            cvy_error *err)
{
    const int64_t n = what->slots[0].dims[0];

    if (what->axes == CVYI_AXES_LAST && what->in[0].rank > 2 && n > 1)
        return cvyi_refuse(&out->refusal, what->arena, err,
                           CVYI_NO_COUNTERPART, "",
                           "put channels at axis 1 before this layer",
                           "torch's PReLU has its channels at axis 1");
    cvyi_code_begin(out, "nn.PReLU");
    if (n != 1)
        cvyi_code_int(out, NULL, n);
    cvyi_code_end(out);
    cvyi_said_slot_add(out, "weight", "weight", "C");
    return CVY_OK;
}

const cvyi_spelling cvyi_prelu_torch[] = { { .dialect = "torch",
                                             .name = "torch.nn.PReLU",
                                             .form = CVYI_FORM_MODULE,
                                             .to_call = to_module },
                                           { 0 } };
