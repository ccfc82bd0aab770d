/* layer/channel_scale/channel_scale.c - a trained factor for each channel. */
#include <math.h>

#include "layer/affine.h"
#include "layer/per_channel.h"
#include "layer/walk.h"

static const cvyi_attr attrs[] = { { 0 } };
static const cvyi_slot slots[] = {
    { .name = "weight", .letters = "C" },
    { 0 },
};

static void scale(double *a, double *b, double number, double u)
{
    *a = u != 0 ? u * fabs(number) : number;
    *b = u != 0 ? CVYI_TINY : 0;
}

static cvy_status eval(const cvyi_job *job, cvy_error *err)
{
    return cvyi_per_channel_run(job, scale, 0, err);
}

/* One product, and the rounding of its bound. */
static cvy_status bound(const cvyi_job *job, cvy_error *err)
{
    return cvyi_per_channel_run(job, scale, 1.01 * CVYI_UNIT, err);
}

const cvyi_op cvyi_op_channel_scale = {
    .name = "channel_scale",
    .title = "a trained factor for each channel",
    .order = CVYI_ORDER_CHANNEL,
    .features = CVYI_FEATURES_KEEP,
    .least_in = 1,
    .most_in = 1,
    .by_sample = true,
    .attrs = attrs,
    .slots = slots,
    .infer = cvyi_per_channel_infer,
    .eval = eval,
    .bound = bound,
};
