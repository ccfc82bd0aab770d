/* run/run.c - evaluating calls and whole graphs with the engine. */
#include "run/run.h"

#include "graph/param.h"
#include "run/slots.h"

#include <string.h>

cvy_status cvyi_run_dims(int64_t *dims, const cvyi_type *type,
                         const cvyi_symbols *symbols, cvy_error *err)
{
    int64_t found[CVYI_MAX_DIMS];

    for (int i = 0; i < type->rank; i++) {
        if (!cvyi_size_eval(&found[i], type->dims[i], symbols->names,
                            symbols->values, symbols->n))
            return cvyi_fail(err, CVY_SHAPE,
                             "the size of axis %d is not known", i);
        if (found[i] < 1)
            return cvyi_fail(err, CVY_SHAPE,
                             "axis %d would have %lld elements", i,
                             (long long)found[i]);
    }
    memcpy(dims, found, (size_t)type->rank * sizeof *dims);
    return CVY_OK;
}

/* ---- one call ---- */

/* A view as the operator sees it: N C S... */
static cvy_view seen(const cvyi_call *call, const cvy_view *view)
{
    int perm[CVY_MAX_RANK];

    if (call->attrs.op->order != CVYI_ORDER_CHANNEL ||
        call->axes != CVYI_AXES_LAST)
        return *view;
    cvyi_axes_last_to_first(view->rank, perm);
    return cvyi_permuted(view, perm);
}

static void clear(const cvy_view *out, int n_out)
{
    for (int i = 0; i < n_out; i++)
        memset(out[i].data, 0,
               (size_t)cvy_view_count(&out[i]) * cvy_dtype_size(out[i].dtype));
}

static cvy_status run(const cvyi_call *call, const cvyi_job *job,
                      cvyi_run_mode mode, cvy_error *err)
{
    const cvyi_op *const op = call->attrs.op;

    return mode == CVYI_RUN_VALUE ? op->eval(job, err) : op->bound(job, err);
}

cvy_status cvyi_run_call(const cvyi_graph *graph, const cvyi_call *call,
                         const cvy_view *in, const cvy_view *out,
                         cvyi_run_mode mode, cvy_error *err)
{
    cvy_view outs[CVYI_MAX_OUTPUTS], slots[CVYI_MAX_SLOTS];
    cvyi_arena scratch = { 0 };
    cvy_view *ins;
    cvy_status status;

    if (mode == CVYI_RUN_BOUND && call->attrs.op->bound == NULL) {
        clear(out, call->n_out);
        return CVY_OK;
    }
    ins = cvyi_arena_alloc(&scratch, (size_t)call->n_in, sizeof *ins);
    if (ins == NULL)
        return cvyi_no_memory(err);
    for (int i = 0; i < call->n_in; i++)
        ins[i] = seen(call, &in[i]);
    for (int i = 0; i < call->n_out; i++)
        outs[i] = seen(call, &out[i]);

    const cvyi_job job = { .attrs = &call->attrs,
                           .in = ins,
                           .n_in = call->n_in,
                           .slots = slots,
                           .out = outs,
                           .n_out = call->n_out };

    status = cvyi_run_slots(slots, graph, call, &scratch, err);
    if (status == CVY_OK)
        status = run(call, &job, mode, err);
    cvyi_arena_close(&scratch);
    return cvyi_located(err, status, cvyi_call_layer(graph, call));
}

/* ---- a graph ---- */

static void close_result(cvy_view *results, const cvyi_graph *graph, int r)
{
    if (graph->results[r].call >= 0 && results[r].data != NULL)
        cvyi_tensor_close(&results[r]);
}

void cvyi_run_close(cvy_view *results, const cvyi_graph *graph)
{
    for (int i = 0; i < graph->n_results; i++)
        close_result(results, graph, i);
}

/* For each result the call after which nobody reads it; n_calls for those
 * that stay. */
static void find_last_uses(int *last, const cvyi_graph *graph, bool keep)
{
    for (int i = 0; i < graph->n_results; i++)
        last[i] = graph->results[i].call;
    for (int i = 0; i < graph->n_calls; i++)
        for (int k = 0; k < graph->calls[i].n_in; k++)
            last[graph->calls[i].in[k]] = i;
    for (int i = 0; i < graph->n_results; i++)
        if (keep || cvyi_graph_is_output(graph, i))
            last[i] = graph->n_calls;
}

static cvy_status open_outputs(cvy_view *results, const cvyi_graph *graph,
                               const cvyi_call *call,
                               const cvyi_symbols *symbols, cvy_error *err)
{
    for (int i = 0; i < call->n_out; i++) {
        const cvyi_type *const type = &graph->results[call->out[i]].type;
        int64_t dims[CVYI_MAX_DIMS];

        CVYI_TRY(cvyi_run_dims(dims, type, symbols, err));
        CVYI_TRY(cvyi_tensor_open(&results[call->out[i]], CVY_F32, type->rank,
                                  dims, err));
    }
    return CVY_OK;
}

/* Opens and fills the results of a call. `in` has room for its inputs. */
static cvy_status run_step(cvy_view *results, cvy_view *in,
                           const cvyi_graph *graph, const cvyi_call *call,
                           const cvyi_symbols *symbols, cvy_error *err)
{
    cvy_view out[CVYI_MAX_OUTPUTS];
    const cvy_status status = open_outputs(results, graph, call, symbols, err);

    if (status != CVY_OK)
        return cvyi_located(err, status, cvyi_call_layer(graph, call));
    for (int i = 0; i < call->n_in; i++)
        in[i] = results[call->in[i]];
    for (int i = 0; i < call->n_out; i++)
        out[i] = results[call->out[i]];
    return cvyi_run_call(graph, call, in, out, CVYI_RUN_VALUE, err);
}

static void free_unused(cvy_view *results, const cvyi_graph *graph,
                        const int *last, int call)
{
    const cvyi_call *const it = &graph->calls[call];

    for (int i = 0; i < it->n_in; i++)
        if (last[it->in[i]] == call)
            close_result(results, graph, it->in[i]);
    for (int i = 0; i < it->n_out; i++)
        if (last[it->out[i]] == call)
            close_result(results, graph, it->out[i]);
}

static cvy_status run_all(cvy_view *results, cvyi_arena *scratch,
                          const cvyi_graph *graph, const cvyi_symbols *symbols,
                          bool keep, cvy_error *err)
{
    int *const last =
        cvyi_arena_alloc(scratch, (size_t)graph->n_results, sizeof *last);
    int most_in = 0;
    cvy_view *in;

    for (int i = 0; i < graph->n_calls; i++)
        if (graph->calls[i].n_in > most_in)
            most_in = graph->calls[i].n_in;
    in = cvyi_arena_alloc(scratch, (size_t)most_in, sizeof *in);
    if (last == NULL || in == NULL)
        return cvyi_no_memory(err);
    find_last_uses(last, graph, keep);
    for (int i = 0; i < graph->n_calls; i++) {
        CVYI_TRY(run_step(results, in, graph, &graph->calls[i], symbols, err));
        free_unused(results, graph, last, i);
    }
    return CVY_OK;
}

/* An input must be there and be what its type says. */
static cvy_status check_input(const cvy_view *view, const cvyi_result *input,
                              const cvyi_symbols *symbols, cvy_error *err)
{
    int64_t dims[CVYI_MAX_DIMS];

    if (view->data == NULL || view->dtype != CVY_F32)
        return cvyi_fail(err, CVY_ARGUMENT, "an input is not float32");
    CVYI_TRY(cvyi_run_dims(dims, &input->type, symbols, err));
    if (view->rank != input->type.rank ||
        memcmp(view->dims, dims, (size_t)view->rank * sizeof *dims) != 0)
        return cvyi_fail(err, CVY_SHAPE,
                         "an input does not have the graph's shape");
    return CVY_OK;
}

cvy_status cvyi_run_graph(cvy_view *results, const cvyi_graph *graph,
                          const cvyi_symbols *symbols, bool keep,
                          cvy_error *err)
{
    cvyi_arena scratch = { 0 };
    cvy_status status = CVY_OK;

    for (int i = 0; i < graph->n_results; i++)
        if (graph->results[i].call >= 0)
            results[i] = (cvy_view){ 0 };
    for (int i = 0; i < graph->n_inputs && status == CVY_OK; i++)
        status = check_input(&results[graph->inputs[i]],
                             &graph->results[graph->inputs[i]], symbols, err);
    if (status == CVY_OK)
        status = run_all(results, &scratch, graph, symbols, keep, err);
    if (status != CVY_OK)
        cvyi_run_close(results, graph);
    cvyi_arena_close(&scratch);
    return status;
}
