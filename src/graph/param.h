/*
 * graph/param.h - the numbers of a parameter, in the shape of its slot.
 */
#ifndef CVYI_GRAPH_PARAM_H
#define CVYI_GRAPH_PARAM_H

#include "graph/graph.h"
#include "tensor/tensor.h"

/* A view of `shape` over the same memory, if the strides of neighbouring axes
 * of `view` allow to join them so; false and *out untouched otherwise. */
bool cvyi_view_joined(cvy_view *out, const cvy_view *view,
                      const cvyi_shape *shape);
/* A packed copy of `shape`, whose elements are those of `view` row by row. */
cvy_status cvyi_view_packed(cvy_view *out, const cvy_view *view,
                            const cvyi_shape *shape, cvy_dtype dtype,
                            cvyi_arena *arena, cvy_error *err);

#endif
