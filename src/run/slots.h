/* run/slots.h - parameters of a call as its operator expects them. */
#ifndef CVYI_RUN_SLOTS_H
#define CVYI_RUN_SLOTS_H

#include "graph/graph.h"

/* Fills CVYI_MAX_SLOTS views: F32, aligned, of the slot's own rank. Borrowed
 * from the stored data where they allow it, else copied into `scratch`. */
cvy_status cvyi_run_slots(cvy_view *out, const cvyi_graph *graph,
                          const cvyi_call *call, cvyi_arena *scratch,
                          cvy_error *err);

#endif
