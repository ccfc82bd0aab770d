/* layer/local_response_norm/local_response_norm.c - values divided by what
 * their neighbours among the channels amount to. */
#include "layer/affine.h"
#include "layer/walk.h"

#include "engine/bound.h"

#include <math.h>

/*
 * y = x / (k + alpha m)^beta
 *
 * with m the mean of the squares of `size` channels: size / 2 before it, itself
 * and (size - 1) / 2 behind. Channels that are not there count as 0.
 */
static const cvyi_attr attrs[] = {
    /* clang-format off */
    { "size",  CVYI_ATTR_INT,   NULL,    NULL },
    { "alpha", CVYI_ATTR_FLOAT, "0.0001", NULL },
    { "beta",  CVYI_ATTR_FLOAT, "0.75",  NULL },
    { "k",     CVYI_ATTR_FLOAT, "1",     NULL },
    { 0 }
    /* clang-format on */
};
static const cvyi_slot slots[] = { { 0 } };

static cvy_status infer(cvyi_inferred *out, const cvyi_attrs *a,
                        const cvyi_type *in, int n_in, cvyi_sizes *sizes,
                        cvy_error *err)
{
    (void)n_in;
    (void)sizes;
    if (in->rank < 3)
        return cvyi_fail(err, CVY_SHAPE,
                         "needs an input of at least 3 axes, got %d",
                         in->rank);
    if (cvyi_attr_int(a, "size") < 1)
        return cvyi_fail_in(err, CVY_ARGUMENT, "size",
                            "a window without channels");
    if (!(cvyi_attr_real(a, "alpha") >= 0) || !(cvyi_attr_real(a, "k") > 0))
        return cvyi_fail_in(err, CVY_ARGUMENT, "alpha",
                            "what is divided by may not be above 0");
    cvyi_infer_like(out, in);
    return CVY_OK;
}

typedef struct window {
    int64_t before, after; /* channels beside the middle */
    double size, alpha, beta, k;
    bool bound;
} window;

static double squares(const window *w, cvyi_lane in, int64_t at)
{
    const int64_t first = at > w->before ? at - w->before : 0;
    const int64_t last = w->after < in.n - at ? at + w->after : in.n - 1;
    double sum = 0;

    for (int64_t i = first; i <= last; i++) {
        const double x = (double)in.data[i * in.step];

        sum += x * x;
    }
    return sum;
}

/*
 * The sum of n squares is off by gamma(n) of itself and n flushed subnormals
 * t; alpha, its quotient by the size and two products, k and the sum with it
 * add 6 u: what comes out, p, has no smaller terms with another sign, so its
 * relative error e is at most gamma(n + 6) + n alpha t / p. A power may be
 * exp(beta log p): its exponent is off by |beta| e, and by 4 u of itself; the
 * function and the quotient add 6 u.
 */
static double error_of(const window *w, double p)
{
    const double e =
        cvyi_gamma(w->size + 6) + w->size * w->alpha * CVYI_TINY / p;

    return 1.01 *
           expm1(1.01 * fabs(w->beta) * e +
                 4 * CVYI_UNIT * fabs(w->beta * log(p)) + 6 * CVYI_UNIT);
}

static void run(void *context, cvyi_lane out, cvyi_lane in)
{
    const window *const w = context;

    for (int64_t i = 0; i < in.n; i++) {
        const double p = w->k + w->alpha * (squares(w, in, i) / w->size);
        const double y = (double)in.data[i * in.step] * pow(p, -w->beta);

        out.data[i * out.step] =
            w->bound ? cvyi_bound_up(fabs(y) * error_of(w, p) + CVYI_TINY)
                     : (float)y;
    }
}

static void each(const cvyi_job *job, bool bound)
{
    const int64_t size = cvyi_attr_int(job->attrs, "size");
    window w = { .before = size / 2,
                 .after = (size - 1) / 2,
                 .size = (double)size,
                 .alpha = cvyi_attr_real(job->attrs, "alpha"),
                 .beta = cvyi_attr_real(job->attrs, "beta"),
                 .k = cvyi_attr_real(job->attrs, "k"),
                 .bound = bound };

    cvyi_each_lane(&job->out[0], &job->in[0], 1, run, &w);
}

static cvy_status eval(const cvyi_job *job, cvy_error *err)
{
    (void)err;
    each(job, false);
    return CVY_OK;
}

static cvy_status bound(const cvyi_job *job, cvy_error *err)
{
    (void)err;
    each(job, true);
    return CVY_OK;
}

const cvyi_op cvyi_op_local_response_norm = {
    .name = "local_response_norm",
    .title = "division by the response of neighbouring channels",
    .order = CVYI_ORDER_CHANNEL,
    .features = CVYI_FEATURES_FIXED,
    .least_in = 1,
    .most_in = 1,
    .by_sample = true,
    .attrs = attrs,
    .slots = slots,
    .infer = infer,
    .eval = eval,
    .bound = bound,
};
