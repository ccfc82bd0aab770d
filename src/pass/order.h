/*
 * pass/order.h - the parts of the pass `order`: the decision which results
 * are moved, and the order of flattened features.
 */
#ifndef CVYI_PASS_ORDER_H
#define CVYI_PASS_ORDER_H

#include "pass/pass.h"

/* Which results of the graph as it was before the pass have their last axis
 * moved to axis 1, and which flattened values may stay permuted. */
typedef struct cvyi_order_plan {
    int n;          /* results */
    int *root;      /* union-find over results that must agree */
    int *balance;   /* of a root: demands for moving minus demands against */
    bool *absorbed; /* a permuted order of features would be contracted */
} cvyi_order_plan;

cvy_status cvyi_order_decide(cvyi_order_plan *out, const cvyi_graph *graph,
                             cvy_error *err);
void cvyi_order_plan_close(cvyi_order_plan *plan);

/* Results made by the pass itself are never asked for. */
bool cvyi_order_wants_moved(const cvyi_order_plan *plan, int result);

/* Does the call take any order of axes? One that puts new axes behind the
 * last does not: another axis would be the one that moves. */
bool cvyi_order_any(const cvyi_graph *graph, const cvyi_call *call);

/* Moving the last axis of such a value changes no element's place: all axes
 * between batch and channels, or the channels, have one element. `moved`: the
 * type is already in the moved order. */
bool cvyi_order_moves_nothing(const cvyi_type *type, bool moved);

/* Flatten: its result gets feature blocks, or its input is turned back. */
cvy_status cvyi_order_collapse(cvyi_graph *graph, const cvyi_order_plan *plan,
                               int *at, cvyi_findings *findings,
                               cvy_error *err);
/* Carries feature blocks through a call: kept, joined or contracted. */
cvy_status cvyi_order_features(cvyi_graph *graph, int at, cvy_error *err);

#endif
