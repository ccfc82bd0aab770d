/* layer/channel_bias/torch.c - torch's word for a number for each channel: a
 * class in the written file. */
#include "layer/torch.h"

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
    CVYI_TRY(cvyi_torch_step(&step, out, call, "channel_bias", err));
    cvyi_step_slot_add(step, "bias", "bias", "C 1S -> C");
    return CVY_OK;
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
    const int rank = what->in[0].rank;

    if (rank > CVYI_MAX_SPATIAL + 2)
        return cvyi_refuse(&out->refusal, what->arena, err,
                           CVYI_NO_COUNTERPART, "", "use fewer axes",
                           "values with %d axes after the channels are not "
                           "given a bias",
                           rank - 2);
    out->helper = &channel_bias;
    cvyi_code_begin(out, "%s", channel_bias.name);
    cvyi_code_int(out, NULL, what->slots[0].dims[0]);
    if (rank > 2)
        cvyi_code_int(out, "axes_after", rank - 2);
    cvyi_code_end(out);
    cvyi_said_slot_add(out, "bias", "bias", "C -> C 1S");
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
      .signature = "channels, axes_after=0",
      .from_call = from_class,
      .form = CVYI_FORM_MODULE,
      .to_call = to_class,
      .arguments = arguments },
    { 0 },
};
