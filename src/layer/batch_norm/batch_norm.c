/* layer/batch_norm/batch_norm.c - batch normalisation in inference mode. */
#include "layer/affine.h"
#include "layer/walk.h"

#include "engine/bound.h"

#include <math.h>

static const cvyi_attr attrs[] = {
    /* clang-format off */
    { "eps",      CVYI_ATTR_FLOAT, "0.001",  NULL },
    /* share of the old running value that a training step keeps */
    { "momentum", CVYI_ATTR_FLOAT, "0.99",   NULL },
    /* the running variance that training keeps */
    { "variance", CVYI_ATTR_WORD,  "biased", "biased unbiased" },
    { 0 }
    /* clang-format on */
};

enum { SCALE, SHIFT, MEAN, VARIANCE, N_SLOTS };

static const cvyi_slot slots[] = {
    [SCALE] = { .name = "scale", .letters = "C", .optional = true },
    [SHIFT] = { .name = "shift", .letters = "C", .optional = true },
    [MEAN] = { .name = "mean", .letters = "C", .statistic = true },
    [VARIANCE] = { .name = "variance", .letters = "C", .statistic = true },
    [N_SLOTS] = { 0 },
};

static cvy_status infer(cvyi_inferred *out, const cvyi_attrs *a,
                        const cvyi_type *in, int n_in, cvyi_sizes *sizes,
                        cvy_error *err)
{
    cvyi_inferred found = { .n_out = 1, .out = { *in } };
    int64_t channels;

    (void)n_in;
    (void)sizes;
    (void)a;
    if (in->rank < 2)
        return cvyi_fail(err, CVY_SHAPE,
                         "needs an input of at least 2 axes, got %d",
                         in->rank);
    if (!cvyi_size_constant(&channels, in->dims[1]))
        return cvyi_fail(err, CVY_SHAPE,
                         "the number of channels is not known");
    for (int i = 0; i < N_SLOTS; i++)
        found.slots[i] = (cvyi_shape){ .rank = 1, .dims = { channels } };
    *out = found;
    return CVY_OK;
}

/* y = x a + b per channel, and the magnitudes |a| and |mean a| + |shift|. */
static void coefficients(double *a, double *b, const cvyi_job *job,
                         bool magnitude)
{
    const double eps = cvyi_attr_real(job->attrs, "eps");
    const cvy_view *const s = job->slots;

    for (int64_t c = 0; c < job->in[0].dims[1]; c++) {
        const double scale =
            s[SCALE].data != NULL ? cvyi_element(&s[SCALE], c) : 1;
        const double shift =
            s[SHIFT].data != NULL ? cvyi_element(&s[SHIFT], c) : 0;
        const double mean = cvyi_element(&s[MEAN], c);

        a[c] = scale / sqrt(cvyi_element(&s[VARIANCE], c) + eps);
        b[c] =
            magnitude ? fabs(mean * a[c]) + fabs(shift) : shift - mean * a[c];
        if (magnitude)
            a[c] = fabs(a[c]);
    }
}

static cvy_status run(const cvyi_job *job, bool magnitude, double share,
                      double tiny, cvy_error *err)
{
    const int64_t n = job->in[0].dims[1];
    double *const a = cvyi_alloc((size_t)n, 2 * sizeof *a);

    if (a == NULL)
        return cvyi_no_memory(err);
    coefficients(a, a + n, job, magnitude);
    for (int64_t c = 0; c < n; c++) {
        a[c] *= share;
        a[n + c] = a[n + c] * share + tiny;
    }

    const cvyi_affine affine = { a, a + n, .axis = 1, .absolute = magnitude };

    cvyi_affine_run(&job->out[0], &job->in[0], &affine);
    cvyi_free(a);
    return CVY_OK;
}

static cvy_status eval(const cvyi_job *job, cvy_error *err)
{
    return run(job, false, 1, 0, err);
}

/* An implementation may work term by term or fold everything into x a + b
 * first; folding is the worse one. Its a = scale / sqrt(variance + eps) has
 * relative error 6u: eps in float32 and the sum u each, halved by the root;
 * root and quotient, or an approximated reciprocal root of two ulps (4u); the
 * product u. Then x a: 7u; mean a: 7u, joined with shift: 8u; the last sum
 * one more. All told gamma(9) (|x a| + |mean a| + |shift|), taken as
 * gamma(10) for the rounding of this bound itself. */
static cvy_status bound(const cvyi_job *job, cvy_error *err)
{
    return run(job, true, cvyi_gamma(10), 10 * CVYI_TINY, err);
}

const cvyi_op cvyi_op_batch_norm = {
    .name = "batch_norm",
    .title = "normalisation by running mean and variance, per channel",
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
