/* layer/unit_norm/torch.c - torch's words for a division by the length. */
#include "layer/torch.h"
#include "layer/unit_norm/words.h"

static cvy_status from_function(cvyi_phrase *out, const cvyi_bound *call,
                                cvy_error *err)
{
    double power, least;

    CVYI_TRY(cvyi_torch_input(out, call, 0, err));
    CVYI_TRY(cvyi_arg_double(&power, out, call, "p", err));
    CVYI_TRY(cvyi_arg_double(&least, out, call, "eps", err));
    if (power != 2)
        return cvyi_refuse(&out->refusal, call->arena, err, CVYI_NOT_SUPPORTED,
                           "p", "use p=2, or write it by hand",
                           "a length other than that of p=2 is not carried "
                           "over");
    return cvyi_unit_norm_add(out, call, "dim", true, least, err);
}

static cvy_status to_function(cvyi_said *out, const cvyi_saying *what,
                              cvy_error *err)
{
    const double least = cvyi_attr_real(what->attrs, "least");
    int64_t axes[CVYI_MAX_DIMS];
    const int n = cvyi_unit_norm_axes(axes, what);

    cvyi_code_begin(out, "F.normalize");
    cvyi_code_raw(out, NULL, "{0}");
    if (n > 1)
        cvyi_code_tuple(out, "dim", axes, n);
    else if (axes[0] != 1)
        cvyi_code_int(out, "dim", axes[0]);
    if (least != 1e-12)
        cvyi_code_double(out, "eps", least);
    cvyi_code_end(out);
    return cvyi_text_status(&out->code, err);
}

static const cvyi_argument arguments[] = {
    { "dim", "axes", NULL },
    { "eps", "least", "the least length" },
    { 0 },
};

const cvyi_spelling cvyi_unit_norm_torch[] = {
    { .dialect = "torch",
      .name = "torch.nn.functional.normalize",
      .signature = "x, p=2.0, dim=1, eps=1e-12, out=None",
      .from_call = from_function,
      .form = CVYI_FORM_FUNCTION,
      .to_call = to_function,
      .arguments = arguments },
    { 0 },
};
