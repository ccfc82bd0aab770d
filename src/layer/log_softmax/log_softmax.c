/* layer/log_softmax/log_softmax.c - x - log of the sum of exp(x). */
#include <math.h>

#include "layer/axis.h"

static const cvyi_slot slots[] = { { 0 } };

/* What a lane is taken relative to, and the log of its sum then. */
static void measure(double *most, double *sum, cvyi_lane in)
{
    *most = -INFINITY;
    *sum = 0;
    for (int64_t i = 0; i < in.n; i++)
        *most = fmax(*most, (double)in.data[i * in.step]);
    for (int64_t i = 0; i < in.n; i++)
        *sum += exp((double)in.data[i * in.step] - *most);
}

static void eval_lane(void *context, cvyi_lane out, cvyi_lane in)
{
    double most, sum;

    (void)context;
    measure(&most, &sum, in);
    for (int64_t i = 0; i < in.n; i++)
        out.data[i * out.step] =
            (float)((double)in.data[i * in.step] - most - log(sum));
}

static cvy_status eval(const cvyi_job *job, cvy_error *err)
{
    (void)err;
    return cvyi_axis_run(job, eval_lane);
}

/*
 * With d = max - x: the subtraction is u d off. The sum S of n exponentials
 * is relatively off by u (D + 4 + n), D the mean of the d's weighted with
 * their exponentials, and its logarithm absolutely by as much; a logarithm is
 * at most 4 u off by itself, and the last subtraction rounds once:
 *
 *   |error| <= u (d + D + 4 + n + 4 |log S| + |y|) + t,   t: flushed.
 */
static void bound_lane(void *context, cvyi_lane out, cvyi_lane in)
{
    double most, sum, mean = 0;

    (void)context;
    measure(&most, &sum, in);
    for (int64_t i = 0; i < in.n; i++) {
        const double d = most - (double)in.data[i * in.step];

        mean += exp(-d) / sum * d;
    }
    for (int64_t i = 0; i < in.n; i++) {
        const double d = most - (double)in.data[i * in.step];
        const double size =
            d + mean + 4 + (double)in.n + 4 * log(sum) + fabs(d + log(sum));

        out.data[i * out.step] =
            cvyi_bound_up(1.01 * 0x1p-24 * size + CVYI_TINY);
    }
}

static cvy_status bound(const cvyi_job *job, cvy_error *err)
{
    (void)err;
    return cvyi_axis_run(job, bound_lane);
}

const cvyi_op cvyi_op_log_softmax = {
    .name = "log_softmax",
    .title = "the logarithm of softmax along an axis",
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
