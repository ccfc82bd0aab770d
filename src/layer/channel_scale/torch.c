/* layer/channel_scale/torch.c - torch's word for a factor for each channel: a
 * class in the written file. */
#include "layer/per_channel.h"

static const cvyi_helper layer_scale = {
    .name = "LayerScale",
    .needs = "torch nn Tensor",
    .code = "class LayerScale(nn.Module):\n"
            "    \"\"\"Times a trained factor for each channel of axis 1."
            "\"\"\"\n"
            "\n"
            "    def __init__(self, channels: int, axes_after: int = 0) -> "
            "None:\n"
            "        super().__init__()\n"
            "        shape = (channels, *[1] * axes_after)\n"
            "        self.weight = nn.Parameter(torch.ones(shape))\n"
            "\n"
            "    def forward(self, x: Tensor) -> Tensor:\n"
            "        return x * self.weight\n",
};

static cvy_status from_class(cvyi_phrase *out, const cvyi_bound *call,
                             cvy_error *err)
{
    return cvyi_per_channel_from_torch(out, call, "channel_scale", err);
}

static cvy_status to_class(cvyi_said *out, const cvyi_saying *what,
                           cvy_error *err)
{
    return cvyi_per_channel_to_torch(out, what, &layer_scale, err);
}

static const cvyi_argument arguments[] = {
    { "channels", "channels", NULL },
    { 0 },
};

const cvyi_spelling cvyi_channel_scale_torch[] = {
    { .dialect = "torch",
      .name = "LayerScale",
      .helper = &layer_scale,
      .signature = CVYI_PER_CHANNEL_SIGNATURE,
      .from_call = from_class,
      .form = CVYI_FORM_MODULE,
      .to_call = to_class,
      .arguments = arguments },
    { 0 },
};
