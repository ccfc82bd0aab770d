/* layer/sparsemax/torch.c - torch's words for sparsemax: a class of our own. */
#include "layer/axis.h"

static const cvyi_helper sparsemax_class = {
    .name = "Sparsemax",
    .needs = "torch nn Tensor",
    .code =
        "class Sparsemax(nn.Module):\n"
        "    \"\"\"Keras' sparsemax: all partial sums of the support set the "
        "threshold.\"\"\"\n"
        "\n"
        "    def __init__(self, dim: int) -> None:\n"
        "        super().__init__()\n"
        "        self.dim = dim\n"
        "\n"
        "    def forward(self, x: Tensor) -> Tensor:\n"
        "        z = x.sort(dim=self.dim, descending=True).values\n"
        "        sums = z.cumsum(dim=self.dim)\n"
        "        count = torch.ones_like(z).cumsum(dim=self.dim)\n"
        "        support = z - (sums - 1) / count > 0\n"
        "        size = support.sum(dim=self.dim, keepdim=True)\n"
        "        total = torch.where(support, sums, 0.0).sum(dim=self.dim, "
        "keepdim=True)\n"
        "        return (x - (total - 1) / size).clamp(min=0)\n",
};

static cvy_status from_class(cvyi_phrase *out, const cvyi_bound *call,
                             cvy_error *err)
{
    return cvyi_axis_from_dim(out, call, "sparsemax", err);
}

static cvy_status to_module(cvyi_said *out, const cvyi_saying *what,
                            cvy_error *err)
{
    out->helper = &sparsemax_class;
    return cvyi_axis_say(out, what, "Sparsemax", CVYI_FORM_MODULE, err);
}

/* clang-format off */
const cvyi_spelling cvyi_sparsemax_torch[] = {
    { .dialect = "torch", .name = "Sparsemax", .helper = &sparsemax_class,
      .signature = "dim",
      .from_call = from_class,
      .form = CVYI_FORM_MODULE, .to_call = to_module },
    { 0 }
};
/* clang-format on */
