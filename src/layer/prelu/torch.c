/* layer/prelu/torch.c - torch's words for a learned slope below 0. */
#include "layer/torch.h"

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

/* ---- reading ---- */

/* Slopes as the weight's axes say: an axis of one element shares its slope. */
static void set_slopes(cvyi_attrs *attrs, const int64_t *dims, int n)
{
    int64_t positions[CVYI_MAX_DIMS];

    for (int i = 1; i < n; i++)
        positions[i - 1] = dims[i] != 1;
    cvyi_set_int(attrs, "channels", dims[0] != 1);
    cvyi_set_ints(attrs, "positions", positions, n - 1);
}

static cvy_status read_prelu(cvyi_step_slot **slot, cvyi_phrase *out,
                             const cvyi_bound *call, const int64_t *dims,
                             const char *argument, const char *layout,
                             cvy_error *err)
{
    const int n = call->in[0].rank - 1;
    cvyi_step *step;

    for (int i = 0; i < n; i++)
        if (dims[i] != 1)
            CVYI_TRY(
                cvyi_torch_extent(out, call, i + 1, dims[i], argument, err));
    CVYI_TRY(cvyi_torch_step(&step, out, call, "prelu", err));
    set_slopes(&step->attrs, dims, n);
    *slot = cvyi_step_slot_add(step, "weight", "weight", layout);
    return CVY_OK;
}

/* One slope for each of so many channels. */
static cvy_status read_channels(cvyi_step_slot **slot, cvyi_phrase *out,
                                const cvyi_bound *call, int64_t channels,
                                const char *argument, cvy_error *err)
{
    int64_t dims[CVYI_MAX_DIMS] = { channels };

    for (int i = 1; i < call->in[0].rank - 1; i++)
        dims[i] = 1;
    return read_prelu(slot, out, call, dims, argument, "C -> C 1S", err);
}

static cvy_status from_call(cvyi_phrase *out, const cvyi_bound *call,
                            cvy_error *err)
{
    const int rank = call->n_in > 0 ? call->in[0].rank : 0;
    cvyi_step_slot *slot;
    int64_t channels;
    double init;

    CVYI_TRY(cvyi_torch_input(out, call, rank < 2 ? 2 : rank, err));
    CVYI_TRY(cvyi_arg_int(&channels, out, call, "num_parameters", 1, err));
    CVYI_TRY(cvyi_arg_double(&init, out, call, "init", err));
    CVYI_TRY(cvyi_torch_dtype(out, call, err));
    CVYI_TRY(read_channels(&slot, out, call, channels, "num_parameters", err));
    slot->start = (cvyi_start){ CVYI_DRAW_CONSTANT, init, 0 };
    return CVY_OK;
}

/* F.prelu(x, weight): a vector of one slope, or of one for each channel. */
static cvy_status from_function(cvyi_phrase *out, const cvyi_bound *call,
                                cvy_error *err)
{
    const cvyi_type *const weight = call->n_in > 1 ? &call->in[1] : NULL;
    cvyi_step_slot *slot;
    int64_t channels;

    if (call->values[0]->kind != CVYI_TENSOR ||
        call->values[1]->kind != CVYI_TENSOR)
        return cvyi_refuse(&out->refusal, call->arena, err,
                           CVYI_ILLEGAL_IN_SOURCE, "weight",
                           "correct this call in the source",
                           "it takes a tensor and its slopes");
    if (weight == NULL || weight->rank == 0 ||
        (weight->rank == 1 && !cvyi_size_constant(&channels, weight->dims[0])))
        return cvyi_refuse(&out->refusal, call->arena, err, CVYI_NOT_SUPPORTED,
                           "weight", "say it: --input weight=3",
                           "its shape is not known");
    if (weight->rank != 1)
        return cvyi_refuse(&out->refusal, call->arena, err,
                           CVYI_ILLEGAL_IN_SOURCE, "weight",
                           "give the slopes one axis",
                           "the slopes have %d axes", weight->rank);
    if (call->in[0].rank < 2)
        return cvyi_refuse(&out->refusal, call->arena, err, CVYI_NOT_SUPPORTED,
                           "", "give it an input with a batch and channels",
                           "an input of %d axes has no channels",
                           call->in[0].rank);
    CVYI_TRY(read_channels(&slot, out, call, channels, "weight", err));
    slot->operand = 1;
    return CVY_OK;
}

/* PositionPReLU(3, 8, 1) */
static cvy_status from_positions(cvyi_phrase *out, const cvyi_bound *call,
                                 cvy_error *err)
{
    const int rank = call->n_in > 0 ? call->in[0].rank : 0;
    const cvyi_value *const shape = cvyi_arg(call, "shape");
    bool good = shape->n == rank - 1;
    int64_t dims[CVYI_MAX_DIMS];
    cvyi_step_slot *slot;

    CVYI_TRY(cvyi_torch_input(out, call, rank < 2 ? 2 : rank, err));
    for (int i = 0; good && i < shape->n; i++)
        good = cvyi_as_int(&dims[i], &shape->items[i]) && dims[i] >= 1;
    if (!good)
        return cvyi_refuse(&out->refusal, call->arena, err,
                           CVYI_ILLEGAL_IN_SOURCE, "shape",
                           "correct this argument in the source",
                           "the slopes must have %d axes", rank - 1);
    CVYI_TRY(read_prelu(&slot, out, call, dims, "shape", "C S", err));
    slot->start = (cvyi_start){ CVYI_DRAW_CONSTANT, 0, 0 };
    return CVY_OK;
}

/* ---- writing ---- */

static void means(cvyi_said *out, const cvyi_saying *what)
{
    cvyi_attrs read = *what->attrs;

    set_slopes(&read, what->slots[0].dims, what->slots[0].rank);
    cvyi_torch_means(out, what, &read);
}

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
        means(out, what);
        return CVY_OK;
    }
    cvyi_code_begin(out, "nn.PReLU");
    if (channels != 1)
        cvyi_code_int(out, NULL, channels);
    cvyi_code_end(out);
    cvyi_said_slot_add(out, "weight", "weight", "C 1S -> C");
    means(out, what);
    return CVY_OK;
}

/* clang-format off */
static const cvyi_argument arguments[] = {
    { "num_parameters", "slopes", "1, or one for each channel" },
    { "init", "weight initialiser", NULL },
    { 0 }
};
static const cvyi_argument function_arguments[] = {
    { "weight", "weight", NULL }, { 0 }
};

#define CALL(text)                                                  \
    {                                                               \
        .dialect = "torch", .name = text, .signature = "x, weight", \
        .from_call = from_function, .form = CVYI_FORM_FUNCTION,     \
        .arguments = function_arguments                             \
    }

const cvyi_spelling cvyi_prelu_torch[] = {
    CALL("torch.nn.functional.prelu"),
    CALL("torch.prelu"),
    CALL("torch.Tensor.prelu"),
    { .dialect = "torch", .name = "torch.nn.PReLU",
      .signature = "num_parameters=1, init=0.25, device=None, dtype=None",
      .arguments = arguments,
      .from_call = from_call,
      .form = CVYI_FORM_MODULE, .to_call = to_module },
    { .dialect = "torch", .name = "PositionPReLU", .helper = &position_prelu,
      .signature = "*shape",
      .from_call = from_positions,
      .form = CVYI_FORM_MODULE },
    { 0 }
};
/* clang-format on */
