/* layer/softmax/torch.c - torch's words for softmax. */
#include "layer/axis.h"
#include "layer/torch_number.h"

static const cvyi_helper softmax_over = {
    .name = "SoftmaxOver",
    .needs = "nn Tensor",
    .code = "class SoftmaxOver(nn.Module):\n"
            "    \"\"\"Softmax over several axes: all their elements add up "
            "to 1.\"\"\"\n"
            "\n"
            "    def __init__(self, dims: tuple[int, ...]) -> None:\n"
            "        super().__init__()\n"
            "        self.dims = dims\n"
            "\n"
            "    def forward(self, x: Tensor) -> Tensor:\n"
            "        return (x - x.logsumexp(self.dims, keepdim=True)).exp()\n"
};

/* ---- reading ---- */

/* The first axis, and marks at the others. */
static void set_axes(cvyi_attrs *attrs, const int64_t *axes, int n, int rank)
{
    int64_t marks[CVYI_MAX_DIMS] = { 0 };

    for (int i = 1; i < n; i++)
        marks[axes[i]] = 1;
    cvyi_set_int(attrs, "axis", axes[0]);
    cvyi_set_ints(attrs, "more", marks, n > 1 ? rank : 0);
}

static cvy_status from_call(cvyi_phrase *out, const cvyi_bound *call,
                            cvy_error *err)
{
    return cvyi_axis_from_dim(out, call, "softmax", err);
}

/* Softmin: of -x. */
static cvy_status from_least(cvyi_phrase *out, const cvyi_bound *call,
                             cvy_error *err)
{
    CVYI_TRY(cvyi_torch_input(out, call, 0, err));
    CVYI_TRY(cvyi_torch_rescale(out, call, -1, false, 0, err));
    out->steps[out->n - 1].label = "negate";
    return from_call(out, call, err);
}

/* Softmax2d: over the channels. */
static cvy_status from_channels(cvyi_phrase *out, const cvyi_bound *call,
                                cvy_error *err)
{
    cvyi_step *step;

    CVYI_TRY(cvyi_torch_input(out, call, 4, err));
    CVYI_TRY(cvyi_torch_step(&step, out, call, "softmax", err));
    cvyi_set_int(&step->attrs, "axis", 1);
    return CVY_OK;
}

/* SoftmaxOver((1, 2)) */
static cvy_status from_class(cvyi_phrase *out, const cvyi_bound *call,
                             cvy_error *err)
{
    const cvyi_value *const dims = cvyi_arg(call, "dims");
    const int rank = call->in[0].rank;
    int64_t axes[CVYI_MAX_DIMS];
    bool good = dims->kind == CVYI_LIST && dims->n > 0 && dims->n <= rank;
    cvyi_step *step;

    CVYI_TRY(cvyi_torch_input(out, call, 0, err));
    for (int i = 0; good && i < dims->n; i++)
        good = cvyi_as_int(&axes[i], &dims->items[i]) && axes[i] < rank &&
               axes[i] > (i > 0 ? axes[i - 1] : -1);
    if (!good)
        return cvyi_refuse(&out->refusal, call->arena, err,
                           CVYI_ILLEGAL_IN_SOURCE, "dims",
                           "correct this argument in the source",
                           "dims must be axes of the input in order");
    step = cvyi_phrase_add(out, call, "softmax");
    if (step == NULL)
        return cvyi_fail(err, CVY_ARGUMENT, "the phrase is full");
    set_axes(&step->attrs, axes, dims->n, rank);
    return CVY_OK;
}

/* ---- writing ---- */

/* All axes, in order; returns their number. */
static int list_axes(int64_t *out, const cvyi_saying *what)
{
    const int64_t axis = cvyi_attr_int(what->attrs, "axis");
    int n_marks, n = 0;
    const int64_t *const more = cvyi_attr_ints(what->attrs, "more", &n_marks);

    for (int i = 0; i < what->in[0].rank; i++)
        if (i == axis || (i < n_marks && more[i] != 0))
            out[n++] = i;
    return n;
}

static cvy_status say_one(cvyi_said *out, const cvyi_saying *what,
                          const char *name, cvyi_form form, cvy_error *err)
{
    int64_t axes[CVYI_MAX_DIMS];
    cvyi_attrs read = *what->attrs;

    if (list_axes(axes, what) > 1)
        return cvyi_refuse(&out->refusal, what->arena, err,
                           CVYI_NO_COUNTERPART, "axis", "write it as a module",
                           "torch's softmax is along one axis");
    set_axes(&read, axes, 1, what->in[0].rank);
    CVYI_TRY(cvyi_axis_say(out, what, name, form, err));
    cvyi_torch_means(out, what, &read);
    return CVY_OK;
}

static cvy_status to_module(cvyi_said *out, const cvyi_saying *what,
                            cvy_error *err)
{
    return say_one(out, what, "nn.Softmax", CVYI_FORM_MODULE, err);
}

static cvy_status to_function(cvyi_said *out, const cvyi_saying *what,
                              cvy_error *err)
{
    return say_one(out, what, "torch.softmax", CVYI_FORM_FUNCTION, err);
}

static cvy_status to_class(cvyi_said *out, const cvyi_saying *what,
                           cvy_error *err)
{
    int64_t axes[CVYI_MAX_DIMS];
    const int n = list_axes(axes, what);
    cvyi_attrs read = *what->attrs;

    cvyi_code_begin(out, "SoftmaxOver");
    cvyi_code_tuple(out, NULL, axes, n);
    cvyi_code_end(out);
    out->helper = &softmax_over;
    set_axes(&read, axes, n, what->in[0].rank);
    cvyi_torch_means(out, what, &read);
    return cvyi_text_status(&out->code, err);
}

#define DIM "x, dim, *, dtype=None"
#define STACK "x, dim=None, _stacklevel=3, dtype=None"

/* clang-format off */
const cvyi_spelling cvyi_softmax_torch[] = {
    { .dialect = "torch", .name = "torch.nn.Softmax",
      .signature = "dim=None",
      .arguments = cvyi_axis_dim_arguments,
      .from_call = from_call,
      .form = CVYI_FORM_MODULE, .to_call = to_module },
    { .dialect = "torch", .name = "SoftmaxOver", .helper = &softmax_over,
      .signature = "dims",
      .from_call = from_class,
      .form = CVYI_FORM_MODULE, .to_call = to_class },
    { .dialect = "torch", .name = "torch.softmax",
      .signature = DIM,
      .arguments = cvyi_axis_dim_arguments,
      .from_call = from_call,
      .form = CVYI_FORM_FUNCTION, .to_call = to_function },
    { .dialect = "torch", .name = "torch.nn.Softmax2d",
      .signature = "",
      .from_call = from_channels,
      .form = CVYI_FORM_MODULE },
    { .dialect = "torch", .name = "torch.nn.Softmin",
      .signature = "dim=None",
      .arguments = cvyi_axis_dim_arguments,
      .from_call = from_least,
      .form = CVYI_FORM_MODULE },
    { .dialect = "torch", .name = "torch.nn.functional.softmin",
      .signature = STACK,
      .arguments = cvyi_axis_dim_arguments,
      .from_call = from_least,
      .form = CVYI_FORM_FUNCTION },
    { .dialect = "torch", .name = "torch.nn.functional.softmax",
      .signature = STACK,
      .arguments = cvyi_axis_dim_arguments,
      .from_call = from_call,
      .form = CVYI_FORM_FUNCTION },
    { .dialect = "torch", .name = "torch.special.softmax",
      .signature = DIM,
      .arguments = cvyi_axis_dim_arguments,
      .from_call = from_call,
      .form = CVYI_FORM_FUNCTION },
    { .dialect = "torch", .name = "torch.Tensor.softmax",
      .signature = DIM,
      .arguments = cvyi_axis_dim_arguments,
      .from_call = from_call,
      .form = CVYI_FORM_FUNCTION },
    { 0 }
};
/* clang-format on */
