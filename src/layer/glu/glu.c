/* layer/glu/glu.c - the first half of an axis times sigmoid of the second. */
#include <math.h>

#include "layer/axis.h"

static const cvyi_slot slots[] = { { 0 } };

static cvy_status infer(cvyi_inferred *out, const cvyi_attrs *attrs,
                        const cvyi_type *in, int n_in, cvyi_sizes *sizes,
                        cvy_error *err)
{
    cvyi_inferred found;

    CVYI_TRY(cvyi_axis_infer(&found, attrs, in, n_in, sizes, err));

    cvyi_size *const size = &found.out[0].dims[cvyi_attr_int(attrs, "axis")];
    const cvyi_size two = cvyi_size_of(sizes, 2);
    const cvyi_size half = cvyi_size_floor(sizes, *size, two);
    const cvyi_size twice = cvyi_size_mul(sizes, half, two);

    if (twice == NULL)
        return cvyi_no_memory(err);
    if (twice != *size)
        return cvyi_fail_in(err, CVY_SHAPE, "axis",
                            "glu halves an axis that is not even");
    *size = half;
    *out = found;
    return CVY_OK;
}

static void eval_lane(void *context, cvyi_lane out, cvyi_lane in)
{
    (void)context;
    for (int64_t i = 0; i < out.n; i++) {
        const double a = (double)in.data[i * in.step];
        const double b = (double)in.data[(i + out.n) * in.step];

        out.data[i * out.step] = (float)(a / (1 + exp(-b)));
    }
}

static cvy_status eval(const cvyi_job *job, cvy_error *err)
{
    (void)err;
    return cvyi_axis_run(job, eval_lane);
}

/* A sigmoid is at most 16 u off (pointwise/functions.def says why), the
 * product rounds once more; t for flushed subnormals. */
static void bound_lane(void *context, cvyi_lane out, cvyi_lane in)
{
    (void)context;
    for (int64_t i = 0; i < out.n; i++) {
        const double a = fabs((double)in.data[i * in.step]);
        const double b = (double)in.data[(i + out.n) * in.step];

        out.data[i * out.step] = cvyi_bound_up(
            18 * 0x1p-24 * a / (1 + exp(-b)) + CVYI_TINY * (1 + a));
    }
}

static cvy_status bound(const cvyi_job *job, cvy_error *err)
{
    (void)err;
    return cvyi_axis_run(job, bound_lane);
}

const cvyi_op cvyi_op_glu = {
    .name = "glu",
    .title = "half of an axis times the sigmoid of its other half",
    .order = CVYI_ORDER_ANY,
    .least_in = 1,
    .most_in = 1,
    .attrs = cvyi_axis_attrs,
    .slots = slots,
    .infer = infer,
    .eval = eval,
    .bound = bound,
};
