/*
 * engine/problem.h - windows over a grid, as numbers only.
 *
 * The order of axes is always the logical one: batch, channel, then one to
 * three spatial axes. Channels-last memory is only other strides. Along an
 * axis, tap t of output o reads input
 *
 *   o * stride + t * dilation - before
 *
 * and reads zero where that is below 0 or not below `in`. `before` may be any
 * number, negative ones included (they skip data); windows may hang over
 * either end by any amount.
 */
#ifndef CVYI_ENGINE_PROBLEM_H
#define CVYI_ENGINE_PROBLEM_H

#include "tensor/tensor.h"

typedef struct cvyi_conv_axis {
    int64_t taps, stride, dilation; /* each >= 1 */
    int64_t before;                 /* zeros in front of the data */
    int64_t in, out;                /* elements, >= 0 */
} cvyi_conv_axis;

typedef struct cvyi_conv_problem {
    int64_t batch;           /* >= 0 */
    int64_t inputs, outputs; /* channels, >= 1; multiples of groups */
    int64_t groups;
    int n_axes; /* 1..3 */
    cvyi_conv_axis axes[3];
} cvyi_conv_problem;

/* A view of N C S... memory with exactly three spatial axes. Strides count
 * elements. */
typedef struct cvyi_grid {
    float *data;
    int64_t batch, channel, axis[3];
} cvyi_grid;

/* CVY_ARGUMENT if the numbers break the rules above or a product of them does
 * not fit in 63 bits. */
cvy_status cvyi_problem_check(const cvyi_conv_problem *p, cvy_error *err);

/* The same problem with three axes: missing ones go in front, one element
 * long. */
cvyi_conv_problem cvyi_problem_spread(const cvyi_conv_problem *p);

/* What `view` is as a grid; CVY_SHAPE unless it holds float32 with the dims
 * of the problem's input or (`output`) its output. An axis of one element
 * gets the stride 1, whatever the view says. */
cvy_status cvyi_problem_grid(cvyi_grid *out, const cvyi_conv_problem *p,
                             const cvy_view *view, bool output,
                             cvy_error *err);

/* Output positions and taps: the products over the axes. */
int64_t cvyi_problem_positions(const cvyi_conv_problem *p);
int64_t cvyi_problem_taps(const cvyi_conv_problem *p);

#endif
