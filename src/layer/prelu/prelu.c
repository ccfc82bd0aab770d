/* layer/prelu/prelu.c - x above 0, a learned multiple of it below. */
#include <math.h>

#include "layer/walk.h"
#include "tensor/tensor.h"

static const cvyi_attr attrs[] = {
    /* A slope for each channel, and for each place on a spatial axis. */
    { "channels", CVYI_ATTR_BOOL, "true", NULL },
    { "positions", CVYI_ATTR_INTS, "0", NULL },
    { 0 },
};
static const cvyi_slot slots[] = {
    { .name = "weight", .letters = "C S" },
    { 0 },
};

/* Elements of an axis that has slopes of its own, else 1. */
static cvy_status extent(int64_t *out, bool own, cvyi_size size,
                         cvy_error *err)
{
    *out = 1;
    if (own && !cvyi_size_constant(out, size))
        return cvyi_fail(err, CVY_SHAPE,
                         "prelu needs to know the length of an axis that has "
                         "slopes of its own");
    return CVY_OK;
}

static cvy_status infer(cvyi_inferred *out, const cvyi_attrs *a,
                        const cvyi_type *in, int n_in, cvyi_sizes *sizes,
                        cvy_error *err)
{
    cvyi_shape weight = { .rank = in->rank - 1 };
    const int64_t *positions;
    int n_positions;

    (void)n_in;
    (void)sizes;
    if (in->rank < 2)
        return cvyi_fail(err, CVY_SHAPE, "prelu of a value without channels");
    positions = cvyi_attr_ints(a, "positions", &n_positions);
    CVYI_TRY(extent(&weight.dims[0], cvyi_attr_bool(a, "channels"),
                    in->dims[1], err));
    for (int i = 1; i < weight.rank; i++)
        CVYI_TRY(extent(&weight.dims[i],
                        i <= n_positions && positions[i - 1] != 0,
                        in->dims[i + 1], err));
    cvyi_infer_like(out, in);
    out->slots[0] = weight;
    return CVY_OK;
}

/* An axis of one element is shared by all places on it. */
static double weight_at(const cvyi_job *job, const int64_t *at)
{
    const cvy_view *const weight = &job->slots[0];
    int64_t offset = 0;

    for (int i = 0; i < weight->rank; i++)
        if (weight->dims[i] > 1)
            offset += at[i + 1] * weight->strides[i];
    return (double)((const float *)weight->data)[offset];
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
    .by_sample = true,
    .attrs = attrs,
    .slots = slots,
    .infer = infer,
    .eval = eval,
    .bound = bound,
};
