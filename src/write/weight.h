/*
 * write/weight.h - a parameter of the graph as the target stores it.
 */
#ifndef CVYI_WRITE_WEIGHT_H
#define CVYI_WRITE_WEIGHT_H

#include "write/write.h"

/* The weight that call `call` is given for a slot of what it is said as,
 * called `name`: the graph's parameter, or one of the writer's own. */
cvy_status cvyi_weight_make(cvyi_written_weight *out, cvyi_graph *graph,
                            int call, const cvyi_said_slot *slot,
                            const char *name, cvy_error *err);
/* From the slot's neutral shape to the target's. */
cvy_status cvyi_weight_layout(cvyi_layout *out, const cvyi_graph *graph,
                              int call, const cvyi_said_slot *slot,
                              const cvyi_shape *neutral, cvy_error *err);
/* Index of the slot of that name; -1: none. */
int cvyi_weight_slot(const cvyi_op *op, const char *name);

#endif
