/*
 * layer/sparsemax/sparsemax.c - what exceeds a threshold, along an axis.
 *
 * With the numbers z of a lane in falling order and their partial sums c, the
 * support is every r = 1, 2 ... with z_r > (c_r - 1) / r, k of them, and
 *
 *   y = max(x - t, 0),   t = (sum of c_r over the support - 1) / k.
 *
 * The published function has only the last c_r in the place of that sum. What
 * is meant here is what networks were trained with: the sum.
 */
#include <math.h>
#include <stdlib.h>

#include "layer/axis.h"

static const cvyi_slot slots[] = { { 0 } };

static int falling(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;

    return (x < y) - (x > y);
}

/* The threshold, and how far it may be off in float32. */
typedef struct threshold {
    double value, error;
} threshold;

/*
 * With M = max |x|, a partial sum of r numbers is off by u n r M, hence the
 * test of the support by e = u (n + 4) (M + 1). Numbers closer than that to
 * the edge may be in or out: the threshold may be that of any such support.
 * Its own rounding: k sums of at most k M each, added and divided.
 */
static threshold threshold_of(const double *z, int64_t n)
{
    const double most = n > 0 ? fmax(fabs(z[0]), fabs(z[n - 1])) : 0;
    const double edge = 0x1p-24 * ((double)n + 4) * (most + 1);
    double partial = 0, all = 0, low = INFINITY, high = -INFINITY;
    threshold t = { 0, 0 };

    for (int64_t i = 0; i < n; i++) {
        const double r = (double)(i + 1);

        partial += z[i];

        const double margin = z[i] - (partial - 1) / r;

        if (margin <= -edge)
            break;
        all += partial;

        const double value = (all - 1) / r;

        if (margin > 0)
            t.value = value;
        low = margin > edge ? value : fmin(low, value);
        high = margin > edge ? value : fmax(high, value);
        t.error = 2 * edge * r;
    }
    t.error += fmax(t.value - low, high - t.value);
    return t;
}

static threshold sorted_threshold(double *z, cvyi_lane in)
{
    for (int64_t i = 0; i < in.n; i++)
        z[i] = (double)in.data[i * in.step];
    qsort(z, (size_t)in.n, sizeof *z, falling);
    return threshold_of(z, in.n);
}

static void eval_lane(void *context, cvyi_lane out, cvyi_lane in)
{
    const threshold t = sorted_threshold(context, in);

    for (int64_t i = 0; i < in.n; i++)
        out.data[i * out.step] =
            (float)fmax((double)in.data[i * in.step] - t.value, 0);
}

static void bound_lane(void *context, cvyi_lane out, cvyi_lane in)
{
    const threshold t = sorted_threshold(context, in);

    for (int64_t i = 0; i < in.n; i++) {
        const double x = fabs((double)in.data[i * in.step]);

        out.data[i * out.step] =
            cvyi_bound_up(t.error + 0x1p-23 * (x + fabs(t.value)) + CVYI_TINY);
    }
}

static cvy_status run(const cvyi_job *job, cvyi_lane_fn *lane, cvy_error *err)
{
    const int axis = (int)cvyi_attr_int(job->attrs, "axis");
    double *const scratch =
        cvyi_alloc((size_t)job->in[0].dims[axis], sizeof *scratch);

    if (scratch == NULL)
        return cvyi_no_memory(err);
    cvyi_each_lane(&job->out[0], &job->in[0], axis, lane, scratch);
    cvyi_free(scratch);
    return CVY_OK;
}

static cvy_status eval(const cvyi_job *job, cvy_error *err)
{
    return run(job, eval_lane, err);
}

static cvy_status bound(const cvyi_job *job, cvy_error *err)
{
    return run(job, bound_lane, err);
}

const cvyi_op cvyi_op_sparsemax = {
    .name = "sparsemax",
    .title = "what exceeds a threshold that the axis itself sets",
    .order = CVYI_ORDER_ANY,
    .features = CVYI_FEATURES_KEEP,
    .least_in = 1,
    .most_in = 1,
    .attrs = cvyi_axis_attrs,
    .slots = slots,
    .infer = cvyi_axis_infer,
    .eval = eval,
    .bound = bound,
};
