/*
 * write/reading_order.c - the order in which a person reads a network.
 *
 * Depth first from the outputs: what feeds a join is read branch by branch,
 * not interleaved by depth as files store it.
 */
#include "write/torch.h"

#include <string.h>

typedef struct walk {
    const cvyi_graph *graph;
    int *order, n;
    int *stack, *next_input; /* calls under way, and which input is next */
    bool *seen;
} walk;

static void visit(walk *w, int result)
{
    int depth = 0;
    const int first = w->graph->results[result].call;

    if (first < 0 || w->seen[first])
        return;
    w->seen[first] = true;
    w->stack[depth] = first;
    w->next_input[depth++] = 0;
    while (depth > 0) {
        const int call = w->stack[depth - 1];
        const int k = w->next_input[depth - 1]++;

        if (k == w->graph->calls[call].n_in) {
            w->order[w->n++] = call;
            depth--;
            continue;
        }

        const int maker = w->graph->results[w->graph->calls[call].in[k]].call;

        if (maker >= 0 && !w->seen[maker]) {
            w->seen[maker] = true;
            w->stack[depth] = maker;
            w->next_input[depth++] = 0;
        }
    }
}

cvy_status cvyi_reading_order(int *order, const cvyi_graph *graph,
                              cvy_error *err)
{
    const size_t n = (size_t)graph->n_calls;
    int *const stacks = cvyi_alloc(2 * n, sizeof *stacks);
    int *const leaves = cvyi_alloc((size_t)graph->n_results, sizeof *leaves);
    bool *const seen = cvyi_alloc(n, sizeof *seen);
    walk w = { graph, order, 0, stacks, stacks + n, seen };

    if (stacks != NULL && leaves != NULL && seen != NULL) {
        const int n_leaves =
            cvyi_tree_leaves(&graph->output_tree, leaves, graph->n_results);

        for (int i = 0; i < n_leaves; i++)
            visit(&w, leaves[i]);
        /* What no output needs stays where it was. */
        for (int i = 0; i < graph->n_calls; i++)
            if (!seen[i])
                visit(&w, graph->calls[i].out[0]);
    }
    cvyi_free(stacks);
    cvyi_free(leaves);
    cvyi_free(seen);
    return w.n == graph->n_calls ? CVY_OK : cvyi_no_memory(err);
}
