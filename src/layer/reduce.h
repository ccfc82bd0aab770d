/*
 * layer/reduce.h - one number of many elements: a maximum, a mean ...
 *
 * `part` are the elements, as a view of any rank with at least one of them.
 */
#ifndef CVYI_LAYER_REDUCE_H
#define CVYI_LAYER_REDUCE_H

#include "convey/tensor.h"

typedef double cvyi_reduce(const cvy_view *part);

/* NaN if any element is. */
double cvyi_reduce_max(const cvy_view *part);
double cvyi_reduce_min(const cvy_view *part);
/* Summed in double. */
double cvyi_reduce_mean(const cvy_view *part);
double cvyi_reduce_sum(const cvy_view *part);
double cvyi_reduce_product(const cvy_view *part);
/* The mean of the squared distances from the mean, and its root. */
double cvyi_reduce_variance(const cvy_view *part);
double cvyi_reduce_deviation(const cvy_view *part);
/* The logarithm of the sum of exponentials. */
double cvyi_reduce_logsumexp(const cvy_view *part);
/* 0: what a maximum's bound is. */
double cvyi_reduce_nothing(const cvy_view *part);

/* Bound of one float32 evaluation of a mean with `divisions` divisions: n - 1
 * additions in any order, then these, and one more for a mean that multiplies
 * by a rounded 1 / n: gamma(n + divisions) times the mean of magnitudes
 * (engine/bound.h). */
double cvyi_reduce_bound(const cvy_view *part, int divisions);
/* Those of the others; each is derived where it stands. */
double cvyi_reduce_product_bound(const cvy_view *part);
double cvyi_reduce_variance_bound(const cvy_view *part);
double cvyi_reduce_deviation_bound(const cvy_view *part);
double cvyi_reduce_logsumexp_bound(const cvy_view *part);

#endif
