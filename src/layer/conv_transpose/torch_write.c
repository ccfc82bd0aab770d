/* layer/conv_transpose/torch_write.c - said in torch. */
#include "layer/conv_transpose/words.h"
#include "layer/number.h"
#include "layer/torch.h"
#include "layer/window.h"

/* clang-format off */
#define HELPER(class)                                                        \
    { .name = "Cut" class, .needs = "nn Tensor", .code =                     \
"class Cut" class "(nn." class "):\n"                                        \
"    \"\"\"nn." class ", then `cut` elements less at the end of each axis."  \
"\"\"\"\n"                                                                   \
"\n"                                                                         \
"    def __init__(\n"                                                        \
"        self,\n"                                                            \
"        cut: tuple[int, ...],\n"                                            \
"        *sizes: int | tuple[int, ...],\n"                                   \
"        **options: bool | int | tuple[int, ...],\n"                         \
"    ) -> None:\n"                                                           \
"        super().__init__(*sizes, **options)\n"                              \
"        self.cut = cut\n"                                                   \
"\n"                                                                         \
"    def forward(self, x: Tensor) -> Tensor:\n"                              \
"        x = super().forward(x)\n"                                           \
"        for axis, n in enumerate(self.cut, start=2):\n"                     \
"            x = x.narrow(axis, 0, x.shape[axis] - n)\n"                     \
"        return x\n" }

const cvyi_helper cvyi_transpose_helpers[] = {
    HELPER("ConvTranspose1d"),
    HELPER("ConvTranspose2d"),
    HELPER("ConvTranspose3d"),
};
/* clang-format on */

/* What torch is told: cut `padding` at both ends, but `extra` less at the end
 * of the axis, where `cut` more then fall away. */
typedef struct amounts {
    int64_t padding[CVYI_MAX_SPATIAL], extra[CVYI_MAX_SPATIAL];
    int64_t cut[CVYI_MAX_SPATIAL];
} amounts;

static bool choose(amounts *out, const cvyi_attrs *attrs)
{
    const cvyi_border *const crop = cvyi_attr_border(attrs, "crop");

    for (int i = 0; i < attrs->n_spatial; i++) {
        const cvy_window w = cvyi_window_at(attrs, i);
        const int64_t room = w.stride > w.dilation ? w.stride : w.dilation;

        if (crop->before[i] < 0 || crop->after[i] <= crop->before[i] - room)
            return false;

        const int64_t less = crop->before[i] - crop->after[i];

        out->padding[i] = crop->before[i];
        out->extra[i] = less > 0 ? less : 0;
        out->cut[i] = less < 0 ? -less : 0;
    }
    return true;
}

/* Everything behind the name of the class and what our own class adds. */
static void say(cvyi_said *out, const cvyi_saying *what, const amounts *a)
{
    const cvyi_attrs *const attrs = what->attrs;
    const int n = attrs->n_spatial;
    const int64_t *const stride = cvyi_attr_ints(attrs, "stride", NULL);
    const int64_t *const dilation = cvyi_attr_ints(attrs, "dilation", NULL);
    const int64_t groups = cvyi_attr_int(attrs, "groups");
    const bool bias = (what->present & 2u) != 0;

    cvyi_code_int(out, NULL, what->slots[0].dims[0]);
    cvyi_code_int(out, NULL, cvyi_attr_int(attrs, "outputs"));
    cvyi_code_ints(out, NULL, cvyi_attr_ints(attrs, "taps", NULL), n);
    if (!cvyi_all_equal(stride, n, 1))
        cvyi_code_ints(out, "stride", stride, n);
    if (!cvyi_all_equal(a->padding, n, 0))
        cvyi_code_ints(out, "padding", a->padding, n);
    if (!cvyi_all_equal(a->extra, n, 0))
        cvyi_code_ints(out, "output_padding", a->extra, n);
    if (groups != 1)
        cvyi_code_int(out, "groups", groups);
    if (!bias)
        cvyi_code_bool(out, "bias", false);
    if (!cvyi_all_equal(dilation, n, 1))
        cvyi_code_ints(out, "dilation", dilation, n);
    cvyi_code_end(out);
    cvyi_said_slot_add(out, "weight", "weight", "I O S");
    if (bias)
        cvyi_said_slot_add(out, "bias", "bias", "O");
}

static cvy_status check(amounts *a, cvyi_said *out, const cvyi_saying *what,
                        cvy_error *err)
{
    if (what->axes != CVYI_AXES_FIRST)
        return cvyi_refuse(&out->refusal, what->arena, err,
                           CVYI_NO_COUNTERPART, "data_format",
                           "move the channels to axis 1",
                           "torch's transposed convolution has its channels "
                           "on axis 1");
    if (!choose(a, what->attrs))
        return cvyi_refuse(&out->refusal, what->arena, err,
                           CVYI_NO_COUNTERPART, "output_padding",
                           "cut less off the front, and the rest in a step "
                           "of its own",
                           "torch's transposed convolution cannot cut off "
                           "so much more in front than behind");
    return CVY_OK;
}

cvy_status cvyi_transpose_to_torch(cvyi_said *out, const cvyi_saying *what,
                                   cvy_error *err)
{
    const int n = what->attrs->n_spatial;
    amounts a;

    CVYI_TRY(check(&a, out, what, err));
    if (!cvyi_all_equal(a.cut, n, 0))
        return cvyi_refuse(&out->refusal, what->arena, err,
                           CVYI_NO_COUNTERPART, "padding",
                           "cut the last elements off in a step of its own",
                           "torch's transposed convolution cannot cut off "
                           "more behind than in front");
    cvyi_code_begin(out, "nn.ConvTranspose%dd", n);
    say(out, what, &a);
    return CVY_OK;
}

cvy_status cvyi_transpose_to_helper(cvyi_said *out, const cvyi_saying *what,
                                    cvy_error *err)
{
    const int n = what->attrs->n_spatial;
    amounts a;

    CVYI_TRY(check(&a, out, what, err));
    cvyi_code_begin(out, "CutConvTranspose%dd", n);
    cvyi_code_tuple(out, NULL, a.cut, n);
    say(out, what, &a);
    out->helper = &cvyi_transpose_helpers[n - 1];
    out->comment = "torch's padding cuts off as much at both ends";
    return CVY_OK;
}
