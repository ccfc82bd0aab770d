/* pass/order_plan.c - deciding which results are moved. */
#include "pass/order.h"

#include <string.h>

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

bool cvyi_order_any(const cvyi_graph *graph, const cvyi_call *call)
{
    const cvyi_op *const op = call->attrs.op;
    const int rank = graph->results[call->in[0]].type.rank;

    if (op->order != CVYI_ORDER_ANY)
        return false;
    for (int a = 0; op->attrs[a].name != NULL; a++)
        if (op->attrs[a].kind == CVYI_ATTR_PLACE && rank > 1 &&
            call->attrs.at[a].ints[0] == rank)
            return false;
    return true;
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

    const int weight = call->axes == CVYI_AXES_LAST ? strong : -strong;

    for (int k = 0; k < call->n_in; k++)
        vote(plan, graph, call->in[k], weight);
    for (int k = 0; k < call->n_out; k++)
        vote(plan, graph, call->out[k], weight);
}

static int uses_of_param(const cvyi_graph *graph, int param)
{
    int n = 0;

    for (int i = 0; i < graph->n_calls; i++)
        for (int s = 0; s < CVYI_MAX_SLOTS; s++)
            n += graph->calls[i].params[s] == param;
    return n;
}

/* Would this call take a permuted order of features in good part? Whether the
 * users of its own result would is known already. */
static bool accepts(const cvyi_order_plan *plan, const cvyi_graph *graph,
                    const cvyi_call *call)
{
    switch (call->attrs.op->features) {
    case CVYI_FEATURES_CONTRACT:
        return cvyi_attr_int(&call->attrs, "axis") == 1 &&
               uses_of_param(graph, call->params[0]) == 1;
    case CVYI_FEATURES_KEEP:
        for (int s = 0; s < CVYI_MAX_SLOTS; s++)
            if (call->params[s] >= 0 &&
                uses_of_param(graph, call->params[s]) != 1)
                return false;
        return call->n_in == 1 && plan->absorbed[call->out[0]];
    case CVYI_FEATURES_JOIN:
        /* Along the batch, all samples would need one order. */
        return cvyi_attr_int(&call->attrs, "axis") == 1 &&
               plan->absorbed[call->out[0]];
    case CVYI_FEATURES_COLLAPSE:
        return plan->absorbed[call->out[0]];
    default:
        return false;
    }
}

/* A value of rank 2 is absorbed if it has users and each of them accepts. */
static void find_absorbed(cvyi_order_plan *plan, const cvyi_graph *graph)
{
    bool *const refused = plan->absorbed + plan->n;
    bool *const used = refused + plan->n;

    for (int i = graph->n_calls - 1; i >= 0; i--) {
        const cvyi_call *const call = &graph->calls[i];

        for (int k = 0; k < call->n_out; k++) {
            const int r = call->out[k];

            plan->absorbed[r] = used[r] && !refused[r] &&
                                graph->results[r].type.rank == 2 &&
                                !cvyi_graph_is_output(graph, r);
        }
        for (int k = 0; k < call->n_in; k++) {
            used[call->in[k]] = true;
            if (!accepts(plan, graph, call))
                refused[call->in[k]] = true;
        }
    }
}

cvy_status cvyi_order_decide(cvyi_order_plan *out, const cvyi_graph *graph,
                             cvy_error *err)
{
    cvyi_order_plan plan = { .n = graph->n_results };
    const size_t n = (size_t)plan.n;

    plan.root = cvyi_alloc(n, sizeof *plan.root);
    plan.balance = cvyi_alloc(n, sizeof *plan.balance);
    plan.absorbed = cvyi_alloc(3 * n, sizeof *plan.absorbed);
    if (plan.root == NULL || plan.balance == NULL || plan.absorbed == NULL) {
        cvyi_order_plan_close(&plan);
        return cvyi_no_memory(err);
    }
    for (int r = 0; r < plan.n; r++)
        plan.root[r] = r;
    for (int i = 0; i < graph->n_calls; i++)
        if (cvyi_order_any(graph, &graph->calls[i]))
            connect(&plan, graph, &graph->calls[i]);
    for (int i = 0; i < graph->n_calls; i++)
        connect_twins(&plan, graph, i);
    for (int i = 0; i < graph->n_calls; i++)
        collect(&plan, graph, &graph->calls[i]);
    find_absorbed(&plan, graph);
    *out = plan;
    return CVY_OK;
}

void cvyi_order_plan_close(cvyi_order_plan *plan)
{
    cvyi_free(plan->root);
    cvyi_free(plan->balance);
    cvyi_free(plan->absorbed);
    *plan = (cvyi_order_plan){ 0 };
}

bool cvyi_order_wants_moved(const cvyi_order_plan *plan, int result)
{
    return plan->balance[root_of(plan, result)] > 0;
}

static bool is_one(cvyi_size size)
{
    int64_t value;

    return cvyi_size_constant(&value, size) && value == 1;
}

bool cvyi_order_moves_nothing(const cvyi_type *type, bool moved)
{
    const int channels = moved ? 1 : type->rank - 1;
    bool spatial = true;

    if (type->rank < 3 || is_one(type->dims[channels]))
        return true;
    for (int i = 1; i < type->rank; i++)
        if (i != channels && !is_one(type->dims[i]))
            spatial = false;
    return spatial;
}
