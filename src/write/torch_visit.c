/* write/torch_visit.c - what happens in one visit: items, inputs, outputs. */
#include "write/torch.h"

/* ---- items ---- */

/* The visit of a unit, right inside `outer`, in which the visit `v` of a unit
 * happens; `outer` itself; -1 if it happens elsewhere. */
static int step_inside(const cvyi_torch_writer *w, int v, int outer)
{
    while (v > outer && w->visits[v].around != outer)
        v = w->visits[v].around;
    return v >= outer ? v : -1;
}

static cvy_status add_item(cvyi_torch_writer *w, int visit, int call, int v)
{
    cvyi_torch_visit *const to = &w->visits[visit];
    cvyi_torch_item *const items = cvyi_arena_grow(
        &w->arena, to->items, to->n_items, &to->items_capacity, sizeof *items);
    cvyi_torch_item item = { .call = call, .visit = v, .member = -1 };

    if (items == NULL)
        return cvyi_no_memory(w->err);
    if (call >= 0) {
        item.in = w->graph->calls[call].in;
        item.n_in = w->graph->calls[call].n_in;
        item.out = w->graph->calls[call].out;
        item.n_out = w->graph->calls[call].n_out;
    } else {
        item.in = w->visits[v].in;
        item.n_in = w->visits[v].n_in;
        item.out = w->visits[v].out;
        item.n_out = w->visits[v].n_out;
    }
    to->items = items;
    items[to->n_items++] = item;
    return CVY_OK;
}

static bool has_visit(const cvyi_torch_visit *in, int visit)
{
    for (int k = 0; k < in->n_items; k++)
        if (in->items[k].visit == visit)
            return true;
    return false;
}

static cvy_status add_items(cvyi_torch_writer *w, int visit)
{
    for (int i = 0; i < w->graph->n_calls; i++) {
        const int scope = cvyi_torch_scope_of(w, &w->graph->calls[i]);
        const int inside = step_inside(w, scope, visit);

        if (inside == visit)
            CVYI_TRY(add_item(w, visit, i, -1));
        else if (inside > visit && !has_visit(&w->visits[visit], inside))
            CVYI_TRY(add_item(w, visit, -1, inside));
    }
    return CVY_OK;
}

void cvyi_torch_makers(int *maker, const cvyi_torch_writer *w,
                       const cvyi_torch_visit *visit)
{
    for (int r = 0; r < w->graph->n_results; r++)
        maker[r] = -1;
    for (int k = 0; k < visit->n_items; k++)
        for (int i = 0; i < visit->items[k].n_out; i++)
            maker[visit->items[k].out[i]] = k;
}

/* Items that wait for each other: a visit among them cannot be one step. */
static cvy_status break_circles(bool *again, cvyi_torch_writer *w, int visit)
{
    const cvyi_torch_visit *const v = &w->visits[visit];
    bool *const done = cvyi_alloc((size_t)v->n_items + 1, sizeof *done);
    bool more = true;

    if (done == NULL)
        return cvyi_no_memory(w->err);
    while (more) {
        more = false;
        for (int k = 0; k < v->n_items; k++) {
            bool ready = !done[k];

            for (int i = 0; ready && i < v->items[k].n_in; i++) {
                const int maker = w->maker[v->items[k].in[i]];

                ready = maker < 0 || done[maker];
            }
            done[k] = done[k] || ready;
            more = more || ready;
        }
    }
    for (int k = 0; !*again && k < v->n_items; k++)
        if (!done[k] && v->items[k].visit >= 0) {
            w->dissolved[w->graph->visits[v->items[k].visit].module] = true;
            *again = true;
        }
    cvyi_free(done);
    return CVY_OK;
}

/* ---- what crosses the border ---- */

/* The place among the results that the source declares; what stands between
 * such a result and the border counts for it. */
static int rank(const cvyi_torch_writer *w, int result, const int *declared,
                int n)
{
    const cvyi_graph *const graph = w->graph;

    while (graph->results[result].origin < 0 &&
           graph->results[result].call >= 0)
        result = graph->calls[graph->results[result].call].in[0];
    for (int i = 0; i < n; i++)
        if (declared[i] == graph->results[result].origin)
            return i;
    return n;
}

void cvyi_torch_sort(const cvyi_torch_writer *w, int *results, int n,
                     const int *declared, int n_declared)
{
    for (int i = 1; i < n; i++) {
        const int result = results[i];
        const int at = rank(w, result, declared, n_declared);
        int k = i;

        for (; k > 0 && rank(w, results[k - 1], declared, n_declared) > at;
             k--)
            results[k] = results[k - 1];
        results[k] = result;
    }
}

static cvy_status add_result(int **results, int *n, int *capacity,
                             cvyi_torch_writer *w, int result)
{
    int *grown;

    for (int i = 0; i < *n; i++)
        if ((*results)[i] == result)
            return CVY_OK;
    grown = cvyi_arena_grow(&w->arena, *results, *n, capacity, sizeof *grown);
    if (grown == NULL)
        return cvyi_no_memory(w->err);
    *results = grown;
    grown[(*n)++] = result;
    return CVY_OK;
}

static cvy_status add_inputs(cvyi_torch_writer *w, int visit)
{
    cvyi_torch_visit *const v = &w->visits[visit];
    const cvyi_visit *const source = &w->graph->visits[visit];

    for (int i = 0; visit == 0 && i < w->graph->n_inputs; i++)
        CVYI_TRY(add_result(&v->in, &v->n_in, &v->in_capacity, w,
                            w->graph->inputs[i]));
    for (int k = 0; visit > 0 && k < v->n_items; k++)
        for (int i = 0; i < v->items[k].n_in; i++)
            if (w->maker[v->items[k].in[i]] < 0)
                CVYI_TRY(add_result(&v->in, &v->n_in, &v->in_capacity, w,
                                    v->items[k].in[i]));
    if (visit > 0)
        cvyi_torch_sort(w, v->in, v->n_in, source->in, source->n_in);
    return CVY_OK;
}

/* Marks results that something outside of the visit reads. */
static void mark_read(int *read, const cvyi_torch_writer *w, int visit)
{
    const cvyi_graph *const graph = w->graph;

    for (int r = 0; r < graph->n_results; r++)
        read[r] = cvyi_graph_is_output(graph, r);
    for (int i = 0; i < graph->n_calls; i++) {
        const cvyi_call *const call = &graph->calls[i];

        if (step_inside(w, cvyi_torch_scope_of(w, call), visit) >= 0)
            continue;
        for (int k = 0; k < call->n_in; k++)
            read[call->in[k]] = true;
    }
}

/* Declared by the source, and nothing reads it: it is still given. */
static bool is_spare(const cvyi_torch_writer *w, int visit, int result)
{
    const cvyi_visit *const source = &w->graph->visits[visit];

    return rank(w, result, source->out, source->n_out) < source->n_out &&
           cvyi_graph_users(w->graph, result, NULL, 0) == 0;
}

static cvy_status add_outputs(cvyi_torch_writer *w, int visit)
{
    cvyi_torch_visit *const v = &w->visits[visit];
    const cvyi_visit *const source = &w->graph->visits[visit];

    if (visit == 0) {
        const int n = cvyi_tree_leaves(&w->graph->output_tree, NULL, 0);

        v->out = cvyi_arena_alloc(&w->arena, (size_t)n, sizeof *v->out);
        if (v->out == NULL)
            return cvyi_no_memory(w->err);
        v->n_out = cvyi_tree_leaves(&w->graph->output_tree, v->out, n);
        return CVY_OK;
    }
    mark_read(w->other, w, visit);
    for (int k = 0; k < v->n_items; k++)
        for (int i = 0; i < v->items[k].n_out; i++) {
            const int r = v->items[k].out[i];

            if (w->other[r] || is_spare(w, visit, r))
                CVYI_TRY(
                    add_result(&v->out, &v->n_out, &v->out_capacity, w, r));
        }
    cvyi_torch_sort(w, v->out, v->n_out, source->out, source->n_out);
    return CVY_OK;
}

/* ---- order ---- */

/* What the source declares comes first, also where this visit does not give
 * it: all visits of a module are to be read in one order. */
static cvy_status find_roots(int **roots, int *n, cvyi_torch_writer *w,
                             int visit)
{
    const cvyi_torch_visit *const v = &w->visits[visit];
    const cvyi_visit *const source = &w->graph->visits[visit];
    int capacity = 0;

    for (int k = 0; k < v->n_items; k++)
        for (int i = 0; i < v->items[k].n_out; i++)
            if (rank(w, v->items[k].out[i], source->out, source->n_out) <
                source->n_out)
                CVYI_TRY(
                    add_result(roots, n, &capacity, w, v->items[k].out[i]));
    cvyi_torch_sort(w, *roots, *n, source->out, source->n_out);
    for (int i = 0; i < v->n_out; i++)
        CVYI_TRY(add_result(roots, n, &capacity, w, v->out[i]));
    return CVY_OK;
}

static cvy_status order_items(cvyi_torch_writer *w, int visit)
{
    cvyi_torch_visit *const v = &w->visits[visit];
    const size_t n = (size_t)v->n_items;
    int *const groups = cvyi_arena_alloc(&w->arena, n + 1, sizeof *groups);
    int *const order = cvyi_arena_alloc(&w->arena, n + 1, sizeof *order);
    cvyi_torch_item *const sorted =
        cvyi_arena_alloc(&w->arena, n + 1, sizeof *sorted);
    cvyi_reading reading = { v->n_items, v->items, groups, w->maker, 0, NULL };
    int *roots = NULL;

    if (groups == NULL || order == NULL || sorted == NULL)
        return cvyi_no_memory(w->err);
    for (size_t k = 0; k < n; k++)
        groups[k] = v->items[k].call >= 0
                        ? w->graph->calls[v->items[k].call].module
                        : w->graph->n_modules + v->items[k].visit;
    CVYI_TRY(find_roots(&roots, &reading.n_roots, w, visit));
    reading.roots = roots;
    CVYI_TRY(cvyi_reading_order(order, &reading, w->err));
    for (size_t k = 0; k < n; k++)
        sorted[k] = v->items[order[k]];
    v->items = sorted;
    return CVY_OK;
}

cvy_status cvyi_torch_fill_visit(bool *again, cvyi_torch_writer *w, int visit)
{
    *again = false;
    CVYI_TRY(add_items(w, visit));
    cvyi_torch_makers(w->maker, w, &w->visits[visit]);
    CVYI_TRY(break_circles(again, w, visit));
    if (*again)
        return CVY_OK;
    CVYI_TRY(add_outputs(w, visit));
    CVYI_TRY(order_items(w, visit));
    return add_inputs(w, visit);
}
