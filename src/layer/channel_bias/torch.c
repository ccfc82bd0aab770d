/* layer/channel_bias/torch.c - torch's word for a number for each channel: a
 * class in the written file. */
#include "layer/per_channel.h"

static const cvyi_helper channel_bias = {
    .name = "ChannelBias",
    .needs = "torch nn Tensor",
    .code = "class ChannelBias(nn.Module):\n"
            "    \"\"\"Plus a trained number for each channel of axis 1."
            "\"\"\"\n"
            "\n"
            "    def __init__(self, channels: int, axes_after: int = 0) -> "
            "None:\n"
            "        super().__init__()\n"
            "        shape = (channels, *[1] * axes_after)\n"
            "        self.bias = nn.Parameter(torch.zeros(shape))\n"
            "\n"
            "    def forward(self, x: Tensor) -> Tensor:\n"
            "        return x + self.bias\n",
};

static cvy_status from_class(cvyi_phrase *out, const cvyi_bound *call,
                             cvy_error *err)
{
    return cvyi_per_channel_from_torch(out, call, "channel_bias", err);
}

/* What a person writes where the vector is at hand. */
static cvy_status remark_line(cvyi_said *out, const cvyi_saying *what,
                              cvy_error *err)
{
    static const char *const ones[] = { "", ".view(-1, 1)", ".view(-1, 1, 1)",
                                        ".view(-1, 1, 1, 1)" };
    const char *const text =
        cvyi_arena_printf(what->arena,
                          "where the vector is at hand: x + bias%s",
                          ones[what->in[0].rank - 2]);

    if (text == NULL)
        return cvyi_no_memory(err);
    cvyi_said_remark(out, text);
    return CVY_OK;
}

static cvy_status to_class(cvyi_said *out, const cvyi_saying *what,
                           cvy_error *err)
{
    CVYI_TRY(cvyi_per_channel_to_torch(out, what, &channel_bias, err));
    return remark_line(out, what, err);
}

static const cvyi_argument arguments[] = {
    { "channels", "inputs", NULL },
    { 0 },
};

const cvyi_spelling cvyi_channel_bias_torch[] = {
    { .dialect = "torch",
      .name = "ChannelBias",
      .helper = &channel_bias,
      .signature = CVYI_PER_CHANNEL_SIGNATURE,
      .from_call = from_class,
      .form = CVYI_FORM_MODULE,
      .to_call = to_class,
      .arguments = arguments },
    { 0 },
};
