/* graph/copy.c - a graph that passes may change. */
#include "graph/keep.h"

static bool copy_calls(cvyi_graph *to, const cvyi_graph *from)
{
    if (!cvyi_keep_array(&to->calls, from->calls, from->n_calls,
                         sizeof *to->calls, &to->arena))
        return false;
    for (int i = 0; i < from->n_calls; i++) {
        cvyi_call *const call = &to->calls[i];

        if (!cvyi_keep_attrs(&call->attrs, &to->arena, &to->sizes) ||
            !cvyi_keep_array(&call->in, call->in, call->n_in, sizeof *call->in,
                             &to->arena) ||
            !cvyi_keep_text(&call->label, &to->arena) ||
            !cvyi_keep_text(&call->comment, &to->arena) ||
            !cvyi_keep_text(&call->where, &to->arena))
            return false;
        call->origin = i;
    }
    to->n_calls = to->calls_capacity = from->n_calls;
    return true;
}

static bool copy_results(cvyi_graph *to, const cvyi_graph *from)
{
    if (!cvyi_keep_array(&to->results, from->results, from->n_results,
                         sizeof *to->results, &to->arena))
        return false;
    for (int i = 0; i < from->n_results; i++) {
        cvyi_result *const result = &to->results[i];

        if (!cvyi_keep_type(&result->type, &to->sizes) ||
            !cvyi_keep_text(&result->name, &to->arena))
            return false;
        result->origin = i;
        result->arrangement = (cvyi_arrangement){ 0 };
    }
    to->n_results = to->results_capacity = from->n_results;
    return true;
}

static bool copy_params(cvyi_graph *to, const cvyi_graph *from)
{
    if (!cvyi_keep_array(&to->params, from->params, from->n_params,
                         sizeof *to->params, &to->arena))
        return false;
    for (int i = 0; i < from->n_params; i++)
        if (!cvyi_keep_param(&to->params[i], &to->arena))
            return false;
    to->n_params = to->params_capacity = from->n_params;
    return true;
}

static bool copy_modules(cvyi_graph *to, const cvyi_graph *from)
{
    if (!cvyi_keep_array(&to->modules, from->modules, from->n_modules,
                         sizeof *to->modules, &to->arena))
        return false;
    for (int i = 0; i < from->n_modules; i++)
        if (!cvyi_keep_module(&to->modules[i], &to->arena))
            return false;
    to->n_modules = to->modules_capacity = from->n_modules;
    return true;
}

static bool copy_visits(cvyi_graph *to, const cvyi_graph *from)
{
    if (!cvyi_keep_array(&to->visits, from->visits, from->n_visits,
                         sizeof *to->visits, &to->arena))
        return false;
    for (int i = 0; i < from->n_visits; i++) {
        cvyi_visit *const v = &to->visits[i];

        if (!cvyi_keep_array(&v->in, v->in, v->n_in, sizeof *v->in,
                             &to->arena) ||
            !cvyi_keep_array(&v->out, v->out, v->n_out, sizeof *v->out,
                             &to->arena))
            return false;
    }
    to->n_visits = to->visits_capacity = from->n_visits;
    return true;
}

/* The list is as long as building would have made it, so that it may grow. */
static bool copy_inputs(cvyi_graph *to, const cvyi_graph *from)
{
    int room = 4;

    while (room < from->n_inputs)
        room *= 2;
    to->inputs =
        cvyi_arena_alloc(&to->arena, (size_t)room, sizeof *to->inputs);
    if (to->inputs == NULL)
        return false;
    for (int i = 0; i < from->n_inputs; i++)
        to->inputs[i] = from->inputs[i];
    to->n_inputs = from->n_inputs;
    return true;
}

static bool copy_rest(cvyi_graph *to, const cvyi_graph *from)
{
    to->dialect = from->dialect;
    to->version = from->version;
    to->training = from->training;
    to->input_tree = from->input_tree;
    to->output_tree = from->output_tree;
    return cvyi_keep_text(&to->dialect, &to->arena) &&
           cvyi_keep_text(&to->version, &to->arena) &&
           cvyi_keep_value(&to->training, &to->arena) &&
           cvyi_keep_tree(&to->input_tree, &to->arena) &&
           cvyi_keep_tree(&to->output_tree, &to->arena);
}

cvy_status cvyi_graph_copy(cvyi_graph **out, const cvyi_graph *graph,
                           cvy_error *err)
{
    cvyi_graph *copy;

    CVYI_TRY(cvyi_graph_open(&copy, graph->name, err));
    if (!copy_calls(copy, graph) || !copy_results(copy, graph) ||
        !copy_params(copy, graph) || !copy_modules(copy, graph) ||
        !copy_visits(copy, graph) || !copy_inputs(copy, graph) ||
        !copy_rest(copy, graph)) {
        cvyi_graph_close(copy);
        return cvyi_no_memory(err);
    }
    *out = copy;
    return CVY_OK;
}
