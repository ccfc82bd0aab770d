/* read/keras_part.c - what could be read of a refused model, as a graph. */
#include "read/keras.h"

cvy_status cvyi_keras_mark(cvyi_keras_marks *marks, cvyi_keras *k, int result,
                           cvy_error *err)
{
    int *const all = cvyi_arena_grow(k->arena, marks->results, marks->n,
                                     &marks->capacity, sizeof *all);

    if (all == NULL)
        return cvyi_no_memory(err);
    marks->results = all;
    all[marks->n++] = result;
    return CVY_OK;
}

/* The results whose mark is set, as a list. */
static cvy_status list_marked(cvyi_tree *out, cvyi_graph *graph,
                              const bool *marks, cvy_error *err)
{
    cvyi_tree *const items = cvyi_arena_alloc(
        &graph->arena, (size_t)graph->n_results, sizeof *items);
    int n = 0;

    if (items == NULL)
        return cvyi_no_memory(err);
    for (int r = 0; r < graph->n_results; r++)
        if (marks[r])
            items[n++] = (cvyi_tree){ .kind = CVYI_TREE_SINGLE, .result = r };
    *out = (cvyi_tree){ .kind = CVYI_TREE_LIST, .n = n, .items = items };
    return CVY_OK;
}

static void set(bool *marks, const cvyi_keras_marks *from)
{
    for (int i = 0; i < from->n; i++)
        marks[from->results[i]] = true;
}

/* Results beside a gap. A layer that was refused halfway leaves results that
 * are no layer's. */
static void set_rim(bool *marks, const bool *used, const bool *kept,
                    const cvyi_keras *k)
{
    for (int r = 0; r < k->graph->n_results; r++)
        marks[r] = !kept[r] && !used[r];
    set(marks, &k->rim);
}

static void set_used(bool *marks, const cvyi_graph *graph)
{
    for (int i = 0; i < graph->n_calls; i++)
        for (int j = 0; j < graph->calls[i].n_in; j++)
            marks[graph->calls[i].in[j]] = true;
}

/* With gaps nothing is a plain row of layers. */
static void unchain(cvyi_graph *graph)
{
    for (int i = 0; i < graph->n_modules; i++)
        if (graph->modules[i].kind == CVYI_MODULE_SEQUENTIAL)
            graph->modules[i].kind = CVYI_MODULE_MODEL;
}

cvy_status cvyi_keras_part(cvyi_keras *k, cvy_error *err)
{
    cvyi_graph *const graph = k->graph;
    const size_t n = (size_t)graph->n_results;
    bool *marks, *inputs, *kept, *used;

    if (graph->n_calls == 0) {
        cvyi_graph_close(graph);
        k->graph = NULL;
        return CVY_OK;
    }
    marks = cvyi_arena_alloc(k->arena, n, sizeof *marks);
    inputs = cvyi_arena_alloc(k->arena, n, sizeof *inputs);
    kept = cvyi_arena_alloc(k->arena, n, sizeof *kept);
    used = cvyi_arena_alloc(k->arena, n, sizeof *used);
    if (marks == NULL || inputs == NULL || kept == NULL || used == NULL)
        return cvyi_no_memory(err);
    set(kept, &k->kept);
    set_used(used, graph);
    set_rim(marks, used, kept, k);
    for (int i = 0; i < graph->n_inputs; i++)
        inputs[graph->inputs[i]] = true;
    unchain(graph);
    CVYI_TRY(list_marked(&graph->input_tree, graph, inputs, err));
    return list_marked(&graph->output_tree, graph, marks, err);
}
