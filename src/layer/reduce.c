/* layer/reduce.c - one number of many elements: a maximum, a mean ... */
#include "layer/reduce.h"

#include "engine/bound.h"
#include "layer/walk.h"
#include "tensor/tensor.h"

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
