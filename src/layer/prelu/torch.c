/* layer/prelu/torch.c - torch's words for a learned slope below 0. */
#include "layer/words.h"

static const cvyi_helper position_prelu = {
    .name = "PositionPReLU",
    .needs = "torch nn Tensor",
    .code = "class PositionPReLU(nn.Module):\n"
            "    \"\"\"PReLU with slopes for positions, not for channels "
            "alone.\"\"\"\n"
            "\n"
            "    def __init__(self, *shape: int) -> None:\n"
            "        super().__init__()\n"
            "        self.weight = nn.Parameter(torch.zeros(shape))\n"
            "\n"
            "    def forward(self, x: Tensor) -> Tensor:\n"
            "        return torch.where(x > 0, x, self.weight * x)\n",
};

static bool has_positions(const cvyi_shape *weight)
{
    for (int i = 1; i < weight->rank; i++)
        if (weight->dims[i] > 1)
            return true;
    return false;
}

static cvy_status to_module(cvyi_said *out, const cvyi_saying *what,
                            cvy_error *err)
{
    const cvyi_shape *const weight = &what->slots[0];
    const int64_t channels = weight->dims[0];

    if (what->axes == CVYI_AXES_LAST && weight->rank > 1 &&
        (channels > 1 || has_positions(weight)))
        return cvyi_refuse(&out->refusal, what->arena, err,
                           CVYI_NO_COUNTERPART, "",
                           "put channels at axis 1 before this layer",
                           "torch's PReLU has its channels at axis 1");
    if (has_positions(weight)) {
        out->helper = &position_prelu;
        cvyi_code_begin(out, "PositionPReLU");
        for (int i = 0; i < weight->rank; i++)
            cvyi_code_int(out, NULL, weight->dims[i]);
        cvyi_code_end(out);
        cvyi_said_slot_add(out, "weight", "weight", "C S");
        return CVY_OK;
    }
    cvyi_code_begin(out, "nn.PReLU");
    if (channels != 1)
        cvyi_code_int(out, NULL, channels);
    cvyi_code_end(out);
    cvyi_said_slot_add(out, "weight", "weight", "C 1S -> C");
    return CVY_OK;
}

const cvyi_spelling cvyi_prelu_torch[] = { { .dialect = "torch",
                                             .name = "torch.nn.PReLU",
                                             .form = CVYI_FORM_MODULE,
                                             .to_call = to_module },
                                           { 0 } };
