/* layer/channel_scale/torch.c - torch's word for a factor for each channel: a
 * class in the written file. */
#include "layer/torch.h"

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
    int64_t channels, after;
    cvyi_step *step;

    CVYI_TRY(cvyi_arg_int(&channels, out, call, "channels", 1, err));
    CVYI_TRY(cvyi_arg_int(&after, out, call, "axes_after", 0, err));
    if (after > CVYI_MAX_SPATIAL)
        return cvyi_refuse(&out->refusal, call->arena, err, CVYI_NOT_SUPPORTED,
                           "axes_after", "use fewer axes",
                           "more than %d axes after the channels",
                           CVYI_MAX_SPATIAL);
    CVYI_TRY(cvyi_torch_input(out, call, (int)after + 2, err));
    CVYI_TRY(cvyi_torch_extent(out, call, 1, channels, "channels", err));
    CVYI_TRY(cvyi_torch_step(&step, out, call, "channel_scale", err));
    cvyi_step_slot_add(step, "weight", "weight", "C 1S -> C");
    return CVY_OK;
}

static cvy_status to_class(cvyi_said *out, const cvyi_saying *what,
                           cvy_error *err)
{
    const int rank = what->in[0].rank;

    if (rank > CVYI_MAX_SPATIAL + 2)
        return cvyi_refuse(&out->refusal, what->arena, err,
                           CVYI_NO_COUNTERPART, "", "use fewer axes",
                           "values with %d axes after the channels are not "
                           "scaled",
                           rank - 2);
    out->helper = &layer_scale;
    cvyi_code_begin(out, "%s", layer_scale.name);
    cvyi_code_int(out, NULL, what->slots[0].dims[0]);
    if (rank > 2)
        cvyi_code_int(out, "axes_after", rank - 2);
    cvyi_code_end(out);
    cvyi_said_slot_add(out, "weight", "weight", "C -> C 1S");
    return cvyi_text_status(&out->code, err);
}

static const cvyi_argument arguments[] = {
    { "channels", "channels", NULL },
    { 0 },
};

const cvyi_spelling cvyi_channel_scale_torch[] = {
    { .dialect = "torch",
      .name = "LayerScale",
      .helper = &layer_scale,
      .signature = "channels, axes_after=0",
      .from_call = from_class,
      .form = CVYI_FORM_MODULE,
      .to_call = to_class,
      .arguments = arguments },
    { 0 },
};
