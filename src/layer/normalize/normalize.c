/* layer/normalize/normalize.c - a fixed mean and spread, taken out of the
 * data or put back. */
#include "layer/affine.h"
#include "layer/walk.h"

#include "engine/bound.h"

#include <math.h>

/* (x - mean) / spread, or x * spread + mean with `invert`, where spread is
 * max(sqrt(variance), least). One mean and variance for each element of
 * `axis`, or with `whole` one for everything; from the attributes if they
 * have any, else from the slots. */
static const cvyi_attr attrs[] = {
    /* clang-format off */
    { "axis",     CVYI_ATTR_AXIS,   "0",     NULL },
    { "whole",    CVYI_ATTR_BOOL,   "false", NULL },
    { "invert",   CVYI_ATTR_BOOL,   "false", NULL },
    { "least",    CVYI_ATTR_FLOAT,  "1e-07", NULL },
    { "mean",     CVYI_ATTR_FLOATS, "[]",    NULL },
    { "variance", CVYI_ATTR_FLOATS, "[]",    NULL },
    { 0 }
    /* clang-format on */
};

enum { MEAN, VARIANCE };

static const cvyi_slot slots[] = {
    [MEAN] = { "mean", "C", .optional = true, .statistic = true },
    [VARIANCE] = { "variance", "C", .optional = true, .statistic = true },
    { 0 },
};

static cvy_status infer(cvyi_inferred *out, const cvyi_attrs *a,
                        const cvyi_type *in, int n_in, cvyi_sizes *sizes,
                        cvy_error *err)
{
    const int axis = (int)cvyi_attr_int(a, "axis");
    const int means = cvyi_attr_at(a, "mean")->n;
    int64_t n = 1;

    (void)n_in;
    (void)sizes;
    if (!cvyi_attr_bool(a, "whole") &&
        (axis >= in->rank || !cvyi_size_constant(&n, in->dims[axis])))
        return cvyi_fail(err, CVY_SHAPE,
                         "the size of axis %d of the input is not known",
                         axis);
    if (means != cvyi_attr_at(a, "variance")->n || (means != 0 && means != n))
        return cvyi_fail(err, CVY_SHAPE,
                         "%d means and %d variances do not fit an axis of "
                         "%lld elements",
                         means, cvyi_attr_at(a, "variance")->n, (long long)n);
    cvyi_infer_like(out, in);
    out->slots[MEAN] = (cvyi_shape){ .rank = 1, .dims = { n } };
    out->slots[VARIANCE] = out->slots[MEAN];
    return CVY_OK;
}

/* The i-th number of an attribute, or of the slot of that name. */
static double number(const cvyi_job *job, const char *name, int slot,
                     int64_t i)
{
    const cvyi_attr_value *const list = cvyi_attr_at(job->attrs, name);

    return list->n > 0 ? (double)(float)list->reals[i]
                       : cvyi_element(&job->slots[slot], i);
}

/* y = a x + b, and the magnitudes |a| and |b|. */
static void coefficients(double *a, double *b, const cvyi_job *job, int64_t n)
{
    const bool invert = cvyi_attr_bool(job->attrs, "invert");
    const double least = cvyi_attr_real(job->attrs, "least");

    for (int64_t i = 0; i < n; i++) {
        const double mean = number(job, "mean", MEAN, i);
        const double spread =
            fmax(sqrt(number(job, "variance", VARIANCE, i)), least);

        a[i] = invert ? spread : 1 / spread;
        b[i] = invert ? mean : -mean / spread;
    }
}

static cvy_status run(const cvyi_job *job, bool magnitude, double share,
                      double tiny, cvy_error *err)
{
    const bool whole = cvyi_attr_bool(job->attrs, "whole");
    const int axis = whole ? -1 : (int)cvyi_attr_int(job->attrs, "axis");
    const int64_t n = whole ? 1 : job->in[0].dims[axis];
    double *const a = cvyi_alloc((size_t)n, 2 * sizeof *a);

    if (a == NULL)
        return cvyi_no_memory(err);
    coefficients(a, a + n, job, n);
    for (int64_t i = 0; i < n; i++) {
        a[i] *= share;
        a[n + i] = share * (magnitude ? fabs(a[n + i]) : a[n + i]) + tiny;
    }

    const cvyi_affine affine = { a, a + n, axis, magnitude };

    cvyi_affine_run(&job->out[0], &job->in[0], &affine);
    cvyi_free(a);
    return CVY_OK;
}

static cvy_status eval(const cvyi_job *job, cvy_error *err)
{
    return run(job, false, 1, 0, err);
}

/* The spread carries 2u (the root, `least` or a constant in float32), the
 * difference u, the quotient u, and a constant mean or its own rounding u: at
 * most five on the way of one term. Inverted: root, product, sum. Hence
 * gamma(6) (|x| + |mean|) / spread, with one to spare for this bound's own
 * rounding. The sign of `a` is never negative. */
static cvy_status bound(const cvyi_job *job, cvy_error *err)
{
    return run(job, true, cvyi_gamma(6), 6 * CVYI_TINY, err);
}

const cvyi_op cvyi_op_normalize = {
    .name = "normalize",
    .title = "a fixed mean and spread, taken out of the data or put back",
    .order = CVYI_ORDER_ANY,
    .least_in = 1,
    .most_in = 1,
    .attrs = attrs,
    .slots = slots,
    .infer = infer,
    .eval = eval,
    .bound = bound,
};
