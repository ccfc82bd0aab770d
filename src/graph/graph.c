/* graph/graph.c - making, copying and closing a graph. */
#include "graph/graph.h"

#include "graph/keep.h"
#include "graph/rules.h"

#include <string.h>

cvy_status cvyi_graph_open(cvyi_graph **out, const char *name, cvy_error *err)
{
    cvyi_graph *const graph = cvyi_alloc(1, sizeof *graph);

    if (graph == NULL)
        return cvyi_no_memory(err);
    graph->name = name;
    if (!cvyi_keep_text(&graph->name, &graph->arena)) {
        cvyi_graph_close(graph);
        return cvyi_no_memory(err);
    }
    cvyi_sizes_open(&graph->sizes, &graph->arena);
    *out = graph;
    return CVY_OK;
}

void cvyi_graph_close(cvyi_graph *graph)
{
    if (graph == NULL)
        return;
    cvyi_arena_close(&graph->arena);
    cvyi_free(graph);
}

/* ---- building ---- */

static cvy_status append_visit(cvyi_graph *graph, cvyi_visit visit,
                               cvy_error *err)
{
    cvyi_visit *const visits =
        cvyi_arena_grow(&graph->arena, graph->visits, graph->n_visits,
                        &graph->visits_capacity, sizeof *visits);

    if (visits == NULL)
        return cvyi_no_memory(err);
    graph->visits = visits;
    visits[graph->n_visits++] = visit;
    return CVY_OK;
}

cvy_status cvyi_graph_add_module(int *out, cvyi_graph *graph, int parent,
                                 cvyi_module_kind kind, const char *name,
                                 const char *class_name, cvy_error *err)
{
    cvyi_module module = {
        .kind = kind, .parent = parent, .name = name, .class_name = class_name
    };
    cvyi_module *const modules =
        cvyi_arena_grow(&graph->arena, graph->modules, graph->n_modules,
                        &graph->modules_capacity, sizeof *modules);

    if (modules == NULL)
        return cvyi_no_memory(err);
    graph->modules = modules;
    if (!cvyi_keep_module(&module, &graph->arena))
        return cvyi_no_memory(err);
    modules[graph->n_modules] = module;
    CVYI_TRY(cvyi_module_check(graph, graph->n_modules, err));
    if (graph->n_modules == 0)
        CVYI_TRY(append_visit(graph, (cvyi_visit){ 0, .parent = -1 }, err));
    *out = graph->n_modules++;
    return CVY_OK;
}

cvy_status cvyi_graph_add_visit(int *out, cvyi_graph *graph, int module,
                                int parent, cvy_error *err)
{
    const cvyi_visit visit = { .module = module, .parent = parent };

    CVYI_TRY(cvyi_visit_check(graph, &visit, graph->n_visits, err));
    CVYI_TRY(append_visit(graph, visit, err));
    *out = graph->n_visits - 1;
    return CVY_OK;
}

cvy_status cvyi_graph_wire_visit(cvyi_graph *graph, int visit, const int *in,
                                 int n_in, const int *out, int n_out,
                                 cvy_error *err)
{
    cvyi_visit wired = graph->visits[visit];
    int *ins, *outs;

    if (!cvyi_keep_array(&ins, in, n_in, sizeof *in, &graph->arena) ||
        !cvyi_keep_array(&outs, out, n_out, sizeof *out, &graph->arena))
        return cvyi_no_memory(err);
    wired.in = ins;
    wired.n_in = n_in;
    wired.out = outs;
    wired.n_out = n_out;
    graph->visits[visit] = wired;
    return CVY_OK;
}

cvy_status cvyi_graph_add_result(int *out, cvyi_graph *graph, int call,
                                 int index, const cvyi_type *type,
                                 cvy_error *err)
{
    cvyi_result result = {
        .call = call, .index = index, .type = *type, .origin = -1
    };
    cvyi_result *const results =
        cvyi_arena_grow(&graph->arena, graph->results, graph->n_results,
                        &graph->results_capacity, sizeof *results);

    if (results == NULL)
        return cvyi_no_memory(err);
    graph->results = results;
    if (!cvyi_keep_type(&result.type, &graph->sizes))
        return cvyi_no_memory(err);
    results[graph->n_results] = result;
    *out = graph->n_results++;
    return CVY_OK;
}

/* The list of inputs has no capacity of its own: it grows when full at a
 * power of two. */
static bool grow_inputs(cvyi_graph *graph)
{
    const int n = graph->n_inputs;
    int *moved;

    if (n != 0 && (n < 4 || (n & (n - 1)) != 0))
        return true;
    moved = cvyi_arena_alloc(&graph->arena, n == 0 ? 4 : (size_t)n * 2,
                             sizeof *moved);
    if (moved == NULL)
        return false;
    if (n > 0)
        memcpy(moved, graph->inputs, (size_t)n * sizeof *moved);
    graph->inputs = moved;
    return true;
}

cvy_status cvyi_graph_append_input(cvyi_graph *graph, int result,
                                   cvy_error *err)
{
    if (!grow_inputs(graph))
        return cvyi_no_memory(err);
    graph->inputs[graph->n_inputs++] = result;
    return CVY_OK;
}

cvy_status cvyi_graph_add_input(int *out, cvyi_graph *graph, const char *name,
                                const cvyi_type *type, cvy_error *err)
{
    const char *kept = name;
    int result;

    if (type->rank < 1 || type->rank > CVYI_MAX_DIMS)
        return cvyi_fail(err, CVY_SHAPE, "an input of %d axes", type->rank);
    if (!cvyi_keep_text(&kept, &graph->arena))
        return cvyi_no_memory(err);
    CVYI_TRY(
        cvyi_graph_add_result(&result, graph, -1, graph->n_inputs, type, err));
    if (cvyi_graph_append_input(graph, result, err) != CVY_OK) {
        graph->n_results--;
        return CVY_MEMORY;
    }
    graph->results[result].name = kept;
    *out = result;
    return CVY_OK;
}

cvy_status cvyi_graph_add_param(int *out, cvyi_graph *graph,
                                const cvyi_param *param, cvy_error *err)
{
    cvyi_param kept = *param;
    cvyi_param *params;

    CVYI_TRY(cvyi_param_check(param, err));
    params = cvyi_arena_grow(&graph->arena, graph->params, graph->n_params,
                             &graph->params_capacity, sizeof *params);
    if (params == NULL)
        return cvyi_no_memory(err);
    graph->params = params;
    if (!cvyi_keep_param(&kept, &graph->arena))
        return cvyi_no_memory(err);
    params[graph->n_params] = kept;
    *out = graph->n_params++;
    return CVY_OK;
}

cvy_status cvyi_graph_add_results(cvyi_call *call, cvyi_graph *graph,
                                  int index, const cvyi_inferred *inferred,
                                  cvy_error *err)
{
    const int before = graph->n_results;

    call->n_out = inferred->n_out;
    for (int i = 0; i < inferred->n_out; i++) {
        const cvy_status status = cvyi_graph_add_result(
            &call->out[i], graph, index, i, &inferred->out[i], err);

        if (status != CVY_OK) {
            graph->n_results = before;
            return status;
        }
    }
    return CVY_OK;
}

/* A call with everything but its results. */
static cvy_status prepare(cvyi_call *call, cvyi_graph *graph, const int *in,
                          const int *params, cvy_error *err)
{
    const cvyi_slot *const slots = call->attrs.op->slots;

    if (!cvyi_keep_attrs(&call->attrs, &graph->arena, &graph->sizes) ||
        !cvyi_keep_array(&call->in, in, call->n_in, sizeof *in, &graph->arena))
        return cvyi_no_memory(err);
    for (int i = 0; i < CVYI_MAX_SLOTS; i++)
        call->params[i] = -1;
    if (params != NULL && slots != NULL)
        for (int i = 0; i < CVYI_MAX_SLOTS && slots[i].name != NULL; i++)
            call->params[i] = params[i];
    return cvyi_call_wired(graph, call, graph->n_calls, err);
}

cvy_status cvyi_graph_add_call(int *out, cvyi_graph *graph,
                               const cvyi_attrs *attrs, cvyi_axes axes,
                               const int *in, int n_in, const int *params,
                               int module, cvy_error *err)
{
    cvyi_call call = { .attrs = *attrs,
                       .n_in = n_in,
                       .axes = axes,
                       .module = module,
                       .origin = -1 };
    cvyi_inferred inferred = { 0 };
    cvyi_call *calls;

    if (module < 0 || module >= graph->n_modules)
        return cvyi_fail(err, CVY_ARGUMENT, "%s: there is no module %d",
                         attrs->op->name, module);
    CVYI_TRY(prepare(&call, graph, in, params, err));
    CVYI_TRY(cvyi_graph_infer_call(&inferred, graph, &call, err));
    CVYI_TRY(cvyi_call_slots(graph, &call, &inferred, false, err));
    calls = cvyi_arena_grow(&graph->arena, graph->calls, graph->n_calls,
                            &graph->calls_capacity, sizeof *calls);
    if (calls == NULL)
        return cvyi_no_memory(err);
    graph->calls = calls;
    CVYI_TRY(
        cvyi_graph_add_results(&call, graph, graph->n_calls, &inferred, err));
    calls[graph->n_calls] = call;
    *out = graph->n_calls++;
    return CVY_OK;
}
