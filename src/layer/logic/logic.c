/* layer/logic/logic.c - and, or, not of truth values. */
#include "layer/merge.h"
#include "layer/walk.h"
#include "tensor/tensor.h"

static const cvyi_attr attrs[] = {
    { "kind", CVYI_ATTR_WORD, NULL, "and or xor not" }, /* not: of one */
    { 0 },
};
static const cvyi_slot slots[] = { { 0 } };

static cvy_status infer(cvyi_inferred *out, const cvyi_attrs *a,
                        const cvyi_type *in, int n_in, cvyi_sizes *sizes,
                        cvy_error *err)
{
    const bool single = cvyi_attr_is(a, "kind", "not");

    if (n_in != (single ? 1 : 2))
        return cvyi_fail(err, CVY_SHAPE, "called on %d tensors", n_in);
    for (int k = 0; k < n_in; k++)
        if (in[k].dtype != CVY_BOOL)
            return cvyi_fail(err, CVY_SHAPE, "input %d is no truth value", k);
    return cvyi_merge_infer(out, a, in, n_in, sizes, err);
}

static double both(double a, double b)
{
    return a != 0 && b != 0;
}

static double either(double a, double b)
{
    return a != 0 || b != 0;
}

static double one(double a, double b)
{
    return (a != 0) != (b != 0);
}

static cvy_status eval(const cvyi_job *job, cvy_error *err)
{
    const cvy_view *const y = &job->out[0];
    int64_t at[CVY_MAX_RANK] = { 0 };

    if (job->n_in > 1)
        return cvyi_merge_run(job, NULL,
                              cvyi_attr_is(job->attrs, "kind", "and")  ? both
                              : cvyi_attr_is(job->attrs, "kind", "or") ? either
                                                                       : one,
                              NULL, err);
    if (cvy_view_count(y) == 0)
        return CVY_OK;
    do
        ((float *)y->data)[cvyi_offset(y, at)] =
            cvyi_at(&job->in[0], at) == 0 ? 1 : 0;
    while (cvyi_next(y->rank, y->dims, at));
    return CVY_OK;
}

const cvyi_op cvyi_op_logic = {
    .name = "logic",
    .title = "and, or, not of truth values",
    .order = CVYI_ORDER_ANY,
    .features = CVYI_FEATURES_KEEP,
    .least_in = 1,
    .most_in = 2,
    .by_sample = true,
    .attrs = attrs,
    .slots = slots,
    .infer = infer,
    .eval = eval,
};
