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

/* ---- outputs ---- */

static bool is_half(cvy_dtype dtype)
{
    return dtype == CVY_F16 || dtype == CVY_BF16;
}

static bool is_mixed(const cvyi_graph *graph)
{
    for (int i = 0; i < graph->n_calls; i++) {
        const cvyi_call *const call = &graph->calls[i];

        for (int s = 0; s < CVYI_MAX_SLOTS; s++)
            if (call->params[s] >= 0 &&
                graph->params[call->params[s]].stored.dtype == CVY_F32 &&
                is_half(graph->results[call->out[0]].type.dtype))
                return true;
    }
    return false;
}

/* The cast's result is the one that the source has. */
static cvy_status cast_output(cvyi_graph *graph, int r, cvy_error *err)
{
    const int maker = graph->results[r].call;
    const cvyi_call owner = graph->calls[maker];
    cvyi_attrs cast;

    cvyi_attrs_open(&cast, cvyi_op_find("cast"),
                    cvyi_call_spatial(graph, &r, 1));
    cvyi_set_word(&cast, "dtype",
                  cvy_dtype_name(graph->results[r].type.dtype));
    CVYI_TRY(cvyi_graph_insert_call(graph, maker + 1, &cast, owner.axes, &r, 1,
                                    err));

    cvyi_call *const behind = &graph->calls[maker + 1];
    cvyi_result *const whole = &graph->results[r];
    cvyi_result *const given = &graph->results[behind->out[0]];

    behind->module = owner.module;
    behind->visit = owner.visit;
    behind->label = "cast";
    given->name = whole->name;
    given->origin = whole->origin;
    given->arrangement = whole->arrangement;
    cvyi_graph_replace(graph, r, behind->out[0], graph->n_calls, true);
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

/* The cast equals what it casts, as the numbers are whole. */
static cvy_status cast_rows(cvyi_graph *graph, int at, cvy_error *err)
{
    const cvyi_call owner = graph->calls[at];
    const int r = owner.in[0];
    cvyi_attrs cast;

    cvyi_attrs_open(&cast, cvyi_op_find("cast"),
                    cvyi_call_spatial(graph, &r, 1));
    cvyi_set_word(&cast, "dtype", cvy_dtype_name(CVY_I64));
    CVYI_TRY(cvyi_graph_insert_call(graph, at, &cast, owner.axes, &r, 1, err));
    graph->calls[at].module = owner.module;
    graph->calls[at].visit = owner.visit;
    graph->calls[at].label = "cast";
    graph->results[graph->calls[at].out[0]].arrangement =
        graph->results[r].arrangement;
    graph->calls[at + 1].in[0] = graph->calls[at].out[0];
    return CVY_OK;
}

static cvy_status whole_rows(cvyi_graph *graph, cvy_error *err)
{
    for (int i = 0; i < graph->n_calls; i++) {
        const int r = graph->calls[i].in[0];

        if (graph->calls[i].attrs.op->rows == NULL ||
            !cvyi_dtype_is_float(graph->results[r].type.dtype))
            continue;
        if (only_rows_read(graph, r))
            graph->results[r].type.dtype = CVY_I64;
        else
            CVYI_TRY(cast_rows(graph, i++, err));
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
            is_half(graph->results[r].type.dtype) &&
            cvyi_graph_is_output(graph, r))
            CVYI_TRY(cast_output(graph, r, err));
    return whole_rows(graph, err);
}
