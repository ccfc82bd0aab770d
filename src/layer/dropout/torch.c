/* layer/dropout/torch.c - torch's words for noise of training. */
#include "layer/torch.h"

static const cvyi_helper shared_dropout = {
    .name = "SharedDropout",
    .needs = "F nn Tensor",
    .code =
        "class SharedDropout(nn.Module):\n"
        "    \"\"\"Dropout with one choice for all places along some "
        "axes.\"\"\"\n"
        "\n"
        "    def __init__(self, p: float, dims: tuple[int, ...]) -> None:\n"
        "        super().__init__()\n"
        "        self.p = p\n"
        "        self.dims = dims\n"
        "\n"
        "    def forward(self, x: Tensor) -> Tensor:\n"
        "        if not self.training:\n"
        "            return x\n"
        "        shape = [1 if i in self.dims else n for i, n in "
        "enumerate(x.shape)]\n"
        "        return x * F.dropout(x.new_ones(shape), self.p)\n",
};

/* ---- reading ---- */

static cvy_status read_dropout(cvyi_phrase *out, const cvyi_bound *call,
                               const int64_t *shared, cvy_error *err)
{
    const int rank = call->in[0].rank;
    cvyi_step *step;
    double rate;
    bool any = false;

    CVYI_TRY(cvyi_arg_double(&rate, out, call, "p", err));
    if (!(rate >= 0 && rate <= 1))
        return cvyi_refuse(&out->refusal, call->arena, err,
                           CVYI_ILLEGAL_IN_SOURCE, "p",
                           "correct this argument in the source",
                           "p must be a share between 0 and 1, not %g", rate);
    step = cvyi_phrase_add(out, call, "dropout");
    if (step == NULL)
        return cvyi_fail(err, CVY_ARGUMENT, "the phrase is full");
    cvyi_set_real(&step->attrs, "rate", rate);
    for (int i = 0; i < rank; i++)
        any = any || shared[i] != 0;
    if (any)
        cvyi_set_ints(&step->attrs, "shared", shared, rank);
    return CVY_OK;
}

static cvy_status from_dropout(cvyi_phrase *out, const cvyi_bound *call,
                               cvy_error *err)
{
    const int64_t shared[CVYI_MAX_DIMS] = { 0 };

    CVYI_TRY(cvyi_torch_input(out, call, 0, err));
    return read_dropout(out, call, shared, err);
}

static cvy_status from_channels(cvyi_phrase *out, const cvyi_bound *call,
                                cvy_error *err)
{
    int64_t shared[CVYI_MAX_DIMS] = { 0 };

    CVYI_TRY(cvyi_torch_input(out, call, call->n_spatial + 2, err));
    for (int i = 2; i < call->in[0].rank; i++)
        shared[i] = 1;
    return read_dropout(out, call, shared, err);
}

/* SharedDropout(0.5, (2, 3)) */
static cvy_status from_shared(cvyi_phrase *out, const cvyi_bound *call,
                              cvy_error *err)
{
    const cvyi_value *const dims = cvyi_arg(call, "dims");
    int64_t shared[CVYI_MAX_DIMS] = { 0 };
    bool good = dims->kind == CVYI_LIST;

    CVYI_TRY(cvyi_torch_input(out, call, 0, err));
    for (int i = 0; good && i < dims->n; i++) {
        int64_t axis = 0;

        good = cvyi_as_int(&axis, &dims->items[i]) && axis >= 0 &&
               axis < call->in[0].rank;
        if (good)
            shared[axis] = 1;
    }
    if (!good)
        return cvyi_refuse(&out->refusal, call->arena, err,
                           CVYI_ILLEGAL_IN_SOURCE, "dims",
                           "correct this argument in the source",
                           "dims must be axes of the input");
    return read_dropout(out, call, shared, err);
}

/* ---- writing ---- */

/* The marks as they are read back: none, or one for each axis. */
static void means(cvyi_said *out, const cvyi_saying *what)
{
    int64_t marks[CVYI_MAX_DIMS] = { 0 };
    const int rank = what->in[0].rank;
    cvyi_attrs read = *what->attrs;
    bool any = false;
    int n;
    const int64_t *const shared = cvyi_attr_ints(what->attrs, "shared", &n);

    for (int i = 0; i < n && i < rank; i++) {
        marks[i] = shared[i] != 0;
        any = any || marks[i] != 0;
    }
    cvyi_set_ints(&read, "shared", marks, any ? rank : 0);
    cvyi_torch_means(out, what, &read);
}

/* Elements of every axis from `first` on share their choice, and no others. */
static bool shares_from(const cvyi_saying *what, int first)
{
    int n;
    const int64_t *const shared = cvyi_attr_ints(what->attrs, "shared", &n);

    for (int i = 0; i < what->in[0].rank; i++)
        if ((i < n && shared[i] != 0) != (i >= first))
            return false;
    return true;
}

static void begin(cvyi_said *out, const cvyi_saying *what, const char *name)
{
    cvyi_code_begin(out, "%s", name);
    cvyi_code_double(out, NULL, cvyi_attr_real(what->attrs, "rate"));
}

static void say_shared(cvyi_said *out, const cvyi_saying *what)
{
    int64_t axes[CVYI_MAX_DIMS];
    int n, n_axes = 0;
    const int64_t *const shared = cvyi_attr_ints(what->attrs, "shared", &n);

    for (int i = 0; i < n; i++)
        if (shared[i] != 0)
            axes[n_axes++] = i;
    out->helper = &shared_dropout;
    begin(out, what, "SharedDropout");
    cvyi_code_tuple(out, NULL, axes, n_axes);
}

/* Dropout1d, 2d, 3d drop whole channels of axis 1. */
static cvy_status to_channels(cvyi_said *out, const cvyi_saying *what,
                              cvy_error *err)
{
    static const char *const names[] = { "nn.Dropout1d", "nn.Dropout2d",
                                         "nn.Dropout3d" };
    const int rank = what->in[0].rank;

    if (rank < 3 || rank > 5 || !shares_from(what, 2))
        return cvyi_refuse(&out->refusal, what->arena, err,
                           CVYI_NO_COUNTERPART, "", "put channels at axis 1",
                           "torch drops whole channels of axis 1 only, in "
                           "values of 3 to 5 axes");
    begin(out, what, names[rank - 3]);
    cvyi_code_end(out);
    means(out, what);
    return CVY_OK;
}

static cvy_status to_dropout(cvyi_said *out, const cvyi_saying *what,
                             cvy_error *err)
{
    (void)err;
    if (shares_from(what, what->in[0].rank))
        begin(out, what, "nn.Dropout");
    else
        say_shared(out, what);
    cvyi_code_end(out);
    means(out, what);
    return CVY_OK;
}

/* clang-format off */
const cvyi_spelling cvyi_dropout_torch[] = {
    { .dialect = "torch", .name = "torch.nn.Dropout%dd", .ranks = "123",
      .signature = "p=0.5, inplace=False",
      .from_call = from_channels,
      .form = CVYI_FORM_MODULE, .to_call = to_channels },
    { .dialect = "torch", .name = "torch.nn.Dropout",
      .signature = "p=0.5, inplace=False",
      .from_call = from_dropout,
      .form = CVYI_FORM_MODULE, .to_call = to_dropout },
    { .dialect = "torch", .name = "SharedDropout", .helper = &shared_dropout,
      .signature = "p, dims",
      .from_call = from_shared,
      .form = CVYI_FORM_MODULE },
    { 0 }
};
/* clang-format on */
