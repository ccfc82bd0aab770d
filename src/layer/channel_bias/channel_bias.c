/* layer/channel_bias/channel_bias.c - a trained number added to each channel.
 */
#include <math.h>

#include "layer/affine.h"
#include "layer/per_channel.h"
#include "layer/walk.h"

static const cvyi_attr attrs[] = { { 0 } };
static const cvyi_slot slots[] = {
    { .name = "bias", .letters = "C" },
    { 0 },
};

static void add(double *a, double *b, double number, double u)
{
    *a = u != 0 ? u : 1;
    *b = u != 0 ? u * fabs(number) + CVYI_TINY : number;
}

static cvy_status eval(const cvyi_job *job, cvy_error *err)
{
    return cvyi_per_channel_run(job, add, 0, err);
}

/* One sum, which is no larger than its magnitudes, and the rounding of its
 * bound. */
static cvy_status bound(const cvyi_job *job, cvy_error *err)
{
    return cvyi_per_channel_run(job, add, 1.01 * CVYI_UNIT, err);
}

const cvyi_op cvyi_op_channel_bias = {
    .name = "channel_bias",
    .title = "a trained number added to each channel",
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
