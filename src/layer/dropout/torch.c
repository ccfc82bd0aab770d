/* layer/dropout/torch.c - torch's words for noise of training. */
#include "layer/torch.h"

#include <string.h>

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

static const cvyi_helper gaussian_dropout = {
    .name = "GaussianDropout",
    .needs = "torch nn Tensor",
    .code = "class GaussianDropout(nn.Module):\n"
            "    \"\"\"Times normal noise of mean 1 while training.\"\"\"\n"
            "\n"
            "    def __init__(self, rate: float) -> None:\n"
            "        super().__init__()\n"
            "        self.rate = rate\n"
            "\n"
            "    def forward(self, x: Tensor) -> Tensor:\n"
            "        if not self.training:\n"
            "            return x\n"
            "        stddev = (self.rate / (1 - self.rate)) ** 0.5\n"
            "        return x * (1 + stddev * torch.randn_like(x))\n",
};

static const cvyi_helper gaussian_noise = {
    .name = "GaussianNoise",
    .needs = "torch nn Tensor",
    .code = "class GaussianNoise(nn.Module):\n"
            "    \"\"\"Plus normal noise of mean 0 while training.\"\"\"\n"
            "\n"
            "    def __init__(self, stddev: float) -> None:\n"
            "        super().__init__()\n"
            "        self.stddev = stddev\n"
            "\n"
            "    def forward(self, x: Tensor) -> Tensor:\n"
            "        if not self.training:\n"
            "            return x\n"
            "        return x + self.stddev * torch.randn_like(x)\n",
};

/* ---- reading ---- */

/* A function is told whether it is to drop. */
static cvy_status check_training(cvyi_phrase *out, const cvyi_bound *call,
                                 double rate, cvy_error *err)
{
    const char *const name = call->names[2]; /* training, or train */
    bool on;

    CVYI_TRY(cvyi_arg_bool(&on, out, call, name, err));
    if (on && rate != 0)
        return cvyi_refuse(&out->refusal, call->arena, err,
                           CVYI_NO_COUNTERPART, name,
                           "if it is meant for training alone, give "
                           "nn.Dropout instead",
                           "with %s=True it drops whenever it is called, at "
                           "inference too",
                           name);
    if (rate != 0)
        cvyi_phrase_remark(out, "the function never drops here; a layer does "
                                "while it is trained");
    return CVY_OK;
}

static cvy_status read_noise(cvyi_phrase *out, const cvyi_bound *call,
                             const char *noise, const int64_t *shared,
                             cvy_error *err)
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
    if (call->spelling->form == CVYI_FORM_FUNCTION)
        CVYI_TRY(check_training(out, call, rate, err));
    step = cvyi_phrase_add(out, call, "dropout");
    if (step == NULL)
        return cvyi_fail(err, CVY_ARGUMENT, "the phrase is full");
    cvyi_set_real(&step->attrs, "rate", rate);
    cvyi_set_word(&step->attrs, "noise", noise);
    for (int i = 0; i < rank; i++)
        any = any || shared[i] != 0;
    if (any)
        cvyi_set_ints(&step->attrs, "shared", shared, rank);
    return CVY_OK;
}

static cvy_status read_dropout(cvyi_phrase *out, const cvyi_bound *call,
                               const int64_t *shared, cvy_error *err)
{
    return read_noise(out, call, "zeros", shared, err);
}

static cvy_status from_dropout(cvyi_phrase *out, const cvyi_bound *call,
                               cvy_error *err)
{
    const int64_t shared[CVYI_MAX_DIMS] = { 0 };

    CVYI_TRY(cvyi_torch_input(out, call, 0, err));
    return read_dropout(out, call, shared, err);
}

static cvy_status from_alpha(cvyi_phrase *out, const cvyi_bound *call,
                             cvy_error *err)
{
    const int64_t shared[CVYI_MAX_DIMS] = { 0 };

    CVYI_TRY(cvyi_torch_input(out, call, 0, err));
    return read_noise(out, call, "alpha", shared, err);
}

/* Whole channels are dropped: the axes behind them share. */
static cvy_status read_channels(cvyi_phrase *out, const cvyi_bound *call,
                                const char *noise, cvy_error *err)
{
    int64_t shared[CVYI_MAX_DIMS] = { 0 };

    for (int i = 2; i < call->in[0].rank; i++)
        shared[i] = 1;
    return read_noise(out, call, noise, shared, err);
}

static cvy_status from_alpha_channels(cvyi_phrase *out, const cvyi_bound *call,
                                      cvy_error *err)
{
    CVYI_TRY(cvyi_torch_input(out, call, 0, err));
    return read_channels(out, call, "alpha", err);
}

/* Dropout1d insists on its number of axes. Dropout2d takes any with a word of
 * warning, and so does Dropout3d but for 4, which are those of one sample. */
static cvy_status from_channels(cvyi_phrase *out, const cvyi_bound *call,
                                cvy_error *err)
{
    const int n = call->n_spatial,
              rank = call->n_in > 0 ? call->in[0].rank : 0;
    const bool strict = n == 1 || (n == 3 && rank == 4);

    CVYI_TRY(cvyi_torch_input(out, call, strict ? n + 2 : 0, err));
    return read_channels(out, call, "zeros", err);
}

static cvy_status from_class(cvyi_phrase *out, const cvyi_bound *call,
                             const char *argument, const char *noise,
                             cvy_error *err)
{
    cvyi_step *step;
    double rate;

    CVYI_TRY(cvyi_torch_input(out, call, 0, err));
    CVYI_TRY(cvyi_arg_double(&rate, out, call, argument, err));
    step = cvyi_phrase_add(out, call, "dropout");
    if (step == NULL)
        return cvyi_fail(err, CVY_ARGUMENT, "the phrase is full");
    cvyi_set_real(&step->attrs, "rate", rate);
    cvyi_set_word(&step->attrs, "noise", noise);
    return CVY_OK;
}

static cvy_status from_product(cvyi_phrase *out, const cvyi_bound *call,
                               cvy_error *err)
{
    return from_class(out, call, "rate", "product", err);
}

static cvy_status from_sum(cvyi_phrase *out, const cvyi_bound *call,
                           cvy_error *err)
{
    return from_class(out, call, "stddev", "sum", err);
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

static bool is(const cvyi_saying *what, const char *noise)
{
    return cvyi_attr_is(what->attrs, "noise", noise);
}

static cvy_status no_word(cvyi_said *out, const cvyi_saying *what,
                          cvy_error *err)
{
    return cvyi_refuse(&out->refusal, what->arena, err, CVYI_NO_COUNTERPART,
                       "",
                       "leave it out of the model that is ported: it does "
                       "nothing at inference",
                       "torch has no such noise of training");
}

/* Dropout1d, 2d, 3d drop whole channels of axis 1. */
static cvy_status to_channels(cvyi_said *out, const cvyi_saying *what,
                              cvy_error *err)
{
    static const char *const names[] = { "nn.Dropout1d", "nn.Dropout2d",
                                         "nn.Dropout3d" };
    const int rank = what->in[0].rank;

    if (!is(what, "zeros"))
        return no_word(out, what, err);
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
    if (!is(what, "zeros"))
        return no_word(out, what, err);
    if (shares_from(what, what->in[0].rank))
        begin(out, what, "nn.Dropout");
    else
        say_shared(out, what);
    cvyi_code_end(out);
    means(out, what);
    return CVY_OK;
}

static cvy_status to_alpha(cvyi_said *out, const cvyi_saying *what,
                           cvy_error *err)
{
    const int rank = what->in[0].rank;

    if (!is(what, "alpha") || !shares_from(what, rank))
        return no_word(out, what, err);
    begin(out, what, "nn.AlphaDropout");
    cvyi_code_end(out);
    means(out, what);
    return CVY_OK;
}

static cvy_status to_alpha_channels(cvyi_said *out, const cvyi_saying *what,
                                    cvy_error *err)
{
    if (!is(what, "alpha") || !shares_from(what, 2))
        return no_word(out, what, err);
    begin(out, what, "nn.FeatureAlphaDropout");
    cvyi_code_end(out);
    means(out, what);
    return CVY_OK;
}

static cvy_status say_class(cvyi_said *out, const cvyi_saying *what,
                            const char *noise, const cvyi_helper *helper,
                            cvy_error *err)
{
    if (!is(what, noise) || !shares_from(what, what->in[0].rank))
        return no_word(out, what, err);
    out->helper = helper;
    begin(out, what, helper->name);
    cvyi_code_end(out);
    means(out, what);
    return CVY_OK;
}

static cvy_status to_product(cvyi_said *out, const cvyi_saying *what,
                             cvy_error *err)
{
    return say_class(out, what, "product", &gaussian_dropout, err);
}

static cvy_status to_sum(cvyi_said *out, const cvyi_saying *what,
                         cvy_error *err)
{
    return say_class(out, what, "sum", &gaussian_noise, err);
}

/* clang-format off */
static const cvyi_argument arguments[] = {
    { "p", "rate", NULL }, { 0 }
};
static const cvyi_argument class_arguments[] = {
    { "p", "rate", NULL },
    { "rate", "rate", NULL },
    { "stddev", "rate", "a standard deviation" },
    { "dims", "shared", "axes that share their choice" },
    { 0 }
};

#define MODULE(text, from, to)                                              \
    {                                                                       \
        .dialect = "torch", .name = "torch.nn." text,                       \
        .signature = "p=0.5, inplace=False", .from_call = from,             \
        .form = CVYI_FORM_MODULE, .to_call = to, .arguments = arguments     \
    }
#define CALL(text, digits, made, from)                                      \
    {                                                                       \
        .dialect = "torch", .name = text, .ranks = digits,                  \
        .signature = made, .from_call = from,                               \
        .form = CVYI_FORM_FUNCTION, .arguments = arguments                  \
    }
#define F "torch.nn.functional."
#define ON "x, p=0.5, training=True, inplace=False"
#define OFF "x, p=0.5, training=False, inplace=False"
#define TRAIN "x, p, train"

const cvyi_spelling cvyi_dropout_torch[] = {
    { .dialect = "torch", .name = "torch.nn.Dropout%dd", .ranks = "123",
      .signature = "p=0.5, inplace=False",
      .from_call = from_channels,
      .form = CVYI_FORM_MODULE, .to_call = to_channels,
      .arguments = arguments },
    MODULE("Dropout",             from_dropout,        to_dropout),
    MODULE("AlphaDropout",        from_alpha,          to_alpha),
    MODULE("FeatureAlphaDropout", from_alpha_channels, to_alpha_channels),
    { .dialect = "torch", .name = "SharedDropout", .helper = &shared_dropout,
      .signature = "p, dims",
      .arguments = class_arguments,
      .from_call = from_shared,
      .form = CVYI_FORM_MODULE },
    { .dialect = "torch", .name = "GaussianDropout",
      .helper = &gaussian_dropout, .signature = "rate",
      .arguments = class_arguments,
      .from_call = from_product,
      .form = CVYI_FORM_MODULE, .to_call = to_product },
    { .dialect = "torch", .name = "GaussianNoise", .helper = &gaussian_noise,
      .signature = "stddev",
      .arguments = class_arguments,
      .from_call = from_sum,
      .form = CVYI_FORM_MODULE, .to_call = to_sum },
    CALL(F "dropout",                   NULL,  ON,    from_dropout),
    CALL(F "dropout%dd",                "123", ON,    from_channels),
    CALL(F "alpha_dropout",             NULL,  OFF,   from_alpha),
    CALL(F "feature_alpha_dropout",     NULL,  OFF,   from_alpha_channels),
    CALL("torch.dropout",               NULL,  TRAIN, from_dropout),
    CALL("torch.alpha_dropout",         NULL,  TRAIN, from_alpha),
    CALL("torch.feature_alpha_dropout", NULL,  TRAIN, from_alpha_channels),
    { 0 }
};
/* clang-format on */
