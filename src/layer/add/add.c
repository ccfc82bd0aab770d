/* layer/add/add.c - the sum of several values. */
#include <math.h>

#include "engine/bound.h"
#include "layer/merge.h"
#include "layer/walk.h"

static const cvyi_attr attrs[] = { { 0 } };
static const cvyi_slot slots[] = { { 0 } };

static double join(double so_far, double next)
{
    return so_far + next;
}

static cvy_status eval(const cvyi_job *job, cvy_error *err)
{
    return cvyi_merge_run(job, NULL, join, NULL, err);
}

static double join_size(double so_far, double next)
{
    return so_far + fabs(next);
}

static double finish(double size, int n_in)
{
    return cvyi_gamma(n_in - 1) * size + n_in * CVYI_TINY;
}

/* n - 1 additions of float32, in any order: gamma(n - 1) times the sum of
 * magnitudes (engine/bound.h). */
static cvy_status bound(const cvyi_job *job, cvy_error *err)
{
    return cvyi_merge_run(job, fabs, join_size, finish, err);
}

const cvyi_op cvyi_op_add = {
    .name = "add",
    .title = "sum of several values, element by element",
    .order = CVYI_ORDER_ANY,
    .features = CVYI_FEATURES_KEEP,
    .least_in = 2,
    .most_in = -1,
    .by_sample = true,
    .attrs = attrs,
    .slots = slots,
    .infer = cvyi_merge_infer,
    .eval = eval,
    .bound = bound,
};
