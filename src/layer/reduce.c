/* layer/reduce.c - one number of many elements: a maximum, a mean ... */
#include "layer/reduce.h"

#include "engine/bound.h"
#include "layer/affine.h"
#include "layer/walk.h"
#include "tensor/tensor.h"

#include <float.h>
#include <math.h>

double cvyi_reduce_max(const cvy_view *part)
{
    int64_t at[CVY_MAX_RANK] = { 0 };
    double most = -INFINITY;

    do {
        const double x = cvyi_at(part, at);

        most = isnan(x) || x > most ? x : most;
    } while (!isnan(most) && cvyi_next(part->rank, part->dims, at));
    return most;
}

double cvyi_reduce_min(const cvy_view *part)
{
    int64_t at[CVY_MAX_RANK] = { 0 };
    double least = INFINITY;

    do {
        const double x = cvyi_at(part, at);

        least = isnan(x) || x < least ? x : least;
    } while (!isnan(least) && cvyi_next(part->rank, part->dims, at));
    return least;
}

double cvyi_reduce_sum(const cvy_view *part)
{
    int64_t at[CVY_MAX_RANK] = { 0 };
    double sum = 0;

    do
        sum += cvyi_at(part, at);
    while (cvyi_next(part->rank, part->dims, at));
    return sum;
}

double cvyi_reduce_mean(const cvy_view *part)
{
    return cvyi_reduce_sum(part) / (double)cvy_view_count(part);
}

double cvyi_reduce_nothing(const cvy_view *part)
{
    (void)part;
    return 0;
}

double cvyi_reduce_bound(const cvy_view *part, int divisions)
{
    const double n = (double)cvy_view_count(part);
    int64_t at[CVY_MAX_RANK] = { 0 };
    double size = 0;

    do
        size += fabs(cvyi_at(part, at));
    while (cvyi_next(part->rank, part->dims, at));
    return cvyi_gamma(n + divisions) * size / n + CVYI_TINY;
}

/* ---- products ---- */

double cvyi_reduce_product(const cvy_view *part)
{
    int64_t at[CVY_MAX_RANK] = { 0 };
    double product = 1;

    do
        product *= cvyi_at(part, at);
    while (cvyi_next(part->rank, part->dims, at));
    return product;
}

/* n - 1 products in any order. One of them may underflow: what it is off,
 * those behind it multiply, which is no more than all factors above 1 do. If
 * these overflow on their own, so may one of the products. */
double cvyi_reduce_product_bound(const cvy_view *part)
{
    const double n = (double)cvy_view_count(part);
    int64_t at[CVY_MAX_RANK] = { 0 };
    double size = 1, most = 1;

    do {
        const double x = fabs(cvyi_at(part, at));

        size *= x;
        most *= fmax(x, 1);
    } while (cvyi_next(part->rank, part->dims, at));
    if (!(most <= FLT_MAX))
        return INFINITY;
    return cvyi_gamma(n) * size + n * CVYI_TINY * most;
}

/* ---- spreads ---- */

typedef struct spread {
    double n, mean, variance;
    double size, square; /* means of |x| and of x x */
} spread;

static spread spread_of(const cvy_view *part)
{
    spread s = { .n = (double)cvy_view_count(part) };
    int64_t at[CVY_MAX_RANK] = { 0 };

    do {
        const double x = cvyi_at(part, at);

        s.mean += x / s.n;
        s.size += fabs(x) / s.n;
        s.square += x * x / s.n;
    } while (cvyi_next(part->rank, part->dims, at));
    do {
        const double d = cvyi_at(part, at) - s.mean;

        s.variance += d * d / s.n;
    } while (cvyi_next(part->rank, part->dims, at));
    return s;
}

double cvyi_reduce_variance(const cvy_view *part)
{
    return spread_of(part).variance;
}

double cvyi_reduce_deviation(const cvy_view *part)
{
    return sqrt(spread_of(part).variance);
}

/* As in layer/moments.c: in two passes, or updated element by element, and the
 * square of what the mean is off. */
static double variance_error(const spread *s)
{
    const double mean = cvyi_gamma(s->n + 1) * s->size + CVYI_TINY;

    return cvyi_gamma(s->n + 5) * sqrt(s->variance * s->square) + mean * mean +
           CVYI_TINY;
}

double cvyi_reduce_variance_bound(const cvy_view *part)
{
    const spread s = spread_of(part);

    return variance_error(&s);
}

/* The root of v off by e, never of a number below 0, is off by at most
 * sqrt(v) - sqrt(v - e), or by sqrt(e) where e is above v. The root itself is
 * right to 2 u. */
double cvyi_reduce_deviation_bound(const cvy_view *part)
{
    const spread s = spread_of(part);
    const double v = s.variance, e = variance_error(&s);
    const double off = e < v ? e / (sqrt(v) + sqrt(v - e)) : sqrt(e);

    return off + 2 * CVYI_UNIT * (sqrt(v) + off) + CVYI_TINY;
}

/* ---- sums of exponentials ---- */

typedef struct exponentials {
    double most, sum;
    double distance; /* mean distance from the largest, as the sum weighs it */
} exponentials;

static exponentials exponentials_of(const cvy_view *part)
{
    exponentials e = { .most = cvyi_reduce_max(part) };
    int64_t at[CVY_MAX_RANK] = { 0 };

    do {
        const double d = e.most - cvyi_at(part, at);

        e.sum += exp(-d);
        e.distance += isinf(d) ? 0 : exp(-d) * d;
    } while (cvyi_next(part->rank, part->dims, at));
    e.distance /= e.sum;
    return e;
}

double cvyi_reduce_logsumexp(const cvy_view *part)
{
    const exponentials e = exponentials_of(part);

    return isfinite(e.most) ? e.most + log(e.sum) : e.most;
}

/* exp(x - most), most the largest x: the difference rounds once, which the
 * exponential makes relative to it, and the exponential is 4 u off itself; the
 * sum adds n - 1 roundings. What the sum is off relatively, its logarithm is
 * absolutely, and 8 u of itself; the last sum rounds once. A hundredth covers
 * the second order, t what is flushed of each exponential. */
double cvyi_reduce_logsumexp_bound(const cvy_view *part)
{
    const double n = (double)cvy_view_count(part);
    const exponentials e = exponentials_of(part);

    if (!isfinite(e.most))
        return 0;

    const double l = log(e.sum);
    const double units = e.distance + 4 + 8 * l + fabs(e.most + l);

    return 1.01 * (cvyi_gamma(n) + units * CVYI_UNIT) + (n + 1) * CVYI_TINY;
}
