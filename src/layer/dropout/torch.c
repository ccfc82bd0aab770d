/* layer/dropout/torch.c - torch's words for noise of training. */
#include "layer/words.h"

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
    cvyi_text list = { 0 };

    for (int i = 0; i < n; i++)
        if (shared[i] != 0)
            axes[n_axes++] = i;
    cvyi_text_put(&list, "(");
    for (int i = 0; i < n_axes; i++)
        cvyi_text_printf(&list, "%s%lld%s", i > 0 ? ", " : "",
                         (long long)axes[i], n_axes == 1 ? "," : "");
    cvyi_text_put(&list, ")");
    out->helper = &shared_dropout;
    begin(out, what, "SharedDropout");
    cvyi_code_raw(out, NULL, cvyi_text_c(&list));
    out->code.bad = out->code.bad || list.bad;
    cvyi_text_close(&list);
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
    return CVY_OK;
}

const cvyi_spelling cvyi_dropout_torch[] = { { .dialect = "torch",
                                               .name = "torch.nn.Dropout%dd",
                                               .ranks = "123",
                                               .form = CVYI_FORM_MODULE,
                                               .to_call = to_channels },
                                             { .dialect = "torch",
                                               .name = "torch.nn.Dropout",
                                               .form = CVYI_FORM_MODULE,
                                               .to_call = to_dropout },
                                             { 0 } };
