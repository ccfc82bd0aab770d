/* graph/edit.c - what passes do to a graph. */
#include "graph/graph.h"

#include "graph/keep.h"
#include "graph/rules.h"

#include <string.h>

/* Opens a gap in the calls; results follow their calls. */
static void move_up(cvyi_graph *graph, int from)
{
    memmove(&graph->calls[from + 1], &graph->calls[from],
            (size_t)(graph->n_calls - from) * sizeof *graph->calls);
    for (int i = 0; i < graph->n_results; i++)
        if (graph->results[i].call >= from)
            graph->results[i].call++;
    graph->n_calls++;
}

static cvy_status infer_one(cvyi_inferred *out, const cvyi_graph *graph,
                            const cvyi_call *call, int index, cvy_error *err)
{
    CVYI_TRY(cvyi_call_wired(graph, call, index, err));
    CVYI_TRY(cvyi_graph_infer_call(out, graph, call, err));
    if (out->n_out != 1)
        return cvyi_fail(err, CVY_ARGUMENT, "%s has %d outputs, not one",
                         call->attrs.op->name, out->n_out);
    return CVY_OK;
}

cvy_status cvyi_graph_insert_call(cvyi_graph *graph, int before,
                                  const cvyi_attrs *attrs, cvyi_axes axes,
                                  const int *in, int n_in, cvy_error *err)
{
    cvyi_call call = {
        .attrs = *attrs, .n_in = n_in, .axes = axes, .module = -1, .origin = -1
    };
    cvyi_inferred inferred = { 0 };
    cvyi_call *calls;

    if (before < 0 || before > graph->n_calls)
        return cvyi_fail(err, CVY_ARGUMENT, "there is no call %d", before);
    for (int i = 0; i < CVYI_MAX_SLOTS; i++)
        call.params[i] = -1;
    if (!cvyi_keep_attrs(&call.attrs, &graph->arena, &graph->sizes) ||
        !cvyi_keep_array(&call.in, in, n_in, sizeof *in, &graph->arena))
        return cvyi_no_memory(err);
    CVYI_TRY(infer_one(&inferred, graph, &call, before, err));
    calls = cvyi_arena_grow(&graph->arena, graph->calls, graph->n_calls,
                            &graph->calls_capacity, sizeof *calls);
    if (calls == NULL)
        return cvyi_no_memory(err);
    graph->calls = calls;
    CVYI_TRY(cvyi_graph_add_results(&call, graph, -1, &inferred, err));
    move_up(graph, before);
    graph->results[call.out[0]].call = before;
    graph->calls[before] = call;
    return CVY_OK;
}

/* Trees of a graph are memory of its arena, shown as const to everybody
 * else. */
static void replace_leaves(cvyi_tree *tree, int old, int new_result)
{
    if (tree->kind == CVYI_TREE_SINGLE && tree->result == old)
        tree->result = new_result;
    for (int i = 0; tree->kind != CVYI_TREE_SINGLE && i < tree->n; i++)
        replace_leaves((cvyi_tree *)&tree->items[i], old, new_result);
}

void cvyi_graph_replace(cvyi_graph *graph, int old, int new_result, int from,
                        bool outputs)
{
    for (int i = from; i < graph->n_calls; i++)
        for (int k = 0; k < graph->calls[i].n_in; k++)
            if (graph->calls[i].in[k] == old)
                graph->calls[i].in[k] = new_result;
    if (outputs)
        replace_leaves(&graph->output_tree, old, new_result);
}
