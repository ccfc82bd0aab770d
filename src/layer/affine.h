/*
 * layer/affine.h - y = a x + b with one a and b per channel, in double.
 *
 * Norms and scalings are this, and so are their bounds over |x|.
 */
#ifndef CVYI_LAYER_AFFINE_H
#define CVYI_LAYER_AFFINE_H

#include "base/error.h"
#include "convey/tensor.h"

typedef struct cvyi_affine {
    const double *a, *b; /* one a channel; one in all if axis < 0 */
    int axis;            /* where the channels stand */
    bool absolute;       /* |x| instead of x */
} cvyi_affine;

/* Both F32 with equal dims and any strides; they may be the same memory. The
 * result is rounded once. */
void cvyi_affine_run(const cvy_view *y, const cvy_view *x,
                     const cvyi_affine *affine);

/* Half an ulp of 1 in float32. */
#define CVYI_UNIT 0x1p-24

/* A float32 parameter as doubles: element i of a view of rank 1. */
double cvyi_element(const cvy_view *view, int64_t i);

#endif
