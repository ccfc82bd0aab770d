/* pass/order_plan.c - deciding which results are moved. */
#include "pass/order.h"

static int root_of(const cvyi_order_plan *plan, int r)
{
    while (plan->root[r] != r) {
        plan->root[r] = plan->root[plan->root[r]];
        r = plan->root[r];
    }
    return r;
}

static void unite(cvyi_order_plan *plan, int a, int b)
{
    a = root_of(plan, a);
    b = root_of(plan, b);
    if (a == b)
        return;
    plan->root[b] = a;
    plan->balance[a] += plan->balance[b];
}

cvyi_mover cvyi_order_mover(const cvyi_order_plan *plan,
                            const cvyi_graph *graph, const cvyi_call *call)
{
    const cvyi_op *const op = call->attrs.op;
    const int rank = graph->results[call->in[0]].type.rank;
    const bool first = plan->axes == CVYI_AXES_FIRST;
    const int fewer =
        call->n_out > 0 ? rank - graph->results[call->out[0]].type.rank : 0;

    if (op->order != CVYI_ORDER_ANY || rank < 2)
        return CVYI_MOVER_STAYS;
    for (int a = 0; op->attrs[a].name != NULL; a++) {
        const cvyi_attr_value *const v = &call->attrs.at[a];

        if (op->attrs[a].kind == CVYI_ATTR_PLACE &&
            v->ints[0] == (first ? rank : 1))
            return CVYI_MOVER_NEW;
        if (op->attrs[a].kind == CVYI_ATTR_MARKS && fewer > 0 &&
            (v->n == 0 || v->ints[first ? rank - 1 : 1] != 0))
            return CVYI_MOVER_GONE;
    }
    return CVYI_MOVER_STAYS;
}

bool cvyi_order_any(const cvyi_order_plan *plan, const cvyi_graph *graph,
                    const cvyi_call *call)
{
    return call->attrs.op->order == CVYI_ORDER_ANY &&
           cvyi_order_mover(plan, graph, call) == CVYI_MOVER_STAYS;
}

bool cvyi_order_carries(const cvyi_order_plan *plan, const cvyi_graph *graph,
                        const cvyi_call *call)
{
    const int sides[] = { call->in[0], call->out[0] };
    cvyi_size movers[2];

    if (call->attrs.op->features != CVYI_FEATURES_RESHAPE ||
        cvyi_attr_bool(&call->attrs, "partial"))
        return false;
    for (int i = 0; i < 2; i++) {
        const cvyi_result *const r = &graph->results[sides[i]];
        const bool moved = r->arrangement.moved != CVYI_MOVED_NOT;
        const bool last = (plan->axes == CVYI_AXES_FIRST) != moved;

        if (r->type.rank < 3)
            return false;
        movers[i] = r->type.dims[last ? r->type.rank - 1 : 1];
    }
    return movers[0] == movers[1];
}

/* Operators that do not care: what they read and make stays together. */
static void connect(cvyi_order_plan *plan, const cvyi_graph *graph,
                    const cvyi_call *call)
{
    const int first = call->in[0];

    if (graph->results[first].type.rank < 3)
        return;
    for (int k = 1; k < call->n_in; k++)
        if (graph->results[call->in[k]].type.rank >= 3)
            unite(plan, first, call->in[k]);
    for (int k = 0; k < call->n_out; k++)
        if (graph->results[call->out[k]].type.rank >= 3)
            unite(plan, first, call->out[k]);
}

/* A layer that is called several times is written once: all its calls see
 * the same order. */
static void connect_twins(cvyi_order_plan *plan, const cvyi_graph *graph,
                          int index)
{
    const cvyi_call *const call = &graph->calls[index];
    const int at = cvyi_graph_twin(graph, index, index + 1);
    const cvyi_call *const twin = at >= 0 ? &graph->calls[at] : NULL;

    for (int k = 0; twin != NULL && k < call->n_in && k < twin->n_in; k++)
        if (graph->results[call->in[k]].type.rank >= 3 &&
            graph->results[twin->in[k]].type.rank >= 3)
            unite(plan, call->in[k], twin->in[k]);
    for (int k = 0; twin != NULL && k < call->n_out && k < twin->n_out; k++)
        if (graph->results[call->out[k]].type.rank >= 3 &&
            graph->results[twin->out[k]].type.rank >= 3)
            unite(plan, call->out[k], twin->out[k]);
}

static void vote(cvyi_order_plan *plan, const cvyi_graph *graph, int r,
                 int weight)
{
    if (graph->results[r].type.rank >= 3)
        plan->balance[root_of(plan, r)] += weight;
}

/* Operators with a channel axis demand strongly. Operators that index axes
 * only prefer the source's order: a value that no convolution touches stays
 * as it was. */
static void collect(cvyi_order_plan *plan, const cvyi_graph *graph,
                    const cvyi_call *call)
{
    const int strong = 2;

    if (call->attrs.op->order != CVYI_ORDER_CHANNEL)
        return;

    const int weight = call->axes == plan->axes ? -strong : strong;

    for (int k = 0; k < call->n_in; k++)
        vote(plan, graph, call->in[k], weight);
    for (int k = 0; k < call->n_out; k++)
        vote(plan, graph, call->out[k], weight);
}

static cvy_status open_plan(cvyi_order_plan *plan, cvy_error *err)
{
    const size_t n = (size_t)plan->n;

    plan->root = cvyi_alloc(n, sizeof *plan->root);
    plan->balance = cvyi_alloc(n, sizeof *plan->balance);
    plan->features = cvyi_alloc(n, sizeof *plan->features);
    plan->back = cvyi_alloc(n, sizeof *plan->back);
    if (plan->root == NULL || plan->balance == NULL ||
        plan->features == NULL || plan->back == NULL)
        return cvyi_no_memory(err);
    for (int r = 0; r < plan->n; r++)
        plan->root[r] = r;
    return CVY_OK;
}

cvy_status cvyi_order_decide(cvyi_order_plan *out, cvyi_graph *graph,
                             cvyi_axes axes, cvy_error *err)
{
    cvyi_order_plan plan = { .axes = axes,
                             .moved = axes == CVYI_AXES_FIRST
                                          ? CVYI_MOVED_FIRST
                                          : CVYI_MOVED_LAST,
                             .n = graph->n_results };
    cvy_status status = open_plan(&plan, err);

    for (int i = 0; status == CVY_OK && i < graph->n_calls; i++)
        if (cvyi_order_any(&plan, graph, &graph->calls[i]) ||
            cvyi_order_carries(&plan, graph, &graph->calls[i]))
            connect(&plan, graph, &graph->calls[i]);
    for (int i = 0; status == CVY_OK && i < graph->n_calls; i++)
        connect_twins(&plan, graph, i);
    for (int i = 0; status == CVY_OK && i < graph->n_calls; i++)
        collect(&plan, graph, &graph->calls[i]);
    if (status == CVY_OK)
        status = cvyi_order_absorb(&plan, graph, err);
    if (status == CVY_OK)
        *out = plan;
    else
        cvyi_order_plan_close(&plan);
    return status;
}

void cvyi_order_plan_close(cvyi_order_plan *plan)
{
    cvyi_free(plan->root);
    cvyi_free(plan->balance);
    cvyi_free(plan->features);
    cvyi_free(plan->back);
    *plan = (cvyi_order_plan){ 0 };
}

cvyi_moved cvyi_order_wanted(const cvyi_order_plan *plan, int result)
{
    return plan->balance[root_of(plan, result)] > 0 ? plan->moved
                                                    : CVYI_MOVED_NOT;
}

static bool is_one(cvyi_size size)
{
    int64_t value;

    return cvyi_size_constant(&value, size) && value == 1;
}

bool cvyi_order_moves_nothing(const cvyi_order_plan *plan,
                              const cvyi_type *type, cvyi_moved moved)
{
    const bool first =
        (moved != CVYI_MOVED_NOT) == (plan->axes == CVYI_AXES_FIRST);
    const int channels = first ? 1 : type->rank - 1;
    bool spatial = true;

    if (type->rank < 3 || is_one(type->dims[channels]))
        return true;
    for (int i = 1; i < type->rank; i++)
        if (i != channels && !is_one(type->dims[i]))
            spatial = false;
    return spatial;
}
