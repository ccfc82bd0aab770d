/*
 * layer/window.h - operators with taps, a stride and a border per axis.
 *
 * They all name these attributes taps, stride, dilation and ceil (some have
 * none) and border, so one place turns them into sizes and into numbers. With
 * `ceil` the last window may hang over a given border, as long as it starts
 * before the end of the data.
 */
#ifndef CVYI_LAYER_WINDOW_H
#define CVYI_LAYER_WINDOW_H

#include "convey/padding.h"
#include "engine/problem.h"
#include "layer/op.h"

/* The window along one spatial axis. */
cvy_window cvyi_window_at(const cvyi_attrs *attrs, int axis);

/* May the last window hang over the border? Only over a given one: the rules
 * have no rest. */
bool cvyi_window_ceil(const cvyi_attrs *attrs);

/* Outputs along one spatial axis of `length` elements. CVY_SHAPE if they are
 * known to be none; CVY_ARGUMENT for a broken window or border. */
cvy_status cvyi_window_size(cvyi_size *out, const cvyi_attrs *attrs, int axis,
                            cvyi_size length, cvyi_sizes *sizes,
                            cvy_error *err);

/* The border of one axis for an input of `length` elements, whatever the
 * rule; with `ceil` up to the end of the last window. */
cvy_status cvyi_window_border(cvy_border *out, const cvyi_attrs *attrs,
                              int axis, int64_t length, cvy_error *err);

/* The same border if it does not depend on the length; else false. */
bool cvyi_window_fixed(cvy_border *out, const cvyi_attrs *attrs, int axis);

/* All spatial axes as the engine wants them, for x and y N C S... */
cvy_status cvyi_window_axes(cvyi_conv_axis *out, const cvyi_attrs *attrs,
                            const cvy_view *x, const cvy_view *y,
                            cvy_error *err);

#endif
