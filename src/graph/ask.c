/* graph/ask.c - questions about a graph. */
#include "graph/graph.h"

#include <string.h>

void cvyi_moved_axes(cvyi_moved moved, int rank, int *perm)
{
    if (moved == CVYI_MOVED_FIRST)
        cvyi_axes_last_to_first(rank, perm);
    else if (moved == CVYI_MOVED_LAST)
        cvyi_axes_first_to_last(rank, perm);
    else
        for (int i = 0; i < rank; i++)
            perm[i] = i;
}

void cvyi_moved_back(cvyi_moved moved, int rank, int *perm)
{
    static const cvyi_moved back[] = {
        [CVYI_MOVED_NOT] = CVYI_MOVED_NOT,
        [CVYI_MOVED_FIRST] = CVYI_MOVED_LAST,
        [CVYI_MOVED_LAST] = CVYI_MOVED_FIRST,
    };

    cvyi_moved_axes(back[moved], rank, perm);
}

int cvyi_graph_users(const cvyi_graph *graph, int result, int *calls,
                     int capacity)
{
    int n = 0;

    for (int i = 0; i < graph->n_calls; i++) {
        const cvyi_call *const call = &graph->calls[i];
        bool reads = false;

        for (int k = 0; k < call->n_in; k++)
            reads = reads || call->in[k] == result;
        if (reads && n < capacity)
            calls[n] = i;
        n += reads;
    }
    return n;
}

int cvyi_tree_leaves(const cvyi_tree *tree, int *results, int capacity)
{
    int n = 0;

    if (tree->kind == CVYI_TREE_SINGLE) {
        if (capacity > 0)
            results[0] = tree->result;
        return 1;
    }
    for (int i = 0; i < tree->n; i++) {
        const int room = n < capacity ? capacity - n : 0;

        n += cvyi_tree_leaves(&tree->items[i], room > 0 ? results + n : NULL,
                              room);
    }
    return n;
}

static bool has_leaf(const cvyi_tree *tree, int result)
{
    if (tree->kind == CVYI_TREE_SINGLE)
        return tree->result == result;
    for (int i = 0; i < tree->n; i++)
        if (has_leaf(&tree->items[i], result))
            return true;
    return false;
}

bool cvyi_graph_is_output(const cvyi_graph *graph, int result)
{
    return has_leaf(&graph->output_tree, result);
}

int cvyi_module_home(const cvyi_graph *graph, int module)
{
    while (module > 0 && (graph->modules[module].kind == CVYI_MODULE_LAYER ||
                          graph->modules[module].kind == CVYI_MODULE_LIST))
        module = graph->modules[module].parent;
    return module;
}

void cvyi_module_path(cvyi_text *out, const cvyi_graph *graph, int module)
{
    if (module <= 0)
        return;

    const size_t before = out->size;

    cvyi_module_path(out, graph, graph->modules[module].parent);
    cvyi_text_put(out, out->size > before ? "." : "");
    cvyi_text_put(out, graph->modules[module].name);
}

static bool same_label(const char *a, const char *b)
{
    return a == NULL || b == NULL ? a == b : strcmp(a, b) == 0;
}

int cvyi_graph_twin(const cvyi_graph *graph, int call, int from)
{
    const cvyi_call *const c = &graph->calls[call];

    for (int i = from; i < graph->n_calls; i++)
        if (i != call && graph->calls[i].module == c->module &&
            same_label(graph->calls[i].label, c->label))
            return i;
    return -1;
}

const char *cvyi_call_layer(const cvyi_graph *graph, const cvyi_call *call)
{
    if (call->module < 0 || call->module >= graph->n_modules)
        return "";
    return graph->modules[call->module].name;
}

bool cvyi_module_frozen(const cvyi_graph *graph, int module)
{
    for (; module >= 0; module = graph->modules[module].parent)
        if (graph->modules[module].frozen)
            return true;
    return false;
}

/* Is the parameter used, and by frozen modules alone? */
static bool held(const cvyi_graph *graph, int param)
{
    bool used = false;

    for (int i = 0; i < graph->n_calls; i++)
        for (int k = 0; k < CVYI_MAX_SLOTS; k++) {
            if (graph->calls[i].params[k] != param)
                continue;
            if (!cvyi_module_frozen(graph, graph->calls[i].module))
                return false;
            used = true;
        }
    return used;
}

void cvyi_graph_parameters(const cvyi_graph *graph, int64_t *all,
                           int64_t *trainable)
{
    *all = *trainable = 0;
    for (int i = 0; i < graph->n_params; i++) {
        const cvyi_param *const param = &graph->params[i];
        const int64_t n = cvy_view_count(&param->stored);

        if (!cvyi_add64(all, *all, n))
            *all = INT64_MAX;
        if (param->trainable && !held(graph, i) &&
            !cvyi_add64(trainable, *trainable, n))
            *trainable = INT64_MAX;
    }
}
