/*
 * layer/resize/resize.h - which elements a resized axis is made of.
 *
 * The coordinate of output i over an axis of n elements that becomes m, with
 * r = n / m, or 1 / factor where a factor that is no integer was given:
 *
 *   half     (i + 1/2) r - 1/2
 *   exact    the same; a nearest element is rounded in another order
 *   legacy   i r
 *   corners  i (n - 1) / (m - 1)
 *
 * All frameworks work it out in float32, and so does cvyi_resize_nearest: a
 * nearest element is theirs bit by bit.
 */
#ifndef CVYI_LAYER_RESIZE_RESIZE_H
#define CVYI_LAYER_RESIZE_RESIZE_H

#include "layer/words.h"

typedef struct cvyi_resize_axis {
    int64_t n, m;  /* elements before and after */
    double factor; /* 0: a length was given */
    bool plane;    /* one of two axes, where torch has shortcuts */
    const char *grid;
} cvyi_resize_axis;

/* Elements after; 0 if there are none, or too many. */
int64_t cvyi_resize_length(int64_t n, double factor);

/* An axis of `n` elements under these attributes. */
cvyi_resize_axis cvyi_resize_axis_at(const cvyi_attrs *attrs, int axis,
                                     int64_t n);

/* The nearest element of output i. */
int64_t cvyi_resize_nearest(const cvyi_resize_axis *axis, int64_t i);

/* Does torch's `nearest` with this integer factor repeat every element, for
 * axes of any length? Its float32 product misses some (41). */
bool cvyi_resize_repeats(double factor);

/* Every factor is given and an integer. */
bool cvyi_resize_whole(const cvyi_attrs *attrs);

/* A new step; `factors` or `sizes` is NULL. */
cvy_status cvyi_resize_add(cvyi_phrase *out, const cvyi_bound *call,
                           cvyi_axes axes, const char *method,
                           const char *grid, const double *factors,
                           const int64_t *sizes, int n_spatial,
                           cvy_error *err);

/* Is it the same with another grid and given lengths, for the input's sizes?
 * False if these are not known and it cannot be told. */
bool cvyi_resize_same(const cvyi_saying *what, const char *grid);

/* The lengths after, spatial axes; false if some are not known. */
bool cvyi_resize_lengths(int64_t *out, const cvyi_saying *what);

#endif
