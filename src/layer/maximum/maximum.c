/* layer/maximum/maximum.c - the largest of several values. */
#include <math.h>

#include "layer/merge.h"

static const cvyi_attr attrs[] = { { 0 } };
static const cvyi_slot slots[] = { { 0 } };

/* NaN if either is. */
static double join(double so_far, double next)
{
    return isnan(so_far) || so_far > next ? so_far : next;
}

static cvy_status eval(const cvyi_job *job, cvy_error *err)
{
    return cvyi_merge_run(job, NULL, join, NULL, err);
}

const cvyi_op cvyi_op_maximum = {
    .name = "maximum",
    .title = "the largest of several values, element by element",
    .order = CVYI_ORDER_ANY,
    .features = CVYI_FEATURES_KEEP,
    .least_in = 2,
    .most_in = -1,
    .by_sample = true,
    .attrs = attrs,
    .slots = slots,
    .infer = cvyi_merge_infer,
    .eval = eval,
};
