/* layer/permute/torch.c - torch's words for another order of axes. */
#include "layer/words.h"

/* clang-format off */
static const cvyi_helper permute = {
    .name = "Permute",
    .needs = "nn Tensor",
    .code =
"class Permute(nn.Module):\n"
"    \"\"\"x.permute(axes) as a module.\"\"\"\n"
"\n"
"    def __init__(self, *axes: int) -> None:\n"
"        super().__init__()\n"
"        self.axes = axes\n"
"\n"
"    def forward(self, x: Tensor) -> Tensor:\n"
"        return x.permute(self.axes)\n",
};
/* clang-format on */

static void put_axes(cvyi_said *out, const cvyi_saying *what)
{
    int n;
    const int64_t *const axes = cvyi_attr_ints(what->attrs, "axes", &n);

    for (int i = 0; i < n; i++)
        cvyi_code_int(out, NULL, axes[i]);
    cvyi_code_end(out);
}

static cvy_status to_function(cvyi_said *out, const cvyi_saying *what,
                              cvy_error *err)
{
    (void)err;
    cvyi_code_begin(out, "{0}.permute");
    put_axes(out, what);
    out->operands = CVYI_BIND_ATOM;
    return CVY_OK;
}

static cvy_status to_module(cvyi_said *out, const cvyi_saying *what,
                            cvy_error *err)
{
    (void)err;
    cvyi_code_begin(out, "Permute");
    put_axes(out, what);
    out->helper = &permute;
    return CVY_OK;
}

/* clang-format off */
const cvyi_spelling cvyi_permute_torch[] = {
    { .dialect = "torch", .name = "torch.Tensor.permute",
      .form = CVYI_FORM_FUNCTION, .to_call = to_function },
    { .dialect = "torch", .name = "Permute",
      .form = CVYI_FORM_MODULE, .to_call = to_module },
    { 0 }
};
/* clang-format on */
