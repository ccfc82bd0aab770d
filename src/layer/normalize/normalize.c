/* layer/normalize/normalize.c - a fixed mean and spread, taken out of the
 * data or put back. */
#include "layer/marks.h"
#include "layer/walk.h"

#include "engine/bound.h"
#include "tensor/tensor.h"

#include <math.h>

/* (x - mean) / spread, or x * spread + mean with `invert`, where spread is
 * max(sqrt(variance), least). Marked axes have means of their own: mark k is
 * axis k - 1 of mean and variance, so they stay as they are when the input's
 * axes move. Without a mark there is one mean. Numbers come from the
 * attributes, row-major, if they have any, else from the slots. With `spreads`
 * the attribute `variance` holds the spreads themselves. */
static const cvyi_attr attrs[] = {
    /* clang-format off */
    { "axes",     CVYI_ATTR_MARKS,  "[]",    NULL },
    { "invert",   CVYI_ATTR_BOOL,   "false", NULL },
    { "least",    CVYI_ATTR_FLOAT,  "1e-07", NULL },
    { "mean",     CVYI_ATTR_FLOATS, "[]",    NULL },
    { "variance", CVYI_ATTR_FLOATS, "[]",    NULL },
    { "spreads",  CVYI_ATTR_BOOL,   "false", NULL },
    { 0 }
    /* clang-format on */
};

enum { MEAN, VARIANCE };

/* C, then D, E, ... with more marks. */
static const cvyi_slot slots[] = {
    [MEAN] = { "mean", "C", .optional = true, .statistic = true },
    [VARIANCE] = { "variance", "C", .optional = true, .statistic = true },
    { 0 },
};

/* The mean's shape: one number where no axis is marked. */
static cvy_status infer_shape(cvyi_shape *out, const cvyi_attrs *a,
                              const cvyi_type *in, cvy_error *err)
{
    int n;
    const int64_t *const marks = cvyi_attr_ints(a, "axes", &n);

    CVYI_TRY(cvyi_marks_shape(out, marks, n, in, err));
    if (out->rank == 0)
        *out = (cvyi_shape){ .rank = 1, .dims = { 1 } };
    return CVY_OK;
}

/* In double: no product of sizes wraps around to n. */
static bool holds(const cvyi_shape *shape, int n)
{
    double count = 1;

    for (int i = 0; i < shape->rank; i++)
        count *= (double)shape->dims[i];
    return count >= n && count <= n;
}

static cvy_status infer(cvyi_inferred *out, const cvyi_attrs *a,
                        const cvyi_type *in, int n_in, cvyi_sizes *sizes,
                        cvy_error *err)
{
    const int means = cvyi_attr_at(a, "mean")->n;
    const int variances = cvyi_attr_at(a, "variance")->n;
    cvyi_shape shape;

    (void)n_in;
    (void)sizes;
    CVYI_TRY(infer_shape(&shape, a, in, err));
    if (means != variances || (means != 0 && !holds(&shape, means)))
        return cvyi_fail(err, CVY_SHAPE,
                         "%d means and %d variances do not fit the axes they "
                         "are for",
                         means, variances);
    cvyi_infer_like(out, in);
    out->slots[MEAN] = shape;
    out->slots[VARIANCE] = shape;
    return CVY_OK;
}

/* y = a x + b with numbers for some axes: step[i] from one element of axis i
 * to the next, 0 where all of them share a number. */
typedef struct scaling {
    int rank;
    int64_t n, dims[CVYI_MAX_DIMS], step[CVYI_MAX_DIMS];
    double *a, *b;
} scaling;

static scaling places(const cvyi_job *job)
{
    int n;
    const int64_t *const marks = cvyi_attr_ints(job->attrs, "axes", &n);
    int64_t steps[CVYI_MAX_DIMS];
    scaling s = { .n = 1 };

    for (int i = 0; i < n; i++) {
        if (marks[i] == 0)
            continue;
        s.dims[marks[i] - 1] = job->in[0].dims[i];
        s.rank++;
    }
    if (s.rank == 0)
        s.dims[s.rank++] = 1;
    for (int i = s.rank - 1; i >= 0; i--) {
        steps[i] = s.n;
        s.n *= s.dims[i];
    }
    for (int i = 0; i < n; i++)
        if (marks[i] != 0)
            s.step[i] = steps[marks[i] - 1];
    return s;
}

/* The i-th number of an attribute, or that at `at` of the slot. */
static double number(const cvyi_job *job, const char *name, int slot,
                     int64_t i, const int64_t *at)
{
    const cvyi_attr_value *const list = cvyi_attr_at(job->attrs, name);

    return list->n > 0 ? (double)(float)list->reals[i]
                       : cvyi_at(&job->slots[slot], at);
}

static double spread(const cvyi_job *job, int64_t i, const int64_t *at)
{
    const double least = cvyi_attr_real(job->attrs, "least");
    const double found = number(job, "variance", VARIANCE, i, at);
    const double root = sqrt(found);

    if (cvyi_attr_bool(job->attrs, "spreads"))
        return found;
    return root < least ? least : root; /* keeps a NaN */
}

static void coefficients(scaling *s, const cvyi_job *job)
{
    const bool invert = cvyi_attr_bool(job->attrs, "invert");
    int64_t at[CVY_MAX_RANK] = { 0 };

    for (int64_t i = 0; i < s->n; i++) {
        const double mean = number(job, "mean", MEAN, i, at);
        const double by = spread(job, i, at);

        s->a[i] = invert ? by : 1 / by;
        s->b[i] = invert ? mean : -mean / by;
        cvyi_next(s->rank, s->dims, at);
    }
}

/* `magnitude`: |a x| + |b|, of which a share, and `tiny` on top. */
static void apply(const cvyi_job *job, const scaling *s, bool magnitude,
                  double share, double tiny)
{
    const cvy_view *const x = &job->in[0], *const y = &job->out[0];
    int64_t at[CVY_MAX_RANK] = { 0 };

    if (cvy_view_count(x) == 0)
        return;
    do {
        int64_t i = 0;

        for (int k = 0; k < x->rank; k++)
            i += at[k] * s->step[k];

        const double product = s->a[i] * cvyi_at(x, at);
        const double value =
            magnitude ? share * (fabs(product) + fabs(s->b[i])) + tiny
                      : product + s->b[i];

        ((float *)y->data)[cvyi_offset(y, at)] = (float)value;
    } while (cvyi_next(x->rank, x->dims, at));
}

static cvy_status run(const cvyi_job *job, bool magnitude, double share,
                      double tiny, cvy_error *err)
{
    scaling s = places(job);

    s.a = cvyi_alloc((size_t)s.n, 2 * sizeof *s.a);
    if (s.a == NULL)
        return cvyi_no_memory(err);
    s.b = s.a + s.n;
    coefficients(&s, job);
    apply(job, &s, magnitude, share, tiny);
    cvyi_free(s.a);
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
 * rounding. */
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
