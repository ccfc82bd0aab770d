/* layer/global_pool/torch.c - torch's words for one number a channel. */
#include "layer/words.h"

static cvy_status to_module(cvyi_said *out, const cvyi_saying *what,
                            cvy_error *err)
{
    const bool max = cvyi_attr_is(what->attrs, "kind", "max");
    const char *const kind = max ? "Max" : "Avg";
    const int n = what->in[0].rank - 2;

    if (what->axes == CVYI_AXES_LAST || n > 3)
        return cvyi_refuse(&out->refusal, what->arena, err,
                           CVYI_NO_COUNTERPART, "",
                           "put channels at axis 1 before this layer",
                           "torch's pools have their channels at axis 1");
    if (cvyi_attr_bool(what->attrs, "keepdims"))
        cvyi_text_printf(&out->code, "nn.Adaptive%sPool%dd(1)", kind, n);
    else
        cvyi_text_printf(
            &out->code, "nn.Sequential(nn.Adaptive%sPool%dd(1), nn.Flatten())",
            kind, n);
    out->binding = CVYI_BIND_ATOM;
    return cvyi_text_status(&out->code, err);
}

static cvy_status to_function(cvyi_said *out, const cvyi_saying *what,
                              cvy_error *err)
{
    const bool max = cvyi_attr_is(what->attrs, "kind", "max");
    const int first = what->axes == CVYI_AXES_LAST ? 1 : 2;
    int64_t dims[CVYI_MAX_DIMS];
    const int n = what->in[0].rank - 2;

    for (int i = 0; i < n; i++)
        dims[i] = first + i;
    cvyi_code_begin(out, "{0}.%s", max ? "amax" : "mean");
    cvyi_code_ints(out, "dim", dims, n);
    if (cvyi_attr_bool(what->attrs, "keepdims"))
        cvyi_code_bool(out, "keepdim", true);
    cvyi_code_end(out);
    out->operands = CVYI_BIND_ATOM;
    return cvyi_text_status(&out->code, err);
}

const cvyi_spelling cvyi_global_pool_torch[] = {
    { .dialect = "torch",
      .name = "torch.nn.AdaptiveAvgPool%dd",
      .ranks = "123",
      .form = CVYI_FORM_MODULE,
      .to_call = to_module },
    { .dialect = "torch",
      .name = "torch.mean",
      .form = CVYI_FORM_FUNCTION,
      .to_call = to_function },
    { 0 }
};
