/* layer/prelu/prelu.c - x above 0, a learned multiple of it below. */
#include <math.h>

#include "layer/walk.h"
#include "tensor/tensor.h"

static const cvyi_attr attrs[] = {
    { "single", CVYI_ATTR_BOOL, "false", NULL }, /* one for all channels */
    { 0 },
};
static const cvyi_slot slots[] = {
    { .name = "weight", .letters = "C" },
    { 0 },
};

static cvy_status infer(cvyi_inferred *out, const cvyi_attrs *a,
                        const cvyi_type *in, int n_in, cvyi_sizes *sizes,
                        cvy_error *err)
{
    int64_t channels = 1;

    (void)n_in;
    (void)sizes;
    if (in->rank < 2)
        return cvyi_fail(err, CVY_SHAPE, "prelu of a value without channels");
    if (!cvyi_attr_bool(a, "single") &&
        !cvyi_size_constant(&channels, in->dims[1]))
        return cvyi_fail(err, CVY_SHAPE,
                         "prelu needs a known number of channels");
    cvyi_infer_like(out, in);
    out->slots[0] = (cvyi_shape){ .rank = 1, .dims = { channels } };
    return CVY_OK;
}

static double weight_at(const cvyi_job *job, const int64_t *at)
{
    const cvy_view *const weight = &job->slots[0];
    const int64_t channel = weight->dims[0] == 1 ? 0 : at[1];

    return (double)((const float *)weight->data)[channel * weight->strides[0]];
}

static cvy_status eval(const cvyi_job *job, cvy_error *err)
{
    const cvy_view *const x = &job->in[0], *const y = &job->out[0];
    int64_t at[CVY_MAX_RANK] = { 0 };

    (void)err;
    if (cvy_view_count(x) == 0)
        return CVY_OK;
    do {
        const double from = cvyi_at(x, at);

        ((float *)y->data)[cvyi_offset(y, at)] =
            (float)(from > 0 ? from : weight_at(job, at) * from);
    } while (cvyi_next(x->rank, x->dims, at));
    return CVY_OK;
}

/* One product of float32 where x is below 0; t for flushed subnormals. */
static cvy_status bound(const cvyi_job *job, cvy_error *err)
{
    const cvy_view *const x = &job->in[0], *const y = &job->out[0];
    int64_t at[CVY_MAX_RANK] = { 0 };

    (void)err;
    if (cvy_view_count(x) == 0)
        return CVY_OK;
    do {
        const double from = cvyi_at(x, at);
        const double product = fabs(weight_at(job, at) * from);

        ((float *)y->data)[cvyi_offset(y, at)] =
            cvyi_bound_up(from > 0 ? 0 : 0x1p-24 * product + CVYI_TINY);
    } while (cvyi_next(x->rank, x->dims, at));
    return CVY_OK;
}

const cvyi_op cvyi_op_prelu = {
    .name = "prelu",
    .title = "x above 0, a learned multiple of it below",
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
