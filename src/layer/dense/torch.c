/* layer/dense/torch.c - torch's words for a dense layer. */
#include "layer/torch.h"

#include "layer/dense/words.h"
#include "layer/number.h"

#include <math.h>

/* ---- reading ---- */

/* torch takes 0 and gives what has no elements. */
static cvy_status read_number(int64_t *out, cvyi_phrase *phrase,
                              const cvyi_bound *call, const char *name,
                              cvy_error *err)
{
    CVYI_TRY(cvyi_take_numbers(out, phrase, call, name, 0, 0, 0, err));
    if (*out == 0)
        return cvyi_refuse(&phrase->refusal, call->arena, err,
                           CVYI_NOT_SUPPORTED, name, "give it at least 1",
                           "a layer without features is not carried over");
    return CVY_OK;
}

/* in_features is an argument, or for the lazy class what the input has. */
static cvy_status read_inputs(int64_t *out, cvyi_phrase *phrase,
                              const cvyi_bound *call, bool lazy,
                              cvy_error *err)
{
    const int rank = call->in[0].rank;

    if (!lazy) {
        CVYI_TRY(read_number(out, phrase, call, "in_features", err));
        return cvyi_torch_extent(phrase, call, rank - 1, *out, "in_features",
                                 err);
    }
    if (!cvyi_size_constant(out, call->in[0].dims[rank - 1]))
        return cvyi_refuse(&phrase->refusal, call->arena, err,
                           CVYI_NOT_SUPPORTED, "",
                           "give the input a known number of features",
                           "the input's features are not known");
    return CVY_OK;
}

static cvy_status read_linear(cvyi_phrase *phrase, const cvyi_bound *call,
                              bool lazy, cvy_error *err)
{
    const int rank = call->n_in > 0 ? call->in[0].rank : 0;
    cvyi_start start = { .draw = CVYI_DRAW_UNIFORM };
    int64_t inputs, units;
    cvyi_step *step;

    CVYI_TRY(cvyi_torch_input(phrase, call, rank < 2 ? 2 : rank, err));
    CVYI_TRY(read_inputs(&inputs, phrase, call, lazy, err));
    CVYI_TRY(read_number(&units, phrase, call, "out_features", err));
    CVYI_TRY(cvyi_torch_dtype(phrase, call, err));
    step = cvyi_phrase_add(phrase, call, "dense");
    if (step == NULL)
        return cvyi_fail(err, CVY_ARGUMENT, "the phrase is full");
    cvyi_set_int(&step->attrs, "units", units);
    cvyi_set_int(&step->attrs, "axis", rank - 1);
    start.b = inputs > 0 ? 1 / sqrt((double)inputs) : 0;
    start.a = -start.b;
    cvyi_step_slot_add(step, "weight", "weight", "O I")->start = start;
    if (cvyi_truth(cvyi_arg(call, "bias")))
        cvyi_step_slot_add(step, "bias", "bias", "O")->start = start;
    return CVY_OK;
}

static cvy_status from_linear(cvyi_phrase *out, const cvyi_bound *call,
                              cvy_error *err)
{
    return read_linear(out, call, false, err);
}

static cvy_status from_lazy(cvyi_phrase *out, const cvyi_bound *call,
                            cvy_error *err)
{
    return read_linear(out, call, true, err);
}

static cvy_status from_function(cvyi_phrase *out, const cvyi_bound *call,
                                cvy_error *err)
{
    return cvyi_dense_from_operands(
        out, call, &(cvyi_dense_names){ "weight", "bias", true }, err);
}

static cvy_status from_bilinear(cvyi_phrase *out, const cvyi_bound *call,
                                cvy_error *err)
{
    return cvyi_refuse(&out->refusal, call->arena, err, CVYI_NO_COUNTERPART,
                       "",
                       "write it as einsum, or as one layer over the "
                       "products of both inputs' features",
                       "a layer over the products of two inputs has no "
                       "counterpart");
}

/* ---- writing ---- */

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
static const cvyi_argument arguments[] = {
    { "in_features",  "inputs", NULL },
    { "out_features", "units",  NULL },
    { "bias",         "bias",   NULL },
    { 0 }
};

static const cvyi_argument function_arguments[] = {
    { "weight", "weight", NULL },
    { "bias",   "bias",   NULL },
    { 0 }
};

const cvyi_spelling cvyi_dense_torch[] = {
    { .dialect = "torch", .name = "torch.nn.Linear",
      .signature = "in_features, out_features, bias=True, device=None, "
                   "dtype=None",
      .from_call = from_linear,
      .form = CVYI_FORM_MODULE, .to_call = to_linear,
      .arguments = arguments },
    { .dialect = "torch", .name = "torch.nn.LazyLinear",
      .signature = "out_features, bias=True, device=None, dtype=None",
      .from_call = from_lazy, .form = CVYI_FORM_MODULE,
      .arguments = &arguments[1] },
    { .dialect = "torch", .name = "torch.nn.Bilinear",
      .signature = "in1_features, in2_features, out_features, bias=True, "
                   "device=None, dtype=None",
      .from_call = from_bilinear, .form = CVYI_FORM_MODULE },
    { .dialect = "torch", .name = "torch.nn.functional.linear",
      .signature = "x, weight, bias=None", .from_call = from_function,
      .form = CVYI_FORM_FUNCTION, .arguments = function_arguments },
    { .dialect = "torch", .name = "torch.nn.Conv%dd", .ranks = "123",
      .form = CVYI_FORM_MODULE, .to_call = to_conv },
    { 0 }
};
/* clang-format on */
