/* layer/global_pool/torch.c - torch's words for one number a channel. */
#include "layer/adaptive.h"
#include "layer/torch.h"
#include "layer/torch_axes.h"

/* ---- reading ---- */

static cvy_status from_mean(cvyi_phrase *out, const cvyi_bound *call,
                            cvy_error *err)
{
    CVYI_TRY(cvyi_torch_dtype(out, call, err));
    return cvyi_torch_reduction(out, call, "average", err);
}

static cvy_status from_amax(cvyi_phrase *out, const cvyi_bound *call,
                            cvy_error *err)
{
    return cvyi_torch_reduction(out, call, "max", err);
}

/* ---- writing ---- */

static cvy_status to_module(cvyi_said *out, const cvyi_saying *what, bool max,
                            cvy_error *err)
{
    const char *const kind = max ? "Max" : "Avg";
    const int n = what->in[0].rank - 2;

    if (cvyi_attr_is(what->attrs, "kind", "max") != max)
        return cvyi_fail(err, CVY_UNSUPPORTED, "this is another pool");
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
    if (!cvyi_attr_bool(what->attrs, "keepdims")) {
        cvyi_attrs *const read = cvyi_said_means(out, "global_pool", n);

        *read = *what->attrs;
        cvyi_set_int(read, "keepdims", true);
        cvyi_said_means(out, "flatten", 0);
    }
    return cvyi_text_status(&out->code, err);
}

static cvy_status to_average_module(cvyi_said *out, const cvyi_saying *what,
                                    cvy_error *err)
{
    return to_module(out, what, false, err);
}

static cvy_status to_max_module(cvyi_said *out, const cvyi_saying *what,
                                cvy_error *err)
{
    return to_module(out, what, true, err);
}

static cvy_status to_reduction(cvyi_said *out, const cvyi_saying *what,
                               bool max, cvy_error *err)
{
    const int first = what->axes == CVYI_AXES_LAST ? 1 : 2;
    int64_t dims[CVYI_MAX_DIMS];
    const int n = what->in[0].rank - 2;

    if (cvyi_attr_is(what->attrs, "kind", "max") != max)
        return cvyi_fail(err, CVY_UNSUPPORTED, "this is another pool");
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

static cvy_status to_mean(cvyi_said *out, const cvyi_saying *what,
                          cvy_error *err)
{
    return to_reduction(out, what, false, err);
}

static cvy_status to_amax(cvyi_said *out, const cvyi_saying *what,
                          cvy_error *err)
{
    return to_reduction(out, what, true, err);
}

/* clang-format off */
static const cvyi_argument arguments[] = {
    { "dim",     "reduced axes", NULL },
    { "keepdim", "keepdims",     NULL },
    { 0 }
};
static const cvyi_argument adaptive[] = {
    { "output_size", "sizes", "1 along every axis" },
    { 0 }
};

#define MEAN "x, dim=None, keepdim=False, *, dtype=None"
#define AMAX "x, dim=(), keepdim=False"
#define ROW(word, text, from, to)                                   \
    { .dialect = "torch", .name = word, .signature = text,          \
      .from_call = from, .form = CVYI_FORM_FUNCTION, .to_call = to, \
      .arguments = arguments }

const cvyi_spelling cvyi_global_pool_torch[] = {
    { .dialect = "torch", .name = "torch.nn.AdaptiveAvgPool%dd",
      .ranks = "123", .form = CVYI_FORM_MODULE,
      .to_call = to_average_module, .arguments = adaptive },
    { .dialect = "torch", .name = "torch.nn.AdaptiveMaxPool%dd",
      .ranks = "123", .form = CVYI_FORM_MODULE,
      .to_call = to_max_module, .arguments = adaptive },
    ROW("torch.Tensor.mean", MEAN, from_mean, to_mean),
    ROW("torch.mean",        MEAN, from_mean, NULL),
    ROW("torch.Tensor.amax", AMAX, from_amax, to_amax),
    ROW("torch.amax",        AMAX, from_amax, NULL),
    { 0 }
};
/* clang-format on */
