/* layer/dense/torch.c - torch's words for a dense layer. */
#include "layer/words.h"

static void say(cvyi_said *out, const cvyi_saying *what, const char *layout)
{
    const bool bias = (what->present & 2u) != 0;

    if (!bias)
        cvyi_code_bool(out, "bias", false);
    cvyi_code_end(out);
    cvyi_said_slot_add(out, "weight", "weight", layout);
    if (bias)
        cvyi_said_slot_add(out, "bias", "bias", "O");
}

static cvy_status to_linear(cvyi_said *out, const cvyi_saying *what,
                            cvy_error *err)
{
    if (cvyi_attr_int(what->attrs, "axis") != what->in[0].rank - 1)
        return cvyi_refuse(&out->refusal, what->arena, err,
                           CVYI_NO_COUNTERPART, "axis",
                           "move the features to the last axis",
                           "nn.Linear works on the last axis only");
    cvyi_code_begin(out, "nn.Linear");
    cvyi_code_int(out, NULL, what->slots[0].dims[1]);
    cvyi_code_int(out, NULL, what->slots[0].dims[0]);
    say(out, what, "O I");
    return CVY_OK;
}

/* Over channels: a convolution of one tap. */
static cvy_status to_conv(cvyi_said *out, const cvyi_saying *what,
                          cvy_error *err)
{
    const int n = what->in[0].rank - 2;

    if (cvyi_attr_int(what->attrs, "axis") != 1 || n < 1 ||
        n > CVYI_MAX_SPATIAL)
        return cvyi_refuse(&out->refusal, what->arena, err,
                           CVYI_NO_COUNTERPART, "axis",
                           "move the features to the last axis",
                           "torch has no dense layer over axis %lld of %d",
                           (long long)cvyi_attr_int(what->attrs, "axis"),
                           what->in[0].rank);
    cvyi_code_begin(out, "nn.Conv%dd", n);
    cvyi_code_int(out, NULL, what->slots[0].dims[1]);
    cvyi_code_int(out, NULL, what->slots[0].dims[0]);
    cvyi_code_int(out, NULL, 1);
    say(out, what, "O I -> O I 1S");
    return CVY_OK;
}

/* clang-format off */
const cvyi_spelling cvyi_dense_torch[] = {
    { .dialect = "torch", .name = "torch.nn.Linear",
      .signature = "in_features, out_features, bias=True, device=None, "
                   "dtype=None",
      .form = CVYI_FORM_MODULE, .to_call = to_linear },
    { .dialect = "torch", .name = "torch.nn.Conv%dd", .ranks = "123",
      .signature = "in_channels, out_channels, kernel_size, stride=1, "
                   "padding=0, dilation=1, groups=1, bias=True, "
                   "padding_mode='zeros', device=None, dtype=None",
      .form = CVYI_FORM_MODULE, .to_call = to_conv },
    { 0 }
};
/* clang-format on */
