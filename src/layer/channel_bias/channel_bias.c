/* layer/channel_bias/channel_bias.c - a trained number added to each channel.
 */
#include <math.h>

#include "layer/affine.h"
#include "layer/walk.h"

static const cvyi_attr attrs[] = { { 0 } };
static const cvyi_slot slots[] = {
    { .name = "bias", .letters = "C" },
    { 0 },
};

static cvy_status infer(cvyi_inferred *out, const cvyi_attrs *a,
                        const cvyi_type *in, int n_in, cvyi_sizes *sizes,
                        cvy_error *err)
{
    int64_t channels;

    (void)a;
    (void)n_in;
    (void)sizes;
    if (in->rank < 2 || !cvyi_size_constant(&channels, in->dims[1]))
        return cvyi_fail(err, CVY_SHAPE,
                         "needs a value with a known number of channels");
    cvyi_infer_like(out, in);
    out->slots[0] = (cvyi_shape){ .rank = 1, .dims = { channels } };
    return CVY_OK;
}

/* One channel after the other: `u` times the magnitudes where it is not 0. */
static cvy_status run(const cvyi_job *job, double u, cvy_error *err)
{
    const int64_t channels = job->in[0].dims[1];
    double *const a = cvyi_alloc(2 * (size_t)channels + 1, sizeof *a);

    if (a == NULL)
        return cvyi_no_memory(err);
    for (int64_t i = 0; i < channels; i++) {
        const double number = cvyi_element(&job->slots[0], i);

        a[i] = u != 0 ? u : 1;
        a[channels + i] = u != 0 ? u * fabs(number) + CVYI_TINY : number;
    }
    cvyi_affine_run(
        &job->out[0], &job->in[0],
        &(cvyi_affine){
            .a = a, .b = a + channels, .axis = 1, .absolute = u != 0 });
    cvyi_free(a);
    return CVY_OK;
}

static cvy_status eval(const cvyi_job *job, cvy_error *err)
{
    return run(job, 0, err);
}

/* One sum, which is no larger than its magnitudes, and the rounding of its
 * bound. */
static cvy_status bound(const cvyi_job *job, cvy_error *err)
{
    return run(job, 1.01 * CVYI_UNIT, err);
}

const cvyi_op cvyi_op_channel_bias = {
    .name = "channel_bias",
    .title = "a trained number added to each channel",
    .order = CVYI_ORDER_CHANNEL,
    .features = CVYI_FEATURES_KEEP,
    .least_in = 1,
    .most_in = 1,
    .attrs = attrs,
    .slots = slots,
    .infer = infer,
    .eval = eval,
    .bound = bound,
};
