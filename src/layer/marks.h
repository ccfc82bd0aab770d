/*
 * layer/marks.h - attributes of kind MARKS: a number for each axis of input 0.
 *
 * Where a parameter has the axes that are marked 1, 2 ..., mark k
 * stands on the axis that is axis k - 1 of the parameter, so the parameter
 * stays as it is when the value's axes move.
 */
#ifndef CVYI_LAYER_MARKS_H
#define CVYI_LAYER_MARKS_H

#include "layer/op.h"

/* The mark of an axis; 0 for one without. */
int64_t cvyi_mark(const cvyi_attrs *attrs, const char *name, int axis);
/* The axes that have one, and how many they are. */
int cvyi_marked(int64_t *axes, const cvyi_attrs *attrs, const char *name);
/* CVY_SHAPE unless there are as many marks as axes or none at all,
 * CVY_ARGUMENT if one is below `least`. */
cvy_status cvyi_marks_check(const cvyi_attrs *attrs, const char *name,
                            const cvyi_type *in, int64_t least,
                            cvy_error *err);

/* The lengths of the marked axes in the order of their marks; rank 0 without
 * a mark. CVY_SHAPE unless there is a mark or 0 for every axis, the marks are
 * 1, 2, ... each once, and the lengths are known. */
cvy_status cvyi_marks_shape(cvyi_shape *out, const int64_t *marks, int n,
                            const cvyi_type *in, cvy_error *err);

/* The layout of a parameter of `n` axes: "C", "C D", "C D E" ...; with
 * `order`, the rule that puts axis order[i] at place i: "C D -> D C". */
const char *cvyi_marks_layout(cvyi_arena *arena, const int *order, int n);

#endif
