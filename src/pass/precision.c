/*
 * pass/precision.c - types where a target asks for them.
 *
 * Where weights are wider than the layers compute in, a target decides layer
 * by layer which type it computes in, and may give a wider one: outputs are
 * cast. And rows of a table are looked up by whole numbers: an input that is
 * read by tables alone is one of whole numbers, what else a table reads is
 * cast.
 */
#include "graph/words.h"
#include "pass/pass.h"
#include "tensor/tensor.h"

/* A cast of `r` before call `at`, as a part of the layer of `of`. */
static cvy_status insert_cast(int *out, cvyi_graph *graph, int at, int r,
                              const cvyi_call *of, cvy_dtype dtype,
                              cvy_error *err)
{
    const cvyi_call owner = *of;
    cvyi_attrs cast;
    cvyi_call *call;

    cvyi_attrs_open(&cast, cvyi_op_find("cast"),
                    cvyi_call_spatial(graph, &r, 1));
    cvyi_set_word(&cast, "dtype", cvy_dtype_name(dtype));
    CVYI_TRY(cvyi_graph_insert_call(graph, at, &cast, owner.axes, &r, 1, err));
    call = &graph->calls[at];
    call->module = owner.module;
    call->visit = owner.visit;
    call->label = "cast";
    *out = call->out[0];
    graph->results[*out].arrangement = graph->results[r].arrangement;
    return CVY_OK;
}

/* ---- outputs ---- */

static bool is_mixed(const cvyi_graph *graph)
{
    for (int i = 0; i < graph->n_calls; i++)
        if (cvyi_call_is_mixed(graph, &graph->calls[i]))
            return true;
    return false;
}

/* The cast's result is the one that the source has. */
static cvy_status cast_output(cvyi_graph *graph, int r, cvy_error *err)
{
    const int maker = graph->results[r].call;
    int given;

    CVYI_TRY(insert_cast(&given, graph, maker + 1, r, &graph->calls[maker],
                         graph->results[r].type.dtype, err));
    graph->results[given].name = graph->results[r].name;
    graph->results[given].origin = graph->results[r].origin;
    cvyi_graph_replace(graph, r, given, graph->n_calls, true);
    return CVY_OK;
}

/* ---- numbers of rows ---- */

static bool only_rows_read(const cvyi_graph *graph, int r)
{
    for (int i = 0; i < graph->n_calls; i++)
        for (int k = 0; k < graph->calls[i].n_in; k++)
            if (graph->calls[i].in[k] == r &&
                graph->calls[i].attrs.op->rows == NULL)
                return false;
    return graph->results[r].call < 0 && !cvyi_graph_is_output(graph, r);
}

static cvy_status whole_rows(cvyi_graph *graph, cvy_error *err)
{
    for (int i = 0; i < graph->n_calls; i++) {
        const int r = graph->calls[i].in[0];
        int whole;

        if (graph->calls[i].attrs.op->rows == NULL ||
            !cvyi_dtype_is_float(graph->results[r].type.dtype))
            continue;
        if (only_rows_read(graph, r)) {
            graph->results[r].type.dtype = CVY_I64;
            continue;
        }
        CVYI_TRY(
            insert_cast(&whole, graph, i, r, &graph->calls[i], CVY_I64, err));
        graph->calls[++i].in[0] = whole;
    }
    return CVY_OK;
}

/* ---- the pass ---- */

cvy_status cvyi_pass_precision(cvyi_graph *graph, const cvyi_target *target,
                               cvyi_findings *findings, cvy_error *err)
{
    const int n = is_mixed(graph) ? graph->n_results : 0;

    (void)target;
    (void)findings;
    for (int r = 0; r < n; r++)
        if (graph->results[r].call >= 0 &&
            cvyi_dtype_is_half(graph->results[r].type.dtype) &&
            cvyi_graph_is_output(graph, r))
            CVYI_TRY(cast_output(graph, r, err));
    return whole_rows(graph, err);
}
