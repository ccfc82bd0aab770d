/* layer/reduce/torch.c - torch's words for one number along axes. */
#include "layer/adaptive.h"
#include "layer/marks.h"
#include "layer/torch.h"
#include "layer/torch_axes.h"

#include <string.h>

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

/* torch divides by n - 1 unless it is told otherwise. */
static cvy_status from_spread(cvyi_phrase *out, const cvyi_bound *call,
                              const char *kind, cvy_error *err)
{
    const cvyi_value *const unbiased = cvyi_arg(call, "unbiased");
    const cvyi_value *const correction = cvyi_arg(call, "correction");
    const bool by_n = unbiased->kind == CVYI_BOOL && !unbiased->truth;
    double less = by_n ? 0 : 1;

    if (!cvyi_is_none(unbiased) && unbiased->kind != CVYI_BOOL)
        return cvyi_refuse(&out->refusal, call->arena, err,
                           CVYI_ILLEGAL_IN_SOURCE, "unbiased",
                           "say False and mean correction=0",
                           "unbiased must be True or False");
    if (!by_n && !cvyi_as_double(&less, correction))
        less = 1;
    if (less != 0)
        return cvyi_refuse(&out->refusal, call->arena, err, CVYI_NOT_SUPPORTED,
                           by_n ? "unbiased" : "correction",
                           "say correction=0, which divides by the number "
                           "of elements",
                           "a spread divided by less than the number of "
                           "elements is not carried over");
    return cvyi_torch_reduction(out, call, kind, err);
}

static cvy_status from_var(cvyi_phrase *out, const cvyi_bound *call,
                           cvy_error *err)
{
    return from_spread(out, call, "variance", err);
}

static cvy_status from_std(cvyi_phrase *out, const cvyi_bound *call,
                           cvy_error *err)
{
    return from_spread(out, call, "deviation", err);
}

static cvy_status from_logsumexp(cvyi_phrase *out, const cvyi_bound *call,
                                 cvy_error *err)
{
    return cvyi_torch_reduction(out, call, "logsumexp", err);
}

/* It takes one axis only. */
static cvy_status from_prod(cvyi_phrase *out, const cvyi_bound *call,
                            cvy_error *err)
{
    CVYI_TRY(cvyi_torch_dtype(out, call, err));
    if (cvyi_arg(call, "dim")->kind == CVYI_LIST)
        return cvyi_refuse(&out->refusal, call->arena, err,
                           CVYI_ILLEGAL_IN_SOURCE, "dim",
                           "multiply along one axis after the other",
                           "dim must be one integer");
    return cvyi_torch_reduction(out, call, "product", err);
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
    if (strcmp(word, "var") == 0 || strcmp(word, "std") == 0)
        cvyi_code_int(out, "correction", 0);
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
SAY(to_var, "variance", "var")
SAY(to_std, "deviation", "std")
SAY(to_logsumexp, "logsumexp", "logsumexp")

/* Axis by axis. */
static cvy_status to_prod(cvyi_said *out, const cvyi_saying *what,
                          cvy_error *err)
{
    const int rank = what->in[0].rank;
    int64_t axes[CVYI_MAX_DIMS];
    const int n = cvyi_marked(axes, what->attrs, "axes");

    if (!cvyi_attr_is(what->attrs, "kind", "product") || n == 0)
        return cvyi_fail(err, CVY_UNSUPPORTED, "this is another reduction");
    cvyi_text_put(&out->code, "{0}");
    for (int i = 0; i < n; i++) {
        int64_t one[CVYI_MAX_DIMS] = { 0 };
        cvyi_attrs *read;

        cvyi_text_printf(&out->code, ".prod(dim=%d, keepdim=True)",
                         (int)axes[i]);
        if (n == 1)
            continue;
        read = cvyi_said_means(out, "reduce", 0);
        if (read == NULL)
            return cvyi_fail(err, CVY_UNSUPPORTED, "too many axes");
        one[axes[i]] = 1;
        cvyi_set_word(read, "kind", "product");
        cvyi_set_ints(read, "axes", one, rank);
    }
    out->binding = CVYI_BIND_ATOM;
    out->operands = CVYI_BIND_ATOM;
    return CVY_OK;
}

/* clang-format off */
static const cvyi_argument arguments[] = {
    { "dim",     "reduced axes", NULL },
    { "keepdim", "keepdims",     NULL },
    { 0 }
};

#define SUM "x, dim=None, keepdim=False, *, dtype=None"
#define AMIN "x, dim=(), keepdim=False"
#define VAR "x, dim=None, unbiased=None, keepdim=False, *, correction=1"
#define LOGSUMEXP "x, dim, keepdim=False"
#define PROD "x, dim=None, keepdim=False, *, dtype=None"
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
    ROW("torch.Tensor.var",       VAR,       from_var,       to_var),
    ROW("torch.var",              VAR,       from_var,       NULL),
    ROW("torch.Tensor.std",       VAR,       from_std,       to_std),
    ROW("torch.std",              VAR,       from_std,       NULL),
    ROW("torch.Tensor.logsumexp", LOGSUMEXP, from_logsumexp, to_logsumexp),
    ROW("torch.logsumexp",        LOGSUMEXP, from_logsumexp, NULL),
    ROW("torch.Tensor.prod",      PROD,      from_prod,      to_prod),
    ROW("torch.prod",             PROD,      from_prod,      NULL),
    SAID("torch.Tensor.mean", to_mean),
    SAID("torch.Tensor.amax", to_amax),
    { 0 }
};
/* clang-format on */
