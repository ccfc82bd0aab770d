/* verb/show_count.c - the lines of a table and their numbers. */
#include "verb/show.h"

/* The layer's own class; what a pass has made bears its operator's name. */
static void name_row(cvyi_show_row *row, const cvyi_graph *graph,
                     const cvyi_call *call)
{
    const bool placed = call->module >= 0 && call->module < graph->n_modules;

    row->name = cvyi_call_layer(graph, call);
    row->class_name = placed ? graph->modules[call->module].class_name : NULL;
    if (row->class_name == NULL)
        row->class_name = call->attrs.op->name;
    row->op = call->attrs.op->name;
}

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

/* Parameters of the call that no earlier call had. */
static void count_params(cvyi_show_row *row, bool *seen,
                         const cvyi_graph *graph, const cvyi_call *call)
{
    for (int s = 0; s < CVYI_MAX_SLOTS; s++) {
        const int p = call->params[s];
        int64_t n;

        if (p < 0)
            continue;
        row->shared |= seen[p];
        if (seen[p])
            continue;
        seen[p] = true;
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

/* The row of the call's layer: a new one if this is its first call. */
static cvyi_show_row *row_of(cvy_show *show, int *row_of_module,
                             const cvyi_call *call)
{
    cvyi_show_row *row = &show->rows[show->n_rows];

    if (call->module >= 0 && row_of_module[call->module] >= 0)
        return &show->rows[row_of_module[call->module]];
    if (call->module >= 0)
        row_of_module[call->module] = show->n_rows;
    show->n_rows++;
    name_row(row, show->graph, call);
    row->adds.known = true;
    return row;
}

static cvy_status count_calls(cvy_show *show, int *row_of_module, bool *seen,
                              cvy_error *err)
{
    const cvyi_graph *const graph = show->graph;

    for (int m = 0; m < graph->n_modules; m++)
        row_of_module[m] = -1;
    for (int i = 0; i < graph->n_calls; i++) {
        const cvyi_call *const call = &graph->calls[i];
        cvyi_show_row *const row = row_of(show, row_of_module, call);

        row->result = call->out[0];
        count_params(row, seen, graph, call);
        CVYI_TRY(count_adds(row, show, call, err));
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

cvy_status cvyi_show_count(cvy_show *show, cvy_error *err)
{
    const cvyi_graph *const graph = show->graph;
    const size_t most = (size_t)graph->n_calls + (size_t)graph->n_inputs;
    cvyi_arena arena = { 0 };
    int *const row_of_module = cvyi_arena_alloc(
        &arena, (size_t)graph->n_modules, sizeof *row_of_module);
    bool *const seen =
        cvyi_arena_alloc(&arena, (size_t)graph->n_params, sizeof *seen);
    cvy_status status;

    show->rows = cvyi_arena_alloc(&show->arena, most, sizeof *show->rows);
    if (show->rows == NULL || row_of_module == NULL || seen == NULL) {
        status = cvyi_no_memory(err);
    } else {
        count_inputs(show);
        status = count_calls(show, row_of_module, seen, err);
        total(show);
    }
    cvyi_arena_close(&arena);
    return status;
}
