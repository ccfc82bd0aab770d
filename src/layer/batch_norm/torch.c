/* layer/batch_norm/torch.c - torch's words for batch normalisation. */
#include "layer/batch_norm/words.h"
#include "layer/torch.h"

#include <stdio.h>
#include <stdlib.h>

/* clang-format off */
/* torch corrects the running variance for the size of the batch. */
#define TRAINED(title, base, about, weight)                                   \
    { .name = title, .needs = "torch nn F Tensor", .code =                    \
"class " title "(nn." base "):\n"                                             \
"    \"\"\"" about "\"\"\"\n"                                                 \
"\n"                                                                          \
"    def forward(self, x: Tensor) -> Tensor:\n"                               \
"        if not self.training:\n"                                             \
"            return super().forward(x)\n"                                     \
"        axes = [0, *range(2, x.dim())]\n"                                    \
"        variance, mean = torch.var_mean(x.detach(), dim=axes, "              \
"correction=0)\n"                                                             \
"        self.running_mean.lerp_(mean, self.momentum)\n"                      \
"        self.running_var.lerp_(variance, self.momentum)\n"                   \
"        weight, bias = " weight ", self.bias\n"                              \
"        return F.batch_norm(x, None, None, weight, bias, True, 0.0, "        \
"self.eps)\n" }
#define KERAS(title)                                                          \
    TRAINED("Keras" title, title,                                             \
            "Keeps the running variance as Keras does: biased.",              \
            "self.weight")

/* torch has no norm with a bias and no weight. */
#define SHIFT(title)                                                          \
    TRAINED("KerasShift" title, title,                                        \
            "Keras' running variance; the weight is 1 and not trained.",      \
            "None")

/* Keras computes a frozen layer as in inference, also in training. */
#define FROZEN(title)                                                         \
    { .name = "Frozen" title, .needs = "nn F Tensor", .code = \
"class Frozen" title "(nn." title "):\n" \
"    \"\"\"Keeps to its running statistics, also in training.\"\"\"\n" \
"\n"                                                                          \
"    def forward(self, x: Tensor) -> Tensor:\n"                               \
"        mean, variance = self.running_mean, self.running_var\n"              \
"        weight, bias = self.weight, self.bias\n"                             \
"        return F.batch_norm(x, mean, variance, weight, bias, "               \
"eps=self.eps)\n" }

static const cvyi_helper keras[] = {
    KERAS("BatchNorm1d"), KERAS("BatchNorm2d"), KERAS("BatchNorm3d"),
};
static const cvyi_helper shift_only[] = {
    SHIFT("BatchNorm1d"), SHIFT("BatchNorm2d"), SHIFT("BatchNorm3d"),
};
static const cvyi_helper frozen[] = {
    FROZEN("BatchNorm1d"), FROZEN("BatchNorm2d"), FROZEN("BatchNorm3d"),
};
/* clang-format on */

/* ---- writing ---- */

/* torch's momentum is the share of the NEW value. Taken as the shortest
 * decimal that gives the old share back: 0.01, not 0.010000000000000009. */
static double share_of_new(double share_of_old)
{
    char digits[40];

    for (int precision = 1; precision <= 17; precision++) {
        snprintf(digits, sizeof digits, "%.*g", precision, 1 - share_of_old);
        if (1 - strtod(digits, NULL) == share_of_old)
            return strtod(digits, NULL);
    }
    return 1 - share_of_old;
}

static void say_slots(cvyi_said *out, bool scale, bool shift)
{
    if (scale)
        cvyi_said_slot_add(out, "scale", "weight", "C");
    else if (shift)
        cvyi_said_slot_fill(out, "scale", "weight", "C", 1);
    if (shift)
        cvyi_said_slot_add(out, "shift", "bias", "C");
    cvyi_said_slot_add(out, "mean", "running_mean", "C");
    cvyi_said_slot_add(out, "variance", "running_var", "C");
}

static void means(cvyi_said *out, const cvyi_saying *what, double share)
{
    cvyi_attrs read = *what->attrs;

    cvyi_set_real(&read, "momentum", 1 - share);
    cvyi_set_word(&read, "variance",
                  out->helper != NULL ? "biased" : "unbiased");
    cvyi_torch_means(out, what, &read);
}

/* The class of the file's own, where torch's trains in another way. */
static const cvyi_helper *class_of(const cvyi_saying *what, int n_spatial,
                                   bool unscaled)
{
    if (what->frozen)
        return &frozen[n_spatial - 1];
    if (what->exact_training &&
        cvyi_attr_is(what->attrs, "variance", "biased"))
        return unscaled ? &shift_only[n_spatial - 1] : &keras[n_spatial - 1];
    return NULL;
}

static void remarks(cvyi_said *out, const cvyi_saying *what, bool scale,
                    bool shift)
{
    if (!scale && shift && out->helper == NULL)
        cvyi_said_remark(out, "gamma is fixed at 1 in the source; torch's "
                              "weight is 1 and would be trained");
    if (cvyi_attr_is(what->attrs, "variance", "biased") && out->helper == NULL)
        cvyi_said_remark(out, "training: the running variance is unbiased in "
                              "torch and biased in the source; inference is "
                              "the same");
}

static cvy_status to_module(cvyi_said *out, const cvyi_saying *what,
                            cvy_error *err)
{
    const int rank = what->in[0].rank;
    const double eps = cvyi_attr_real(what->attrs, "eps");
    const double momentum =
        share_of_new(cvyi_attr_real(what->attrs, "momentum"));
    const bool scale = (what->present & 1u) != 0;
    const bool shift = (what->present & 2u) != 0;

    if (rank < 2 || rank > 2 + CVYI_MAX_SPATIAL ||
        (rank > 2 && what->axes != CVYI_AXES_FIRST))
        return cvyi_refuse(&out->refusal, what->arena, err,
                           CVYI_NO_COUNTERPART, "axis",
                           "move the channels to axis 1",
                           "torch normalises 2 to 5 axes with channels at "
                           "axis 1");
    out->helper = class_of(what, rank == 2 ? 1 : rank - 2, !scale && shift);
    if (out->helper != NULL)
        cvyi_code_begin(out, "%s", out->helper->name);
    else
        cvyi_code_begin(out, "nn.BatchNorm%dd", rank == 2 ? 1 : rank - 2);
    cvyi_code_int(out, NULL, what->slots[2].dims[0]);
    if (eps != 1e-5)
        cvyi_code_double(out, "eps", eps);
    if (momentum != 0.1)
        cvyi_code_double(out, "momentum", momentum);
    if (!scale && !shift)
        cvyi_code_bool(out, "affine", false);
    else if (!shift)
        cvyi_code_bool(out, "bias", false);
    cvyi_code_end(out);
    say_slots(out, scale, shift);
    means(out, what, momentum);
    remarks(out, what, scale, shift);
    return CVY_OK;
}

/* clang-format off */
static const cvyi_argument arguments[] = {
    { "num_features",        "inputs",   NULL },
    { "eps",                 "eps",      NULL },
    { "momentum",            "momentum", "the share of the new value" },
    { "affine",              "scale",    "weight and bias together" },
    { "track_running_stats", "mean",     NULL },
    { "bias",                "shift",    NULL },
    { 0 }
};
static const cvyi_argument operands[] = {
    { "running_mean", "mean",     NULL },
    { "running_var",  "variance", NULL },
    { "weight",       "scale",    NULL },
    { "bias",         "shift",    NULL },
    { "training",     "training", NULL },
    { "eps",          "eps",      NULL },
    { 0 }
};

#define OPTIONS \
    "eps=1e-05, momentum=0.1, affine=True, track_running_stats=True, "
#define SIGNATURE \
    "num_features, " OPTIONS "device=None, dtype=None, *, bias=True"
#define CLASS(title, text) \
    { .dialect = "torch", .name = title, .helper = text, \
      .signature = SIGNATURE, .from_call = cvyi_batch_norm_from_class, \
      .form = CVYI_FORM_MODULE, .arguments = arguments }

const cvyi_spelling cvyi_batch_norm_torch[] = {
    { .dialect = "torch", .name = "torch.nn.BatchNorm%dd", .ranks = "123",
      .signature = SIGNATURE, .from_call = cvyi_batch_norm_from_torch,
      .form = CVYI_FORM_MODULE, .to_call = to_module,
      .arguments = arguments },
    { .dialect = "torch", .name = "torch.nn.LazyBatchNorm%dd",
      .ranks = "123",
      .signature = OPTIONS "device=None, dtype=None, *, bias=True",
      .from_call = cvyi_batch_norm_from_lazy, .form = CVYI_FORM_MODULE,
      .arguments = arguments },
    { .dialect = "torch", .name = "torch.nn.SyncBatchNorm",
      .signature = "num_features, " OPTIONS "process_group=None, "
                   "device=None, dtype=None, *, bias=True",
      .from_call = cvyi_batch_norm_from_sync, .form = CVYI_FORM_MODULE,
      .arguments = arguments },
    { .dialect = "torch", .name = "torch.nn.functional.batch_norm",
      .signature = "x, running_mean, running_var, weight=None, bias=None, "
                   "training=False, momentum=0.1, eps=1e-05",
      .from_call = cvyi_batch_norm_from_function,
      .form = CVYI_FORM_FUNCTION, .arguments = operands },
    { .dialect = "torch", .name = "torch.batch_norm",
      .signature = "x, weight, bias, running_mean, running_var, training, "
                   "momentum, eps, cudnn_enabled",
      .from_call = cvyi_batch_norm_from_function,
      .form = CVYI_FORM_FUNCTION, .arguments = operands },
    CLASS("KerasBatchNorm1d", &keras[0]),
    CLASS("KerasBatchNorm2d", &keras[1]),
    CLASS("KerasBatchNorm3d", &keras[2]),
    CLASS("KerasShiftBatchNorm1d", &shift_only[0]),
    CLASS("KerasShiftBatchNorm2d", &shift_only[1]),
    CLASS("KerasShiftBatchNorm3d", &shift_only[2]),
    CLASS("FrozenBatchNorm1d", &frozen[0]),
    CLASS("FrozenBatchNorm2d", &frozen[1]),
    CLASS("FrozenBatchNorm3d", &frozen[2]),
    { 0 }
};
/* clang-format on */
