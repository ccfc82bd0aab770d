/* layer/softmax/softmax.c - exp(x) / sum of exp(x) along an axis. */
#include <math.h>

#include "layer/axis.h"

static const cvyi_slot slots[] = { { 0 } };

static double most_of(cvyi_lane in)
{
    double most = -INFINITY;

    for (int64_t i = 0; i < in.n; i++)
        most = fmax(most, (double)in.data[i * in.step]);
    return most;
}

static double sum_of(cvyi_lane in, double most)
{
    double sum = 0;

    for (int64_t i = 0; i < in.n; i++)
        sum += exp((double)in.data[i * in.step] - most);
    return sum;
}

static void eval_lane(void *context, cvyi_lane out, cvyi_lane in)
{
    const double most = most_of(in);
    const double sum = sum_of(in, most);

    (void)context;
    for (int64_t i = 0; i < in.n; i++)
        out.data[i * out.step] =
            (float)(exp((double)in.data[i * in.step] - most) / sum);
}

static cvy_status eval(const cvyi_job *job, cvy_error *err)
{
    (void)err;
    return cvyi_axis_run(job, eval_lane);
}

/*
 * Let d = max - x. Rounding x - max by u d changes its exponential by the
 * factor 1 + u d; an exponential is at most 4 u off by itself. A sum of n
 * such terms adds n - 1 roundings, and its error from the d's is their mean
 * with the results y as weights, D. With the final division
 *
 *   |error| <= u y (d + D + 4 + 4 + n) + n t,   t: flushed subnormals,
 *
 * of first order; a hundredth more covers the rest.
 */
static void bound_lane(void *context, cvyi_lane out, cvyi_lane in)
{
    const double most = most_of(in);
    const double sum = sum_of(in, most);
    double mean = 0;

    (void)context;
    for (int64_t i = 0; i < in.n; i++) {
        const double d = most - (double)in.data[i * in.step];

        mean += exp(-d) / sum * d;
    }
    for (int64_t i = 0; i < in.n; i++) {
        const double d = most - (double)in.data[i * in.step];
        const double n = (double)in.n;

        out.data[i * out.step] =
            cvyi_bound_up(1.01 * 0x1p-24 * exp(-d) / sum * (d + mean + 8 + n) +
                          (n + 1) * CVYI_TINY);
    }
}

static cvy_status bound(const cvyi_job *job, cvy_error *err)
{
    (void)err;
    return cvyi_axis_run(job, bound_lane);
}

const cvyi_op cvyi_op_softmax = {
    .name = "softmax",
    .title = "exp(x) / sum of exp(x) along an axis",
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
