/*
 * pass/order.h - the parts of the pass `order`: the decision which results
 * are moved, and the order of flattened features.
 */
#ifndef CVYI_PASS_ORDER_H
#define CVYI_PASS_ORDER_H

#include "pass/pass.h"

/* Which results of the graph as it was before the pass have their channels
 * moved to where the target wants them, and in which order the features of
 * flattened values stand. */
typedef struct cvyi_order_plan {
    cvyi_axes axes;   /* the target's */
    cvyi_moved moved; /* how a value lies that was moved */
    int n;            /* results */
    int *root;        /* union-find over results that must agree */
    int *balance;     /* of a root: demands for moving minus demands against */
    /* Of a flattened value: its features in the port, and whether its input
     * is turned back first because nothing would contract them. */
    cvyi_arrangement *features;
    bool *back;
} cvyi_order_plan;

cvy_status cvyi_order_decide(cvyi_order_plan *out, cvyi_graph *graph,
                             cvyi_axes axes, cvy_error *err);
void cvyi_order_plan_close(cvyi_order_plan *plan);

/* Results made by the pass itself are never asked for. */
cvyi_moved cvyi_order_wanted(const cvyi_order_plan *plan, int result);

/* Does the call take any order of axes? One that puts new axes where the axis
 * stands that moves does not, another one would be it; nor does one behind
 * which that axis is gone. */
bool cvyi_order_any(const cvyi_order_plan *plan, const cvyi_graph *graph,
                    const cvyi_call *call);

/* A call of that kind: the axis that moves is new behind it, or gone. So the
 * order on one side says nothing of that on the other. */
typedef enum cvyi_mover {
    CVYI_MOVER_STAYS,
    CVYI_MOVER_NEW,
    CVYI_MOVER_GONE,
} cvyi_mover;

cvyi_mover cvyi_order_mover(const cvyi_order_plan *plan,
                            const cvyi_graph *graph, const cvyi_call *call);

/* Does the call make other axes of all but the one that moves, which it leaves
 * as it is? Then what it reads and makes lies one way, whichever. */
bool cvyi_order_carries(const cvyi_order_plan *plan, const cvyi_graph *graph,
                        const cvyi_call *call);

/* Moving the axis of such a value changes no element's place: all axes but
 * the batch and it, or it, have one element. The type lies as `moved` says. */
bool cvyi_order_moves_nothing(const cvyi_order_plan *plan,
                              const cvyi_type *type, cvyi_moved moved);

/* order_absorb.c: fills plan->features and plan->back. What is moved is
 * decided already. */
cvy_status cvyi_order_absorb(cvyi_order_plan *plan, cvyi_graph *graph,
                             cvy_error *err);

/* order_features.c: the axis of a call's parameter that follows the features
 * that the call reads; -1: it knows nothing of their order. */
int cvyi_order_axis(const cvyi_graph *graph, const cvyi_call *call, int slot);
/* The call's results and parameters follow the features it reads. */
cvy_status cvyi_order_features(cvyi_graph *graph, const cvyi_order_plan *plan,
                               int at, cvy_error *err);

#endif
