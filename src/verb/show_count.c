/*
 * verb/show_count.c - the lines of a table and their numbers.
 *
 * The lines follow the outline: a model inside the model stands before its
 * layers, and what it holds is counted in their lines. Parameters are counted
 * once, multiply-adds at every call.
 */
#include "verb/show.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

/* What is gathered over the calls, for each module of the outline. */
typedef struct tally {
    int module, parent;
    int first; /* call of it or of what it holds; INT_MAX: none */
    int last;  /* call of its own, or -1 */
    int n;     /* times that it computes */
    int row;   /* its line, or -1 */
} tally;

static bool is_trainable(const cvyi_graph *graph, const cvyi_call *call,
                         const cvyi_param *param)
{
    if (!param->trainable)
        return false;
    for (int m = call->module; m >= 0; m = graph->modules[m].parent)
        if (graph->modules[m].frozen)
            return false;
    return true;
}

/* Parameters of the call that no earlier call had; `rows` has the line that
 * each is counted in. */
static void count_params(cvyi_show_row *row, cvyi_show_row **rows,
                         const cvyi_graph *graph, const cvyi_call *call)
{
    for (int s = 0; s < CVYI_MAX_SLOTS; s++) {
        const int p = call->params[s];
        int64_t n;

        if (p < 0)
            continue;
        row->shared |= rows[p] != NULL && rows[p] != row;
        if (rows[p] != NULL)
            continue;
        rows[p] = row;
        n = cvy_view_count(&graph->params[p].stored);
        row->parameters += n;
        if (is_trainable(graph, call, &graph->params[p]))
            row->trainable += n;
    }
}

static void add(cvyi_show_number *sum, cvyi_show_number n)
{
    sum->known = sum->known && n.known && cvyi_add64(&sum->n, sum->n, n.n);
}

static cvy_status count_adds(cvyi_show_row *row, const cvy_show *show,
                             const cvyi_call *call, cvy_error *err)
{
    cvyi_inferred inferred;

    CVYI_TRY(cvyi_graph_infer_call(&inferred, show->graph, call, err));
    if (inferred.multiply_adds != NULL)
        add(&row->adds, cvyi_show_size(show, inferred.multiply_adds));
    return CVY_OK;
}

/* ---- the lines ---- */

static bool same_label(const char *a, const char *b)
{
    return a == NULL || b == NULL ? a == b : strcmp(a, b) == 0;
}

/* A layer gives its result by the last of its steps, once for each call. */
static void count_times(tally *all, const cvyi_graph *graph)
{
    for (int i = 0; i < graph->n_calls; i++) {
        const cvyi_call *const call = &graph->calls[i];
        tally *const t = &all[call->module];

        t->n += same_label(call->label, graph->calls[t->last].label);
    }
    for (int i = 0; i < graph->n_visits; i++)
        all[graph->visits[i].module].n = 0;
    for (int i = 0; i < graph->n_visits; i++)
        all[graph->visits[i].module].n++;
}

static void gather(tally *all, const cvyi_graph *graph)
{
    for (int m = 0; m < graph->n_modules; m++)
        all[m] = (tally){ m, graph->modules[m].parent, INT_MAX, -1, 0, -1 };
    for (int i = 0; i < graph->n_calls; i++) {
        tally *const t = &all[graph->calls[i].module];

        t->first = t->first < i ? t->first : i;
        t->last = i;
    }
    for (int m = graph->n_modules - 1; m > 0; m--)
        if (all[m].first < all[all[m].parent].first)
            all[all[m].parent].first = all[m].first;
    count_times(all, graph);
    /* A model that hands on what it is given stands before what came next. */
    for (int m = graph->n_modules - 2; m > 0; m--)
        if (all[m].n > 0 && all[m].first == INT_MAX)
            all[m].first = all[m + 1].first;
}

/* Siblings side by side, in the order of their first calls. */
static int by_call(const void *a, const void *b)
{
    const tally *const x = a, *const y = b;

    if (x->parent != y->parent)
        return x->parent < y->parent ? -1 : 1;
    if (x->first != y->first)
        return x->first < y->first ? -1 : 1;
    return x->module < y->module ? -1 : x->module > y->module;
}

static void open_row(cvy_show *show, tally *t, int depth)
{
    const cvyi_graph *const graph = show->graph;
    const cvyi_module *const module = &graph->modules[t->module];
    cvyi_show_row *const row = &show->rows[show->n_rows];

    t->row = show->n_rows++;
    *row = (cvyi_show_row){ .name = module->name,
                            .class_name = module->class_name,
                            .module = t->module,
                            .depth = depth,
                            .calls = t->n,
                            .result = -1,
                            .adds = { true, 0 } };
    if (t->last < 0 || graph->calls[t->first].module != t->module)
        return;
    row->op = graph->calls[t->first].attrs.op->name;
    if (row->class_name == NULL)
        row->class_name = row->op;
}

typedef struct listing {
    cvy_show *show;
    tally *all;          /* by module */
    const tally *sorted; /* by parent */
} listing;

/* The place of a module's first child among the sorted. */
static int first_child(const listing *l, int module)
{
    int low = 0, high = l->show->graph->n_modules;

    while (low < high) {
        const int middle = low + (high - low) / 2;

        if (l->sorted[middle].parent < module)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static bool is_visited(const tally *t)
{
    return t->n > 0 || t->first != INT_MAX;
}

/* An outline is no deeper than a source's text was. */
static void open_children(const listing *l, int module, int depth)
{
    const int n = l->show->graph->n_modules;

    for (int i = first_child(l, module);
         i < n && l->sorted[i].parent == module; i++) {
        tally *const t = &l->all[l->sorted[i].module];

        if (is_visited(t)) {
            open_row(l->show, t, depth);
            open_children(l, t->module, depth + 1);
        }
    }
}

static cvy_status open_rows(cvy_show *show, tally *all, cvyi_arena *arena,
                            cvy_error *err)
{
    const size_t n = (size_t)show->graph->n_modules;
    tally *const sorted = cvyi_arena_alloc(arena, n, sizeof *sorted);
    const listing l = { show, all, sorted };

    if (sorted == NULL)
        return cvyi_no_memory(err);
    gather(all, show->graph);
    memcpy(sorted, all, n * sizeof *sorted);
    qsort(sorted, n, sizeof *sorted, by_call);
    if (all[0].last >= 0)
        open_row(show, &all[0], 0);
    open_children(&l, 0, 0);
    return CVY_OK;
}

/* ---- their numbers ---- */

static cvy_status count_calls(cvy_show *show, const tally *all,
                              cvyi_show_row **rows, cvy_error *err)
{
    const cvyi_graph *const graph = show->graph;

    for (int i = 0; i < graph->n_calls; i++) {
        const cvyi_call *const call = &graph->calls[i];
        cvyi_show_row *const row = &show->rows[all[call->module].row];

        row->result = call->out[0];
        count_params(row, rows, graph, call);
        CVYI_TRY(count_adds(row, show, call, err));
    }
    return CVY_OK;
}

/* What a model gives first; a visit names results of the graph as read. */
static cvy_status show_visits(cvy_show *show, const tally *all,
                              cvyi_arena *arena, cvy_error *err)
{
    const cvyi_graph *const graph = show->graph;
    const int n = show->source.graph->n_results;
    int *const here = cvyi_arena_alloc(arena, (size_t)n, sizeof *here);

    if (here == NULL)
        return cvyi_no_memory(err);
    for (int i = 0; i < n; i++)
        here[i] = show->copy == NULL ? i : -1;
    for (int i = 0; show->copy != NULL && i < graph->n_results; i++)
        if (graph->results[i].origin >= 0)
            here[graph->results[i].origin] = i;
    for (int i = 1; i < graph->n_visits; i++) {
        const cvyi_visit *const visit = &graph->visits[i];
        const int row = all[visit->module].row;

        if (row >= 0 && visit->n_out > 0)
            show->rows[row].result = here[visit->out[0]];
    }
    return CVY_OK;
}

static void count_inputs(cvy_show *show)
{
    const cvyi_graph *const graph = show->graph;

    for (int i = 0; i < graph->n_inputs; i++) {
        const cvyi_result *const r = &graph->results[graph->inputs[i]];

        show->rows[show->n_rows++] =
            (cvyi_show_row){ .name = r->name != NULL ? r->name : "input",
                             .class_name = "input",
                             .module = -1,
                             .result = graph->inputs[i],
                             .adds = { true, 0 } };
    }
}

static void total(cvy_show *show)
{
    show->adds.known = true;
    for (int i = 0; i < show->n_rows; i++)
        add(&show->adds, show->rows[i].adds);
    cvyi_graph_parameters(show->graph, &show->parameters, &show->trainable);
    for (int i = 0; i < show->graph->n_params; i++) {
        const cvy_view *const stored = &show->graph->params[i].stored;

        show->parameter_bytes +=
            cvy_view_count(stored) * (int64_t)cvy_dtype_size(stored->dtype);
    }
}

static cvy_status count(cvy_show *show, cvyi_arena *arena, cvy_error *err)
{
    const cvyi_graph *const graph = show->graph;
    const size_t most = (size_t)graph->n_modules + (size_t)graph->n_inputs;
    tally *const all =
        cvyi_arena_alloc(arena, (size_t)graph->n_modules, sizeof *all);
    cvyi_show_row **const rows =
        cvyi_arena_alloc(arena, (size_t)graph->n_params, sizeof *rows);

    show->rows = cvyi_arena_alloc(&show->arena, most, sizeof *show->rows);
    if (show->rows == NULL || all == NULL || rows == NULL)
        return cvyi_no_memory(err);
    count_inputs(show);
    CVYI_TRY(open_rows(show, all, arena, err));
    CVYI_TRY(count_calls(show, all, rows, err));
    CVYI_TRY(show_visits(show, all, arena, err));
    total(show);
    return CVY_OK;
}

cvy_status cvyi_show_count(cvy_show *show, cvy_error *err)
{
    cvyi_arena arena = { 0 };
    const cvy_status status = count(show, &arena, err);

    cvyi_arena_close(&arena);
    return status;
}
