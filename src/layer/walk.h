/*
 * layer/walk.h - walking over values, for operators that work element by
 * element or along one axis.
 */
#ifndef CVYI_LAYER_WALK_H
#define CVYI_LAYER_WALK_H

#include "layer/op.h"

#include <string.h>

/* The smallest normal float32: what flushing a subnormal to zero may lose. */
#define CVYI_TINY 0x1p-126

/* As a float32 that is not below `bound`: bounds are not negative, so that the
 * next float is the next whole number of its bits. */
static inline float cvyi_bound_up(double bound)
{
    const float near = (float)bound;
    uint32_t bits;
    float above;

    if (!((double)near < bound))
        return near;
    memcpy(&bits, &near, sizeof bits);
    bits++;
    memcpy(&above, &bits, sizeof above);
    return above;
}

/* One output of the type of input 0; no slots, no arithmetic counted. */
void cvyi_infer_like(cvyi_inferred *out, const cvyi_type *in);

/* Numbers along one axis: element i is data[i * step]. */
typedef struct cvyi_lane {
    float *data;
    int64_t n, step;
} cvyi_lane;

typedef void cvyi_lane_fn(void *context, cvyi_lane out, cvyi_lane in);

/* Runs over the lanes of `axis` of two views whose other dims are equal. */
void cvyi_each_lane(const cvy_view *out, const cvy_view *in, int axis,
                    cvyi_lane_fn *run, void *context);

/* Elements of axes [first, rank) of a type: their product, NULL as size.h
 * gives it. */
cvyi_size cvyi_type_elements(cvyi_sizes *sizes, const cvyi_type *type,
                             int first);

/* Copies elements in row-major order of each side's own dims. The counts are
 * equal. */
void cvyi_copy_in_order(const cvy_view *to, const cvy_view *from);

#endif
