/* layer/moments.c - norms by the mean and variance of the value itself. */
#include "layer/moments.h"

#include "engine/bound.h"
#include "layer/affine.h"
#include "layer/walk.h"
#include "tensor/tensor.h"

#include <math.h>

/* ---- walking over a set ---- */

/* Elements of a set along one of its axes. */
typedef struct stretch {
    const float *x, *weight, *bias;
    float *y;
    int64_t n, x_step, y_step, weight_step, bias_step;
} stretch;

typedef void stretch_fn(void *context, const stretch *s);

/* The axis of the set whose elements lie closest together; -1: there is
 * none, the set is one element. */
static int inner_axis(const cvyi_moments *m)
{
    int best = -1;

    for (int i = m->x.rank - 1; i >= 0; i--)
        if (m->inside[i] && m->x.dims[i] > 1 &&
            (best < 0 || m->x.strides[i] < m->x.strides[best]))
            best = i;
    return best;
}

/* The element at `place` of the set's first and `at` within the set. */
static float *element(const cvy_view *view, const int64_t *place,
                      const int64_t *at)
{
    return view->data == NULL
               ? NULL
               : (float *)view->data + cvyi_offset(view, place) +
                     cvyi_offset(view, at);
}

static void each_stretch(const cvyi_moments *m, const int64_t *place,
                         stretch_fn *run, void *context)
{
    const int inner = inner_axis(m);
    int64_t at[CVY_MAX_RANK] = { 0 }, dims[CVY_MAX_RANK];
    stretch s = { .n = 1 };

    for (int i = 0; i < m->x.rank; i++)
        dims[i] = m->inside[i] && i != inner ? m->x.dims[i] : 1;
    if (inner >= 0)
        s = (stretch){ .n = m->x.dims[inner],
                       .x_step = m->x.strides[inner],
                       .y_step = m->y.strides[inner],
                       .weight_step = m->weight.strides[inner],
                       .bias_step = m->bias.strides[inner] };
    do {
        s.x = element(&m->x, place, at);
        s.y = element(&m->y, place, at);
        s.weight = element(&m->weight, place, at);
        s.bias = element(&m->bias, place, at);
        run(context, &s);
    } while (cvyi_next(m->x.rank, dims, at));
}

/* ---- what a set is scaled with ---- */

typedef struct measured {
    double n, mean, variance;
    double size, square;        /* means of |x| and of x x */
    double scale;               /* 1 / sqrt(variance + eps) */
    double minus;               /* what is taken out of x: the mean or 0 */
    double off_mean, off_scale; /* their errors; that of scale is relative */
} measured;

static void sum(void *context, const stretch *s)
{
    measured *const of = context;

    for (int64_t i = 0; i < s->n; i++) {
        const double x = (double)s->x[i * s->x_step];

        of->mean += x;
        of->size += fabs(x);
        of->square += x * x;
    }
    of->n += (double)s->n;
}

/* Squares of the distances from the mean. */
static void spread(void *context, const stretch *s)
{
    measured *const of = context;

    for (int64_t i = 0; i < s->n; i++) {
        const double d = (double)s->x[i * s->x_step] - of->mean;

        of->variance += d * d;
    }
}

static measured measure(const cvyi_moments *m, const int64_t *place)
{
    measured of = { 0 };

    each_stretch(m, place, sum, &of);
    of.mean /= of.n;
    of.size /= of.n;
    of.square /= of.n;
    if (m->centred)
        each_stretch(m, place, spread, &of);
    of.variance = m->centred ? of.variance / of.n : of.square;
    of.scale = 1 / sqrt(of.variance + m->eps);
    of.minus = m->subtract ? of.mean : 0;
    return of;
}

/*
 * How far float32 may be off, u = 2^-24, t a flushed subnormal, E the mean
 * over the n elements of a set.
 *
 * The mean: n - 1 sums in any order and a division, or a product with 1 / n:
 *
 *   |off mean| <= gamma(n + 1) E|x| + t
 *
 * The variance is taken about the computed mean in a second pass, or updated
 * with the mean element by element (Welford). Two passes lose about n u of
 * it, and the square of the mean's own error; the updates lose
 * n u sqrt(E x^2 / variance) (Chan, Golub and LeVeque, The American
 * Statistician 37, 1983), which is the larger one. With the roundings of a
 * difference (twice, as it is squared), its square and the division:
 *
 *   |off variance| <= gamma(n + 5) sqrt(variance E x^2) + (off mean)^2 + t
 *
 * About 0 there is no mean and E x^2 is the variance: one term fewer. eps as
 * a float32 and the sum with it add 2 u. The computed variance is never
 * below 0, so the sum is at least eps; from its relative error e the
 * reciprocal root gets
 *
 *   min(1 / sqrt(1 - e), sqrt((variance + eps) / eps)) - 1,
 *
 * and 4 u of itself, as root and quotient or approximated.
 */
static void measure_errors(measured *of, const cvyi_moments *m)
{
    const double sum = of->variance + m->eps;
    const double most = m->eps > 0 ? sqrt(sum / m->eps) : INFINITY;
    double off;

    off = cvyi_gamma(of->n + 5) * sqrt(of->variance * of->square) + CVYI_TINY;
    of->off_mean = cvyi_gamma(of->n + 1) * of->size + CVYI_TINY;
    if (m->centred)
        off += of->off_mean * of->off_mean;
    off = off / sum + 2 * CVYI_UNIT;
    off = off < 1 ? fmin(1 / sqrt(1 - off), most) : most;
    of->off_scale = off - 1 + 4 * CVYI_UNIT;
    if (!m->subtract)
        of->off_mean = 0;
}

/* ---- one element ---- */

static void fill(void *context, const stretch *s)
{
    const measured *const of = context;

    for (int64_t i = 0; i < s->n; i++) {
        double y = ((double)s->x[i * s->x_step] - of->minus) * of->scale;

        if (s->weight != NULL)
            y *= (double)s->weight[i * s->weight_step];
        if (s->bias != NULL)
            y += (double)s->bias[i * s->bias_step];
        s->y[i * s->y_step] = (float)y;
    }
}

/*
 * Worst is folding all of it into x a + c first, with a = weight scale and
 * c = bias - mean a. a has the relative error f = (off scale) + u; exactly,
 * scaling what is left of x needs |x - mean| f only, since one a is in both
 * products. The mean's own error goes through a. Two products, c and the last
 * sum round:
 *
 *   |a| (1 + f) (|off mean| + 3 u (|x| + |mean|)) + |a| |x - mean| f
 *     + 2 u |bias|
 *
 * of first order in u; a hundredth more covers the rest, and the t of flushed
 * a, c and products come on top.
 */
static void fill_bound(void *context, const stretch *s)
{
    const measured *const of = context;
    const double f = of->off_scale + CVYI_UNIT;

    for (int64_t i = 0; i < s->n; i++) {
        const double x = (double)s->x[i * s->x_step];
        const double reach = fabs(x) + fabs(of->minus);
        double a = of->scale, off;

        if (s->weight != NULL)
            a *= fabs((double)s->weight[i * s->weight_step]);
        off = a * ((1 + f) * (of->off_mean + 3 * CVYI_UNIT * reach) +
                   fabs(x - of->minus) * f);
        if (s->bias != NULL)
            off += 2 * CVYI_UNIT * fabs((double)s->bias[i * s->bias_step]);
        s->y[i * s->y_step] =
            cvyi_bound_up(1.01 * off + (4 + reach) * CVYI_TINY);
    }
}

/* ---- all sets ---- */

static void each_set(const cvyi_moments *m, bool bound)
{
    int64_t place[CVY_MAX_RANK] = { 0 }, places[CVY_MAX_RANK];

    if (cvy_view_count(&m->x) == 0)
        return;
    for (int i = 0; i < m->x.rank; i++)
        places[i] = m->inside[i] ? 1 : m->x.dims[i];
    do {
        measured of = measure(m, place);

        if (bound)
            measure_errors(&of, m);
        each_stretch(m, place, bound ? fill_bound : fill, &of);
    } while (cvyi_next(m->x.rank, places, place));
}

void cvyi_moments_run(const cvyi_moments *m)
{
    each_set(m, false);
}

void cvyi_moments_bound(const cvyi_moments *m)
{
    each_set(m, true);
}
