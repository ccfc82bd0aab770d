/* layer/pool/pool.c - maximum or mean over sliding windows. */
#include <math.h>

#include "engine/bound.h"
#include "engine/pool.h"
#include "layer/walk.h"
#include "layer/window.h"

/* count: a mean divides by the elements of a window that are data (real), or
 * by all its taps (window) but for those beyond a given border, over which
 * `ceil` lets the last window hang. A maximum never sees the border. */
static const cvyi_attr attrs[] = {
    /* clang-format off */
    { "kind",     CVYI_ATTR_WORD,   NULL,    "max average" },
    { "taps",     CVYI_ATTR_INTS,   NULL,    NULL },
    { "stride",   CVYI_ATTR_INTS,   "1",     NULL },
    { "dilation", CVYI_ATTR_INTS,   "1",     NULL },
    { "border",   CVYI_ATTR_BORDER, "[0:0]", NULL },
    { "count",    CVYI_ATTR_WORD,   "real",  "real window" },
    { "ceil",     CVYI_ATTR_BOOL,   "false", NULL },
    { 0 }
    /* clang-format on */
};
static const cvyi_slot slots[] = { { 0 } };

static cvy_status infer(cvyi_inferred *out, const cvyi_attrs *a,
                        const cvyi_type *in, int n_in, cvyi_sizes *sizes,
                        cvy_error *err)
{
    cvyi_inferred found;

    (void)n_in;
    if (in->rank != 2 + a->n_spatial || a->n_spatial < 1)
        return cvyi_fail(err, CVY_SHAPE, "needs an input of %d axes, got %d",
                         2 + a->n_spatial, in->rank);
    cvyi_infer_like(&found, in);
    for (int i = 0; i < a->n_spatial; i++)
        CVYI_TRY(cvyi_window_size(&found.out[0].dims[2 + i], a, i,
                                  in->dims[2 + i], sizes, err));
    *out = found;
    return CVY_OK;
}

static cvy_status make_problem(cvyi_conv_problem *out, const cvyi_job *job,
                               cvy_error *err)
{
    cvyi_conv_problem p = { .batch = job->in[0].dims[0],
                            .inputs = job->in[0].dims[1],
                            .outputs = job->in[0].dims[1],
                            .groups = 1,
                            .n_axes = job->attrs->n_spatial };

    CVYI_TRY(
        cvyi_window_axes(p.axes, job->attrs, &job->in[0], &job->out[0], err));
    *out = p;
    return CVY_OK;
}

static bool is_max(const cvyi_job *job)
{
    return cvyi_attr_is(job->attrs, "kind", "max");
}

static cvy_status average(const cvyi_job *job, const cvyi_conv_problem *p,
                          const cvy_view *x, cvy_error *err)
{
    const bool real = cvyi_attr_is(job->attrs, "count", "real");
    const bool ceil = cvyi_window_ceil(job->attrs);

    return cvyi_pool_sum(p, &job->out[0], x,
                         real   ? CVYI_DIVIDE_BY_COUNT
                         : ceil ? CVYI_DIVIDE_BY_PADDED
                                : CVYI_DIVIDE_BY_WINDOW,
                         cvyi_attr_border(job->attrs, "border")->after, err);
}

static cvy_status eval(const cvyi_job *job, cvy_error *err)
{
    cvyi_conv_problem p;

    CVYI_TRY(make_problem(&p, job, err));
    return is_max(job) ? cvyi_pool_max(&p, &job->out[0], &job->in[0], err)
                       : average(job, &p, &job->in[0], err);
}

static void to_nothing(void *context, cvyi_lane out, cvyi_lane in)
{
    (void)context;
    for (int64_t i = 0; i < in.n; i++)
        out.data[i * out.step] = 0;
}

static void to_size(void *context, cvyi_lane out, cvyi_lane in)
{
    (void)context;
    for (int64_t i = 0; i < in.n; i++)
        out.data[i * out.step] = fabsf(in.data[i * in.step]);
}

static void to_bound(void *context, cvyi_lane out, cvyi_lane in)
{
    const double gamma = *(const double *)context;

    for (int64_t i = 0; i < in.n; i++)
        out.data[i * out.step] =
            cvyi_bound_up(gamma * (double)in.data[i * in.step] + CVYI_TINY);
}

/*
 * A maximum is exact. A mean of n numbers takes n - 1 additions and a
 * division; where means of the bordered values are divided by means of ones
 * there are two more divisions and a quotient. With the rounding of the mean
 * of magnitudes that stands here for the exact one: gamma(taps + 4) of it.
 */
static cvy_status bound(const cvyi_job *job, cvy_error *err)
{
    const cvy_view *const x = &job->in[0], *const y = &job->out[0];
    cvyi_conv_problem p;
    cvy_view sizes;

    CVYI_TRY(make_problem(&p, job, err));
    if (is_max(job)) {
        cvyi_each_lane(y, y, y->rank - 1, to_nothing, NULL);
        return CVY_OK;
    }

    double gamma = cvyi_gamma((double)cvyi_problem_taps(&p) + 4);

    CVYI_TRY(cvyi_tensor_open(&sizes, CVY_F32, x->rank, x->dims, err));
    cvyi_each_lane(&sizes, x, x->rank - 1, to_size, NULL);

    const cvy_status status = average(job, &p, &sizes, err);

    cvyi_tensor_close(&sizes);
    CVYI_TRY(status);
    cvyi_each_lane(y, y, y->rank - 1, to_bound, &gamma);
    return CVY_OK;
}

/* Where the last window may hang over it must start on data, and a border
 * that has become data would let in one more. It does not where a window that
 * starts there is one too many anyway: its end is a stride or more behind the
 * border's. */
static bool hangs_alike(const cvyi_attrs *a)
{
    const cvyi_border *const border = cvyi_attr_border(a, "border");

    for (int i = 0; cvyi_window_ceil(a) && i < a->n_spatial; i++) {
        const cvy_window w = cvyi_window_at(a, i);
        cvy_border span; /* of the window, less one */

        if (cvy_border_causal(&span, w, NULL) != CVY_OK ||
            border->after[i] > span.before - w.stride + 1)
            return false;
    }
    return true;
}

/* A maximum never takes the border; a mean over the whole window takes zeros,
 * one over the real elements must know which these are. */
static bool never_wins(double *out, const cvyi_attrs *a)
{
    const bool max = cvyi_attr_is(a, "kind", "max");

    *out = max ? -INFINITY : 0;
    return (max || cvyi_attr_is(a, "count", "window")) && hangs_alike(a);
}

const cvyi_op cvyi_op_pool = {
    .name = "pool",
    .title = "maximum or mean over sliding windows",
    .order = CVYI_ORDER_CHANNEL,
    .least_in = 1,
    .most_in = 1,
    .by_sample = true,
    .attrs = attrs,
    .slots = slots,
    .border_fill = never_wins,
    .infer = infer,
    .eval = eval,
    .bound = bound,
};
