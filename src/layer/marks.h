/*
 * layer/marks.h - axes marked 1, 2, ... and a parameter that has them.
 *
 * Mark k stands on the axis that is axis k - 1 of the parameter, so the
 * parameter stays as it is when the value's axes move.
 */
#ifndef CVYI_LAYER_MARKS_H
#define CVYI_LAYER_MARKS_H

#include "layer/op.h"

/* The lengths of the marked axes in the order of their marks; rank 0 without
 * a mark. CVY_SHAPE unless there is a mark or 0 for every axis, the marks are
 * 1, 2, ... each once, and the lengths are known. */
cvy_status cvyi_marks_shape(cvyi_shape *out, const int64_t *marks, int n,
                            const cvyi_type *in, cvy_error *err);

/* The layout of a parameter of `n` axes: "C", "C D", "C D E" ...; with
 * `order`, the rule that puts axis order[i] at place i: "C D -> D C". */
const char *cvyi_marks_layout(cvyi_arena *arena, const int *order, int n);

#endif
