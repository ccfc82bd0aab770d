/* layer/softmax/softmax.c - exp(x) / sum of exp(x) along one axis or more. */
#include <math.h>

#include "layer/axis.h"

#include "tensor/tensor.h"

static const cvyi_attr attrs[] = {
    { "axis", CVYI_ATTR_AXIS, NULL, NULL },
    /* Further axes, whose elements are in the same sum. */
    { "more", CVYI_ATTR_MARKS, "[]", NULL },
    { 0 },
};
static const cvyi_slot slots[] = { { 0 } };

static cvy_status infer(cvyi_inferred *out, const cvyi_attrs *a,
                        const cvyi_type *in, int n_in, cvyi_sizes *sizes,
                        cvy_error *err)
{
    int n;

    cvyi_attr_ints(a, "more", &n);
    if (n != 0 && n != in->rank)
        return cvyi_fail_in(err, CVY_SHAPE, "more",
                            "%d marks for a value with %d axes", n, in->rank);
    return cvyi_axis_infer(out, a, in, n_in, sizes, err);
}

/* ---- sets: the elements that one sum is of ---- */

/* Views with the axes of a set alone, of what goes in and comes out. */
typedef struct set {
    cvy_view x, y;
} set;

/* How far below the largest: d = max - x, 0 or more. */
typedef struct measured {
    double most;
    double sum;  /* of exp(-d) */
    double mean; /* of d, weighted with exp(-d) */
    double n;
} measured;

static measured measure(const set *s)
{
    int64_t at[CVY_MAX_RANK] = { 0 };
    measured m = { .most = -INFINITY, .n = (double)cvy_view_count(&s->x) };

    do
        m.most = fmax(m.most, cvyi_at(&s->x, at));
    while (cvyi_next(s->x.rank, s->x.dims, at));
    do {
        const double d = m.most - cvyi_at(&s->x, at);

        m.sum += exp(-d);
        m.mean += exp(-d) * d;
    } while (cvyi_next(s->x.rank, s->x.dims, at));
    m.mean /= m.sum;
    return m;
}

/* One number of the output from x, an element of the measured set. */
typedef double each_fn(double x, const measured *m, int rank);

static void fill(const set *s, each_fn *each)
{
    const measured m = measure(s);
    int64_t at[CVY_MAX_RANK] = { 0 };

    do
        ((float *)s->y.data)[cvyi_offset(&s->y, at)] =
            (float)each(cvyi_at(&s->x, at), &m, s->x.rank);
    while (cvyi_next(s->x.rank, s->x.dims, at));
}

static void add_axis(cvy_view *to, const cvy_view *from, int axis)
{
    to->dims[to->rank] = from->dims[axis];
    to->strides[to->rank++] = from->strides[axis];
}

/* A set for every place on the other axes. */
static void each_set(const cvyi_job *job, each_fn *each)
{
    const cvy_view *const x = &job->in[0], *const y = &job->out[0];
    const int64_t axis = cvyi_attr_int(job->attrs, "axis");
    int n_marks;
    const int64_t *const more = cvyi_attr_ints(job->attrs, "more", &n_marks);
    int64_t at[CVY_MAX_RANK] = { 0 }, places[CVY_MAX_RANK];
    set s = { { .dtype = CVY_F32 }, { .dtype = CVY_F32 } };

    if (cvy_view_count(x) == 0)
        return;
    for (int i = 0; i < x->rank; i++) {
        const bool inside = i == axis || (i < n_marks && more[i] != 0);

        places[i] = inside ? 1 : x->dims[i];
        if (inside) {
            add_axis(&s.x, x, i);
            add_axis(&s.y, y, i);
        }
    }
    do {
        s.x.data = (float *)x->data + cvyi_offset(x, at);
        s.y.data = (float *)y->data + cvyi_offset(y, at);
        fill(&s, each);
    } while (cvyi_next(x->rank, places, at));
}

/* ---- values and bounds ---- */

static double value_of(double x, const measured *m, int rank)
{
    (void)rank;
    return exp(x - m->most) / m->sum;
}

static cvy_status eval(const cvyi_job *job, cvy_error *err)
{
    (void)err;
    each_set(job, value_of);
    return CVY_OK;
}

/*
 * Let d = max - x. Rounding x - max by u d changes its exponential by the
 * factor 1 + u d; an exponential is at most 4 u off by itself. A sum of n
 * such terms adds n - 1 roundings, and its error from the d's is their mean
 * with the results y as weights, D: relatively u (D + 4 + n).
 *
 * Along one axis frameworks divide by that sum S:
 *
 *   |error| <= u y (d + D + 4 + 4 + n) + n t,   t: flushed subnormals,
 *
 * of first order; a hundredth more covers the rest.
 *
 * Over several axes they take exp(x - L) of L = max + log S. The logarithm is
 * absolutely off by the relative error of S and 4 u of itself; L rounds once
 * more and x - L again. So the argument of the last exponential, log y, is
 * off by
 *
 *   e <= u (D + 4 + n + 4 |log S| + |L| + |log y|),
 *
 * which is no small number where |L| is large: y is off by y (exp(e) - 1) and
 * by the 4 u of the exponential itself.
 */
static double bound_of(double x, const measured *m, int rank)
{
    const double u = 1.01 * 0x1p-24, d = m->most - x;
    const double log_sum = log(m->sum), log_y = -d - log_sum;
    const double y = exp(-d) / m->sum;
    double off = u * y * (d + m->mean + 8 + m->n);

    if (rank > 1)
        off = exp(log_y + u * (m->mean + 8 + m->n + 4 * log_sum +
                               fabs(m->most + log_sum) - log_y)) -
              y;
    return (double)cvyi_bound_up(off + (m->n + 1) * CVYI_TINY);
}

static cvy_status bound(const cvyi_job *job, cvy_error *err)
{
    (void)err;
    each_set(job, bound_of);
    return CVY_OK;
}

const cvyi_op cvyi_op_softmax = {
    .name = "softmax",
    .title = "exp(x) / sum of exp(x) along one axis or more",
    .order = CVYI_ORDER_ANY,
    .features = CVYI_FEATURES_KEEP,
    .least_in = 1,
    .most_in = 1,
    .attrs = attrs,
    .slots = slots,
    .infer = infer,
    .eval = eval,
    .bound = bound,
};
