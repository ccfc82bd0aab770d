/* layer/divide/divide.c - one value over another. */
#include <math.h>

#include "engine/bound.h"
#include "layer/merge.h"
#include "layer/walk.h"

static const cvyi_attr attrs[] = { { 0 } };
static const cvyi_slot slots[] = { { 0 } };

static double join(double so_far, double next)
{
    return so_far / next;
}

static cvy_status eval(const cvyi_job *job, cvy_error *err)
{
    return cvyi_merge_run(job, NULL, join, NULL, err);
}

static double finish(double quotient, int n_in)
{
    (void)n_in;
    return cvyi_gamma(2) * fabs(quotient) + CVYI_TINY;
}

/* A reciprocal and a product round once each. */
static cvy_status bound(const cvyi_job *job, cvy_error *err)
{
    return cvyi_merge_run(job, NULL, join, finish, err);
}

const cvyi_op cvyi_op_divide = {
    .name = "divide",
    .title = "quotient of two values, element by element",
    .order = CVYI_ORDER_ANY,
    .features = CVYI_FEATURES_KEEP,
    .least_in = 2,
    .most_in = 2,
    .by_sample = true,
    .attrs = attrs,
    .slots = slots,
    .infer = cvyi_merge_infer,
    .eval = eval,
    .bound = bound,
};
