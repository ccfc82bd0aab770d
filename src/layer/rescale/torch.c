/* layer/rescale/torch.c - torch's words for constants times and plus. */
#include "layer/words.h"

/* clang-format off */
static const cvyi_helper rescale = {
    .name = "Rescale",
    .needs = "torch nn Tensor",
    .code =
"class Rescale(nn.Module):\n"
"    \"\"\"x * scale + offset, with numbers or one of each per channel."
"\"\"\"\n"
"\n"
"    def __init__(\n"
"        self,\n"
"        scale: float | list[float],\n"
"        offset: float | list[float] = 0.0,\n"
"        axes_after: int = 0,\n"
"    ) -> None:\n"
"        super().__init__()\n"
"        for name, value in ((\"scale\", scale), (\"offset\", offset)):\n"
"            tensor = torch.tensor(value)\n"
"            if tensor.ndim:\n"
"                tensor = tensor.view(-1, *[1] * axes_after)\n"
"            self.register_buffer(name, tensor, persistent=False)\n"
"\n"
"    def forward(self, x: Tensor) -> Tensor:\n"
"        return x * self.scale + self.offset\n",
};
/* clang-format on */

/* A number; 1 / 255 and its like as people write the scale of an image. */
static void put_scale(cvyi_said *out, double value, bool parentheses)
{
    static const struct {
        double value;
        const char *code;
    } forms[] = {
        { 1 / 255.0, "1 / 255" },
        { 1 / 127.5, "1 / 127.5" },
    };

    for (size_t i = 0; i < sizeof forms / sizeof *forms; i++)
        if (forms[i].value == value) {
            cvyi_text_printf(&out->code, "%s%s%s", parentheses ? "(" : "",
                             forms[i].code, parentheses ? ")" : "");
            return;
        }
    cvyi_code_number(out, value);
}

static cvy_status to_function(cvyi_said *out, const cvyi_saying *what,
                              cvy_error *err)
{
    const cvyi_attr_value *const scale = cvyi_attr_at(what->attrs, "scale");
    const cvyi_attr_value *const offset = cvyi_attr_at(what->attrs, "offset");

    if (scale->n > 1 || offset->n > 1)
        return cvyi_refuse(&out->refusal, what->arena, err,
                           CVYI_NO_COUNTERPART, "scale",
                           "write it as a module",
                           "numbers per channel must move with the model");
    cvyi_text_put(&out->code, "{0}");
    out->binding = out->operands = CVYI_BIND_ATOM;
    if (scale->reals[0] != 1) {
        cvyi_text_put(&out->code, " * ");
        put_scale(out, scale->reals[0], true);
        out->binding = out->operands = CVYI_BIND_PRODUCT;
    }
    if (offset->reals[0] != 0) {
        cvyi_text_put(&out->code, offset->reals[0] < 0 ? " - " : " + ");
        cvyi_code_number(out, offset->reals[0] < 0 ? -offset->reals[0]
                                                   : offset->reals[0]);
        out->binding = CVYI_BIND_SUM;
    }
    return CVY_OK;
}

static void put_reals(cvyi_said *out, const char *key,
                      const cvyi_attr_value *list)
{
    cvyi_code_raw(out, key, list->n > 1 ? "[" : "");
    for (int i = 0; i < list->n; i++) {
        cvyi_text_put(&out->code, i > 0 ? ", " : "");
        put_scale(out, list->reals[i], false);
    }
    cvyi_text_put(&out->code, list->n > 1 ? "]" : "");
}

static cvy_status to_module(cvyi_said *out, const cvyi_saying *what,
                            cvy_error *err)
{
    const cvyi_attr_value *const scale = cvyi_attr_at(what->attrs, "scale");
    const cvyi_attr_value *const offset = cvyi_attr_at(what->attrs, "offset");
    const int64_t after =
        what->in[0].rank - 1 - cvyi_attr_int(what->attrs, "axis");

    (void)err;
    cvyi_code_begin(out, "Rescale");
    put_reals(out, NULL, scale);
    if (offset->n > 1 || offset->reals[0] != 0)
        put_reals(out, "offset", offset);
    if ((scale->n > 1 || offset->n > 1) && after > 0)
        cvyi_code_int(out, "axes_after", after);
    cvyi_code_end(out);
    out->helper = &rescale;
    return CVY_OK;
}

/* clang-format off */
const cvyi_spelling cvyi_rescale_torch[] = {
    { .dialect = "torch", .name = "torch.Tensor.__mul__",
      .form = CVYI_FORM_FUNCTION, .to_call = to_function },
    { .dialect = "torch", .name = "Rescale",
      .form = CVYI_FORM_MODULE, .to_call = to_module },
    { 0 }
};
/* clang-format on */
