/*
 * layer/moments.h - norms by the mean and variance of the value itself.
 *
 *   y = (x - mean) / sqrt(variance + eps) * weight + bias
 *
 * with mean and biased variance over sets of elements: those that differ only
 * in their places on some axes.
 */
#ifndef CVYI_LAYER_MOMENTS_H
#define CVYI_LAYER_MOMENTS_H

#include "layer/op.h"

typedef struct cvyi_moments {
    cvy_view x, y; /* F32 of equal dims, any strides */
    /* The same dims, stride 0 along axes that share an element; data NULL:
     * there is none. */
    cvy_view weight, bias;
    bool inside[CVY_MAX_RANK]; /* axes that lie within a set */
    bool centred;              /* the variance is about the mean, not 0 */
    bool subtract;             /* x - mean is scaled, not x */
    double eps;
} cvyi_moments;

/* Fills y; the result is rounded once. */
void cvyi_moments_run(const cvyi_moments *m);
/* Fills y with the error that one float32 evaluation may make. */
void cvyi_moments_bound(const cvyi_moments *m);

#endif
