/*
 * engine/conv.h - convolution of float32 arrays.
 *
 * A plan holds a problem, its weights in the order the kernels read them, and
 * the kernel that was chosen. One plan may run many times, also from several
 * threads at once. x is N C S..., weights O (C / groups) S..., bias O, y is
 * N O S...; each may have any strides. Quickest: x and y with channels next
 * to each other in memory; anything else is reordered on the way.
 *
 * Each output starts from its bias (or 0) and adds taps x inputs / groups
 * products in a fixed order, taps row-major and outside, input channels
 * inside, one float32 fused multiply-add each. A tap on the border is a
 * product with zero. The bits are the same for any number of threads, any
 * instruction set, any strides and any batch.
 *
 * A dense layer is a convolution with one tap over an axis of one element
 * (or of as many as there are rows).
 */
#ifndef CVYI_ENGINE_CONV_H
#define CVYI_ENGINE_CONV_H

#include "base/cpu.h"
#include "engine/problem.h"

typedef struct cvyi_conv_plan cvyi_conv_plan;

typedef enum cvyi_conv_kind {
    CVYI_CONV_PLAIN,
    /* |x|, |weights|, |bias|: the magnitude that a rounding error bound of
     * the plain convolution is a share of (engine/bound.h). */
    CVYI_CONV_ABSOLUTE,
} cvyi_conv_kind;

/* Reads the weights, which need not outlive the call. `cpu` is what
 * cvyi_cpu() returned, or less. */
cvy_status cvyi_conv_plan_open(cvyi_conv_plan **out,
                               const cvyi_conv_problem *problem,
                               const cvy_view *weights, cvyi_conv_kind kind,
                               unsigned cpu, cvy_error *err);
/* NULL is fine. */
void cvyi_conv_plan_close(cvyi_conv_plan *plan);

/* `bias` may be NULL, or a view without data. y overlaps nothing else. */
cvy_status cvyi_conv_run(const cvyi_conv_plan *plan, const cvy_view *y,
                         const cvy_view *x, const cvy_view *bias,
                         cvy_error *err);

/* Kernel that the plan runs, as the benchmark and error reports name it. */
const char *cvyi_conv_plan_kernel(const cvyi_conv_plan *plan);

#endif
