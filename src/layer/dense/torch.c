/* layer/dense/torch.c - torch's words for a dense layer. */
#include "layer/torch.h"

static cvy_status from_linear(cvyi_phrase *out, const cvyi_bound *call,
                              cvy_error *err)
{
    const int rank = call->n_in > 0 ? call->in[0].rank : 0;
    int64_t inputs, units;
    cvyi_step *step;
    bool bias;

    CVYI_TRY(cvyi_torch_input(out, call, rank < 2 ? 2 : rank, err));
    CVYI_TRY(cvyi_arg_int(&inputs, out, call, "in_features", 1, err));
    CVYI_TRY(cvyi_arg_int(&units, out, call, "out_features", 1, err));
    CVYI_TRY(
        cvyi_torch_extent(out, call, rank - 1, inputs, "in_features", err));
    CVYI_TRY(cvyi_arg_bool(&bias, out, call, "bias", err));
    CVYI_TRY(cvyi_torch_dtype(out, call, err));
    step = cvyi_phrase_add(out, call, "dense");
    if (step == NULL)
        return cvyi_fail(err, CVY_ARGUMENT, "the phrase is full");
    cvyi_set_int(&step->attrs, "units", units);
    cvyi_set_int(&step->attrs, "axis", rank - 1);
    cvyi_step_slot_add(step, "weight", "weight", "O I");
    if (bias)
        cvyi_step_slot_add(step, "bias", "bias", "O");
    return CVY_OK;
}

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

static void means_conv(cvyi_said *out, const cvyi_saying *what, int n)
{
    static const int64_t ones[CVYI_MAX_SPATIAL] = { 1, 1, 1 };
    cvyi_attrs read;

    cvyi_attrs_open(&read, cvyi_op_find("conv"), n);
    cvyi_set_int(&read, "outputs", what->slots[0].dims[0]);
    cvyi_set_ints(&read, "taps", ones, n);
    cvyi_torch_means(out, what, &read);
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
    means_conv(out, what, n);
    return CVY_OK;
}

/* clang-format off */
const cvyi_spelling cvyi_dense_torch[] = {
    { .dialect = "torch", .name = "torch.nn.Linear",
      .signature = "in_features, out_features, bias=True, device=None, "
                   "dtype=None",
      .from_call = from_linear,
      .form = CVYI_FORM_MODULE, .to_call = to_linear },
    { .dialect = "torch", .name = "torch.nn.Conv%dd", .ranks = "123",
      .form = CVYI_FORM_MODULE, .to_call = to_conv },
    { 0 }
};
/* clang-format on */
