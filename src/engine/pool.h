/*
 * engine/pool.h - maximum, sum and mean over windows, channel by channel.
 *
 * The problem is a convolution's with as many output channels as inputs
 * (`groups` says nothing here). Positions outside the data are left out: they
 * are no zeros. x and y are N C S... float32 of any strides. A global pool is
 * one window as long as its axis.
 */
#ifndef CVYI_ENGINE_POOL_H
#define CVYI_ENGINE_POOL_H

#include "engine/problem.h"

/* NaN wins over every number. A window without data gives -inf. */
cvy_status cvyi_pool_max(const cvyi_conv_problem *problem, const cvy_view *y,
                         const cvy_view *x, cvy_error *err);

typedef enum cvyi_divisor {
    CVYI_DIVIDE_NOT,       /* the sum */
    CVYI_DIVIDE_BY_COUNT,  /* elements of the window that are data */
    CVYI_DIVIDE_BY_WINDOW, /* all taps */
    /* Taps at or after -before and before in + after: what is left of a
     * window that hangs over the border itself (PyTorch's ceil_mode together
     * with count_include_pad). */
    CVYI_DIVIDE_BY_PADDED,
} cvyi_divisor;

/* Adds in double, taps row-major, divides in double and rounds once. `after`
 * holds one number an axis and is read for CVYI_DIVIDE_BY_PADDED only. A
 * window that divides by nothing gives nan. */
cvy_status cvyi_pool_sum(const cvyi_conv_problem *problem, const cvy_view *y,
                         const cvy_view *x, cvyi_divisor divisor,
                         const int64_t *after, cvy_error *err);

/* Taps of output `o` along an axis that read below `end` and not below
 * `first`: with 0 and axis->in, the ones that are data. */
int64_t cvyi_pool_count(const cvyi_conv_axis *axis, int64_t o, int64_t first,
                        int64_t end);

#endif
