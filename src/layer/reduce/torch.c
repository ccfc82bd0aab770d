/* layer/reduce/torch.c - torch's words for one number along axes. */
#include "layer/adaptive.h"
#include "layer/marks.h"
#include "layer/torch.h"
#include "layer/torch_axes.h"

/* ---- reading ---- */

static cvy_status from_sum(cvyi_phrase *out, const cvyi_bound *call,
                           cvy_error *err)
{
    CVYI_TRY(cvyi_torch_dtype(out, call, err));
    return cvyi_torch_reduction(out, call, "sum", err);
}

static cvy_status from_amin(cvyi_phrase *out, const cvyi_bound *call,
                            cvy_error *err)
{
    return cvyi_torch_reduction(out, call, "min", err);
}

/* ---- writing ---- */

/* {0}.mean(dim=1, keepdim=True), which may be read back as a pool. */
static cvy_status say(cvyi_said *out, const cvyi_saying *what,
                      const char *kind, const char *word, cvy_error *err)
{
    int64_t axes[CVYI_MAX_DIMS];
    int n = 0;

    if (!cvyi_attr_is(what->attrs, "kind", kind))
        return cvyi_fail(err, CVY_UNSUPPORTED, "this is another reduction");
    n = cvyi_marked(axes, what->attrs, "axes");
    if (n == 0) {
        cvyi_text_put(&out->code, "{0}");
        (void)cvyi_said_means(out, "identity", 0);
        return cvyi_text_status(&out->code, err);
    }
    cvyi_code_begin(out, "{0}.%s", word);
    if (n == 1)
        cvyi_code_int(out, "dim", axes[0]);
    else
        cvyi_code_tuple(out, "dim", axes, n);
    cvyi_code_bool(out, "keepdim", true);
    cvyi_code_end(out);
    out->operands = CVYI_BIND_ATOM;
    cvyi_reduction_means(out, what);
    return cvyi_text_status(&out->code, err);
}

#define SAY(function, kind, word)                                       \
    static cvy_status function(cvyi_said *out, const cvyi_saying *what, \
                               cvy_error *err)                          \
    {                                                                   \
        return say(out, what, kind, word, err);                         \
    }

SAY(to_amax, "max", "amax")
SAY(to_amin, "min", "amin")
SAY(to_mean, "average", "mean")
SAY(to_sum, "sum", "sum")

/* clang-format off */
static const cvyi_argument arguments[] = {
    { "dim",     "reduced axes", NULL },
    { "keepdim", "keepdims",     NULL },
    { 0 }
};

#define SUM "x, dim=None, keepdim=False, *, dtype=None"
#define AMIN "x, dim=(), keepdim=False"
#define ROW(word, text, from, to)                                   \
    { .dialect = "torch", .name = word, .signature = text,          \
      .from_call = from, .form = CVYI_FORM_FUNCTION, .to_call = to, \
      .arguments = arguments }
#define SAID(word, to)                                              \
    { .dialect = "torch", .name = word,                             \
      .form = CVYI_FORM_FUNCTION, .to_call = to }

const cvyi_spelling cvyi_reduce_torch[] = {
    ROW("torch.Tensor.sum",  SUM,  from_sum,  to_sum),
    ROW("torch.sum",         SUM,  from_sum,  NULL),
    ROW("torch.Tensor.amin", AMIN, from_amin, to_amin),
    ROW("torch.amin",        AMIN, from_amin, NULL),
    SAID("torch.Tensor.mean", to_mean),
    SAID("torch.Tensor.amax", to_amax),
    { 0 }
};
/* clang-format on */
