/*
 * layer/compare/compare.c - whether one value is below another.
 *
 * True is 1 and False is 0. An evaluation only chooses, like a maximum: on the
 * same numbers there is one answer, and the bound is 0. Numbers that are
 * rounding errors away from each other may of course compare otherwise in
 * another framework; words that read a comparison remark on that.
 */
#include "layer/merge.h"
#include "layer/walk.h"
#include "tensor/tensor.h"

static const cvyi_attr attrs[] = {
    { "sign", CVYI_ATTR_WORD, NULL,
      "less less_equal equal not_equal greater_equal greater" },
    { "number", CVYI_ATTR_FLOAT, "0", NULL }, /* for an input alone */
    { 0 },
};
static const cvyi_slot slots[] = { { 0 } };

static cvy_status infer(cvyi_inferred *out, const cvyi_attrs *a,
                        const cvyi_type *in, int n_in, cvyi_sizes *sizes,
                        cvy_error *err)
{
    CVYI_TRY(cvyi_merge_infer(out, a, in, n_in, sizes, err));
    out->out[0].dtype = CVY_BOOL;
    return CVY_OK;
}

static double less(double a, double b)
{
    return a < b;
}

static double less_equal(double a, double b)
{
    return a <= b;
}

static double equal(double a, double b)
{
    return a == b;
}

static double not_equal(double a, double b)
{
    return a != b;
}

static double greater_equal(double a, double b)
{
    return a >= b;
}

static double greater(double a, double b)
{
    return a > b;
}

static const struct {
    const char *sign;
    cvyi_join_fn *of;
} signs[] = {
    { "less", less },
    { "less_equal", less_equal },
    { "equal", equal },
    { "not_equal", not_equal },
    { "greater_equal", greater_equal },
    { "greater", greater },
};

static cvyi_join_fn *sign_of(const cvyi_attrs *a)
{
    size_t i = 0;

    while (i + 1 < sizeof signs / sizeof *signs &&
           !cvyi_attr_is(a, "sign", signs[i].sign))
        i++;
    return signs[i].of;
}

static cvy_status eval(const cvyi_job *job, cvy_error *err)
{
    cvyi_join_fn *const of = sign_of(job->attrs);
    const double number = (double)(float)cvyi_attr_real(job->attrs, "number");
    const cvy_view *const y = &job->out[0];
    int64_t at[CVY_MAX_RANK] = { 0 };

    if (job->n_in > 1)
        return cvyi_merge_run(job, NULL, of, NULL, err);
    if (cvy_view_count(y) == 0)
        return CVY_OK;
    do
        ((float *)y->data)[cvyi_offset(y, at)] =
            (float)of(cvyi_at(&job->in[0], at), number);
    while (cvyi_next(y->rank, y->dims, at));
    return CVY_OK;
}

const cvyi_op cvyi_op_compare = {
    .name = "compare",
    .title = "whether one value is below, equal to or above another",
    .order = CVYI_ORDER_ANY,
    .features = CVYI_FEATURES_KEEP,
    .least_in = 1,
    .most_in = 2,
    .by_sample = true,
    .typed = true,
    .attrs = attrs,
    .slots = slots,
    .infer = infer,
    .eval = eval,
};
