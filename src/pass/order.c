/*
 * pass/order.c - channels stand where the target wants them.
 *
 * Every result of three or more axes either keeps the source's order or has
 * the axis moved where the target wants channels: the last one to axis 1, or
 * axis 1 to the end. Operators with a channel axis decide for what they read
 * and make; operators that do not care carry the decision on to what they are
 * connected with; where two decisions meet, one visible `permute` call stands
 * between them and a remark says why.
 *
 * Flattened values follow: their features then stand in another order than
 * the source's, which is put into the first weight that contracts them. If
 * there is none, the values are permuted back before they are flattened.
 *
 * The pass runs in three steps: decide (order_plan.c, order_absorb.c), then
 * call by call `rewrite`, then all types are inferred again.
 */
#include "pass/order.h"

#include <string.h>

typedef struct work {
    cvyi_graph *graph;
    cvyi_findings *findings;
    const cvyi_order_plan *plan;
    cvy_error *err;
} work;

/* A type of the source, moved. */
static cvyi_type moved_type(const cvyi_order_plan *plan, const cvyi_type *type)
{
    cvyi_type out = *type;
    int axes[CVYI_MAX_DIMS];

    cvyi_moved_axes(plan->moved, type->rank, axes);
    for (int i = 0; i < type->rank; i++)
        out.dims[i] = type->dims[axes[i]];
    return out;
}

/* A permute call before call `at` that turns result `r` over: to `moved` or
 * back. *out is the new result, which equals the same result of the source. */
static cvy_status turn(int *out, work *w, int at, int r, cvyi_moved moved,
                       const cvyi_call *owner, const char *why)
{
    cvyi_graph *const graph = w->graph;
    const cvyi_result from = graph->results[r];
    cvyi_attrs permute;
    int axes[CVYI_MAX_DIMS];
    int64_t values[CVYI_MAX_DIMS];

    if (moved != CVYI_MOVED_NOT)
        cvyi_moved_axes(moved, from.type.rank, axes);
    else
        cvyi_moved_back(w->plan->moved, from.type.rank, axes);
    for (int i = 0; i < from.type.rank; i++)
        values[i] = axes[i];
    cvyi_attrs_open(&permute, cvyi_op_find("permute"), 0);
    cvyi_set_ints(&permute, "axes", values, from.type.rank);
    CVYI_TRY(cvyi_graph_insert_call(graph, at, &permute, w->plan->axes, &r, 1,
                                    w->err));

    cvyi_call *const call = &graph->calls[at];

    call->module = owner->module;
    call->visit = owner->visit;
    call->label = "permute";
    call->comment = why;
    *out = call->out[0];
    graph->results[*out].origin = from.origin;
    graph->results[*out].arrangement = (cvyi_arrangement){ .moved = moved };
    graph->results[*out].name = from.name;
    return cvyi_remark(w->findings, graph->modules[call->module].name, why,
                       w->err);
}

/* Operand k of call *at must lie so: it is turned over if it does not. *at
 * follows the call when something is inserted before it. */
static cvy_status demand(work *w, int *at, int k, cvyi_moved moved,
                         const char *why)
{
    const cvyi_call call = w->graph->calls[*at];
    const int r = call.in[k];
    const cvyi_result *const result = &w->graph->results[r];
    int turned;

    if (result->type.rank < 3 || result->arrangement.moved == moved)
        return CVY_OK;
    CVYI_TRY(turn(&turned, w, *at, r, moved, &call, why));
    ++*at;
    w->graph->calls[*at].in[k] = turned;
    return CVY_OK;
}

/* Where channels stand in values that lie so. */
static cvyi_axes channels_of(const cvyi_order_plan *plan, cvyi_moved moved)
{
    if (moved != CVYI_MOVED_NOT)
        return plan->axes;
    return plan->axes == CVYI_AXES_FIRST ? CVYI_AXES_LAST : CVYI_AXES_FIRST;
}

/* The call's own result came out moved or not, but its neighbours expect the
 * other: turned over behind the call, for all later users. */
static cvy_status deliver(work *w, int *at, int k, cvyi_moved moved)
{
    cvyi_graph *const graph = w->graph;
    const int r = graph->calls[*at].out[k];
    const cvyi_moved wanted = cvyi_order_wanted(w->plan, r);
    const cvyi_call owner = graph->calls[*at];
    int turned;

    if (graph->results[r].type.rank < 3)
        return CVY_OK;
    graph->results[r].arrangement.moved = moved;
    if (moved != CVYI_MOVED_NOT)
        graph->results[r].type = moved_type(w->plan, &graph->results[r].type);
    if (moved == wanted)
        return CVY_OK;
    CVYI_TRY(turn(&turned, w, *at + 1, r, wanted, &owner,
                  channels_of(w->plan, wanted) == CVYI_AXES_FIRST
                      ? "the layers that follow need channels first"
                      : "the layers that follow need channels last"));
    cvyi_graph_replace(graph, r, turned, *at + 2, true);
    ++*at;
    return CVY_OK;
}

/* ---- operators by how they react ---- */

static cvy_status with_channels(work *w, int *at)
{
    const cvyi_axes here = w->graph->calls[*at].axes;
    const cvyi_moved moved =
        here == w->plan->axes ? CVYI_MOVED_NOT : w->plan->moved;
    const char *const why =
        moved != CVYI_MOVED_NOT ? "its input keeps the source's order of axes"
        : here == CVYI_AXES_FIRST ? "the source has channels first only here"
                                  : "the source has channels last only here";

    for (int k = 0; k < w->graph->calls[*at].n_in; k++)
        CVYI_TRY(demand(w, at, k, moved, why));
    w->graph->calls[*at].axes = w->plan->axes;
    for (int k = 0; k < w->graph->calls[*at].n_out; k++)
        CVYI_TRY(deliver(w, at, k, moved));
    return CVY_OK;
}

/* Where axis `axis` of the source stands in a value that lies so. */
static int64_t new_place(cvyi_moved moved, int rank, int64_t axis)
{
    int axes[CVYI_MAX_DIMS];

    cvyi_moved_back(moved, rank, axes);
    return axes[axis];
}

/* An attribute that names an axis, or marks axes, follows as one moves. New
 * axes never stand where it moves: they follow the axis that they were put
 * before, or behind. */
static void move_attribute(cvyi_attr_kind kind, cvyi_attr_value *value,
                           int rank, cvyi_moved moved)
{
    int64_t *const v = value->ints;

    if (kind == CVYI_ATTR_AXIS)
        *v = new_place(moved, rank, *v);
    if (kind == CVYI_ATTR_PLACE && rank > 1)
        *v += moved == CVYI_MOVED_FIRST ? 1 : -1;
    if (kind == CVYI_ATTR_MARKS && value->n == rank) {
        int64_t old[CVYI_MAX_DIMS];

        memcpy(old, v, sizeof old);
        for (int i = 0; i < rank; i++)
            v[new_place(moved, rank, i)] = old[i];
    }
}

static void move_attributes(work *w, int at, int rank, cvyi_moved moved)
{
    cvyi_attrs *const attrs = &w->graph->calls[at].attrs;

    for (int a = 0;
         moved != CVYI_MOVED_NOT && attrs->op->attrs[a].name != NULL; a++)
        move_attribute(attrs->op->attrs[a].kind, &attrs->at[a], rank, moved);
}

/* Operators that take any order. */
static cvy_status any_order(work *w, int *at)
{
    const cvyi_moved moved =
        cvyi_order_wanted(w->plan, w->graph->calls[*at].out[0]);
    const int rank = w->graph->results[w->graph->calls[*at].in[0]].type.rank;

    for (int k = 0; k < w->graph->calls[*at].n_in; k++)
        CVYI_TRY(demand(w, at, k, moved, "its inputs meet in one order"));
    move_attributes(w, *at, rank, moved);
    for (int k = 0; k < w->graph->calls[*at].n_out; k++)
        CVYI_TRY(deliver(w, at, k, moved));
    return CVY_OK;
}

/* A reshape lists the sizes of its result as they stand when it is moved. */
static void list_sizes(work *w, int at)
{
    cvyi_call *const call = &w->graph->calls[at];
    cvyi_attr_value *const shape = cvyi_attr_set(&call->attrs, "shape");
    const cvyi_type moved =
        moved_type(w->plan, &w->graph->results[call->out[0]].type);

    for (int i = 0; i < shape->n; i++)
        shape->sizes[i] = moved.dims[i + 1];
}

/* Operators that index axes: they get the source's order. A reshape whose
 * moved axes all have one element only lists its sizes in another order. */
static cvy_status fixed_order(work *w, int *at)
{
    cvyi_graph *const graph = w->graph;
    const int r_out = graph->calls[*at].out[0];
    const int r_in = graph->calls[*at].in[0];
    const cvyi_moved wanted = cvyi_order_wanted(w->plan, r_out);
    const bool reshapes =
        graph->calls[*at].attrs.op->features == CVYI_FEATURES_RESHAPE;

    if (!reshapes ||
        !cvyi_order_moves_nothing(w->plan, &graph->results[r_in].type,
                                  graph->results[r_in].arrangement.moved))
        for (int k = 0; k < graph->calls[*at].n_in; k++)
            CVYI_TRY(demand(w, at, k, CVYI_MOVED_NOT,
                            "it names axes in the source's order"));
    if (reshapes && wanted != CVYI_MOVED_NOT &&
        cvyi_order_moves_nothing(w->plan, &graph->results[r_out].type,
                                 CVYI_MOVED_NOT)) {
        list_sizes(w, *at);
        return deliver(w, at, 0, wanted);
    }
    return deliver(w, at, 0, CVYI_MOVED_NOT);
}

/* Behind an axis that is gone the others stand in the source's order, wherever
 * it stood. */
static cvy_status mover_gone(work *w, int *at)
{
    const cvyi_result *const in =
        &w->graph->results[w->graph->calls[*at].in[0]];

    move_attributes(w, *at, in->type.rank, in->arrangement.moved);
    return deliver(w, at, 0, CVYI_MOVED_NOT);
}

/* One new axis may be put where it is wanted. */
static cvy_status mover_new(work *w, int *at)
{
    const cvyi_call *const call = &w->graph->calls[*at];
    const int rank = w->graph->results[call->in[0]].type.rank;
    const cvyi_moved moved = cvyi_order_wanted(w->plan, call->out[0]);

    if (moved == CVYI_MOVED_NOT ||
        w->graph->results[call->out[0]].type.rank != rank + 1)
        return fixed_order(w, at);
    CVYI_TRY(demand(w, at, 0, CVYI_MOVED_NOT,
                    "its new axis is that of channels, so the others "
                    "keep the source's order"));

    cvyi_attrs *const attrs = &w->graph->calls[*at].attrs;

    for (int a = 0; attrs->op->attrs[a].name != NULL; a++)
        if (attrs->op->attrs[a].kind == CVYI_ATTR_PLACE)
            attrs->at[a].ints[0] = moved == CVYI_MOVED_FIRST ? 1 : rank;
    return deliver(w, at, 0, moved);
}

static cvy_status collapse(work *w, int *at)
{
    if (!w->plan->back[w->graph->calls[*at].out[0]])
        return CVY_OK;
    return demand(w, at, 0, CVYI_MOVED_NOT,
                  w->plan->axes == CVYI_AXES_FIRST
                      ? "its features are used in the source's order, so "
                        "channels go last before they are flattened"
                      : "its features are used in the source's order, so "
                        "channels go first before they are flattened");
}

/* The axis that moves is left as it is, wherever it stands. */
static cvy_status carry(work *w, int *at)
{
    const int r = w->graph->calls[*at].out[0];
    const cvyi_moved moved = cvyi_order_wanted(w->plan, r);

    CVYI_TRY(demand(w, at, 0, moved, "its inputs meet in one order"));
    if (moved != CVYI_MOVED_NOT)
        list_sizes(w, *at);
    return deliver(w, at, 0, moved);
}

/* ---- products that are summed ---- */

/* Which axis of the source's result stands where, if the inputs lie as they
 * do and input `first` is the first; the batch is all that they share. */
static void produced(int *order, const work *w, const cvyi_call *call,
                     const int64_t *summed, int first)
{
    int n = 1;

    order[0] = 0;
    for (int s = 0; s < 2; s++) {
        const int k = s == 0 ? first : 1 - first;
        const cvyi_result *const in = &w->graph->results[call->in[k]];
        const int before =
            k == 0 ? 0 : w->graph->results[call->in[0]].type.rank - 2;
        int axes[CVYI_MAX_DIMS];

        cvyi_moved_axes(in->arrangement.moved, in->type.rank, axes);
        for (int i = 1; i < in->type.rank; i++)
            if (axes[i] != summed[k])
                order[n++] = before + axes[i] - (axes[i] > summed[k]);
    }
}

static bool lies(const int *order, int rank, cvyi_moved moved)
{
    int axes[CVYI_MAX_DIMS];

    cvyi_moved_axes(moved, rank, axes);
    for (int i = 0; i < rank; i++)
        if (axes[i] != order[i])
            return false;
    return true;
}

/* The axes that are summed where they stand now, and the inputs in the order
 * in which the result comes out. */
static void turn_sums(work *w, int at, const int64_t *summed, int first)
{
    cvyi_call *const call = &w->graph->calls[at];
    const int in[] = { call->in[first], call->in[1 - first] };

    for (int s = 0; s < 2; s++) {
        const cvyi_result *const r = &w->graph->results[in[s]];

        cvyi_set_int(&call->attrs, s == 0 ? "axis" : "other",
                     new_place(r->arrangement.moved, r->type.rank,
                               summed[s == 0 ? first : 1 - first]));
        call->in[s] = in[s];
    }
}

/* Inputs of any order give a result that lies as it is wanted, or else as it
 * may; one with more shared axes than the batch gets the source's order. */
static cvy_status sums(work *w, int *at)
{
    const cvyi_call *const call = &w->graph->calls[*at];
    const int64_t summed[] = { cvyi_attr_int(&call->attrs, "axis"),
                               cvyi_attr_int(&call->attrs, "other") };
    const int rank = w->graph->results[call->out[0]].type.rank;
    const cvyi_moved wanted = cvyi_order_wanted(w->plan, call->out[0]);
    const cvyi_moved tried[] = { wanted, CVYI_MOVED_NOT };
    int order[CVYI_MAX_DIMS];

    for (int i = 0; i < 4 && cvyi_attr_int(&call->attrs, "shared") == 1; i++) {
        produced(order, w, call, summed, i % 2);
        if (!lies(order, rank, tried[i / 2]))
            continue;
        turn_sums(w, *at, summed, i % 2);
        return deliver(w, at, 0, tried[i / 2]);
    }
    return fixed_order(w, at);
}

static cvy_status rewrite(work *w, int *at)
{
    const cvyi_op *const op = w->graph->calls[*at].attrs.op;
    const cvyi_mover mover =
        cvyi_order_mover(w->plan, w->graph, &w->graph->calls[*at]);

    if (op->features == CVYI_FEATURES_COLLAPSE)
        CVYI_TRY(collapse(w, at));
    else if (op->order == CVYI_ORDER_CHANNEL)
        CVYI_TRY(with_channels(w, at));
    else if (mover == CVYI_MOVER_GONE)
        CVYI_TRY(mover_gone(w, at));
    else if (mover == CVYI_MOVER_NEW)
        CVYI_TRY(mover_new(w, at));
    else if (op->order == CVYI_ORDER_ANY)
        CVYI_TRY(any_order(w, at));
    else if (op->order == CVYI_ORDER_SUMS)
        CVYI_TRY(sums(w, at));
    else if (cvyi_order_carries(w->plan, w->graph, &w->graph->calls[*at]))
        CVYI_TRY(carry(w, at));
    else
        CVYI_TRY(fixed_order(w, at));
    return cvyi_order_features(w->graph, w->plan, *at, w->err);
}

static void move_inputs(cvyi_graph *graph, const cvyi_order_plan *plan)
{
    for (int i = 0; i < graph->n_inputs; i++) {
        cvyi_result *const r = &graph->results[graph->inputs[i]];

        r->arrangement.moved = cvyi_order_wanted(plan, graph->inputs[i]);
        if (r->arrangement.moved != CVYI_MOVED_NOT)
            r->type = moved_type(plan, &r->type);
    }
}

cvy_status cvyi_pass_order(cvyi_graph *graph, const cvyi_target *target,
                           cvyi_findings *findings, cvy_error *err)
{
    cvyi_order_plan plan;
    cvy_status status;

    CVYI_TRY(cvyi_order_decide(&plan, graph, target->axes, err));

    work w = { graph, findings, &plan, err };

    move_inputs(graph, &plan);
    status = CVY_OK;
    for (int at = 0; status == CVY_OK && at < graph->n_calls; at++)
        status = rewrite(&w, &at);
    cvyi_order_plan_close(&plan);
    return status == CVY_OK ? cvyi_graph_infer(graph, err) : status;
}
