/*
 * pass/order_features.c - the order of flattened features.
 *
 * The source flattens N H W C to features in the order H W C, the port
 * flattens N C H W to C H W: a block of features with the axes (H, W, C) of
 * the source, read in the order (C, H, W).
 */
#include "pass/order.h"

#include <stdio.h>
#include <string.h>

/* Letters of the axes behind the batch, channels last: "H W C". */
static const char *source_letters(int rank)
{
    static const char *const letters[] = { "C", "L C", "H W C", "D H W C" };

    return rank >= 1 && rank <= 4 ? letters[rank - 1] : "... C";
}

static const char *port_letters(int rank)
{
    static const char *const letters[] = { "C", "C L", "C H W", "C D H W" };

    return rank >= 1 && rank <= 4 ? letters[rank - 1] : "C ...";
}

/* The block that flattening a moved value makes. false if a size is not
 * known before run time: then no weight could be permuted. */
static bool flattened_block(cvyi_feature_block *out, const cvyi_type *moved)
{
    const int rank = moved->rank - 1;

    out->rank = rank;
    for (int i = 0; i < rank; i++) {
        /* Source axes S... C; here C stands first behind the batch. */
        const int here = i == rank - 1 ? 1 : i + 2;

        if (!cvyi_size_constant(&out->dims[i], moved->dims[here]))
            return false;
        out->order[i] = i == 0 ? rank - 1 : i - 1;
    }
    return true;
}

/* A permute call in front of the flatten, back to the source's order. */
static cvy_status turn_back(cvyi_graph *graph, int *at,
                            cvyi_findings *findings, cvy_error *err)
{
    static const char why[] =
        "its features are used in the source's order, so channels go last "
        "before they are flattened";
    const cvyi_call call = graph->calls[*at];
    const cvyi_result in = graph->results[call.in[0]];
    int64_t values[CVYI_MAX_DIMS];
    int axes[CVYI_MAX_DIMS];
    cvyi_attrs permute;

    cvyi_axes_first_to_last(in.type.rank, axes);
    for (int i = 0; i < in.type.rank; i++)
        values[i] = axes[i];
    cvyi_attrs_open(&permute, cvyi_op_find("permute"), 0);
    cvyi_set_ints(&permute, "axes", values, in.type.rank);
    CVYI_TRY(cvyi_graph_insert_call(graph, *at, &permute, CVYI_AXES_FIRST,
                                    call.in, 1, err));

    cvyi_call *const inserted = &graph->calls[*at];
    cvyi_result *const back = &graph->results[inserted->out[0]];

    inserted->module = call.module;
    inserted->visit = call.visit;
    inserted->label = "permute";
    inserted->comment = why;
    back->origin = in.origin;
    ++*at;
    graph->calls[*at].in[0] = inserted->out[0];
    return cvyi_remark(findings, graph->modules[call.module].name, why, err);
}

cvy_status cvyi_order_collapse(cvyi_graph *graph, const cvyi_order_plan *plan,
                               int *at, cvyi_findings *findings,
                               cvy_error *err)
{
    const cvyi_call *const call = &graph->calls[*at];
    const cvyi_result *const in = &graph->results[call->in[0]];
    cvyi_arrangement *const out = &graph->results[call->out[0]].arrangement;
    cvyi_feature_block block = { 0 };

    if (in->type.rank < 3) {
        out->n_blocks = in->arrangement.n_blocks;
        out->blocks = in->arrangement.blocks;
        return CVY_OK;
    }
    if (!in->arrangement.moved || cvyi_order_moves_nothing(&in->type, true))
        return CVY_OK;
    if (!plan->absorbed[call->out[0]] || !flattened_block(&block, &in->type))
        return turn_back(graph, at, findings, err);

    cvyi_feature_block *const kept =
        cvyi_arena_alloc(&graph->arena, 1, sizeof *kept);

    if (kept == NULL)
        return cvyi_no_memory(err);
    *kept = block;
    out->n_blocks = 1;
    out->blocks = kept;
    return CVY_OK;
}

/* Which axis of a slot a letter is, or -1. */
static int letter_axis(const char *letters, char letter)
{
    int axis = 0;

    for (const char *p = letters; *p != '\0'; p++)
        if (*p == ' ')
            axis++;
        else if (*p == letter)
            return axis;
    return -1;
}

static void permute_param(cvyi_graph *graph, int param, int axis,
                          const cvyi_arrangement *a)
{
    /* One number for all features has no order. */
    if (param < 0 || cvyi_param_shape(&graph->params[param]).dims[axis] == 1)
        return;
    graph->params[param].permuted_axis = axis;
    graph->params[param].n_blocks = a->n_blocks;
    graph->params[param].blocks = a->blocks;
}

static cvy_status keep(cvyi_graph *graph, const cvyi_call *call,
                       const cvyi_arrangement *a)
{
    const cvyi_op *const op = call->attrs.op;

    for (int s = 0; op->slots != NULL && op->slots[s].name != NULL; s++) {
        const int axis = letter_axis(op->slots[s].letters, 'C');

        if (axis >= 0)
            permute_param(graph, call->params[s], axis, a);
    }
    graph->results[call->out[0]].arrangement.n_blocks = a->n_blocks;
    graph->results[call->out[0]].arrangement.blocks = a->blocks;
    return CVY_OK;
}

/* The flatten that made the features says what became of them. */
static cvy_status note_at_flatten(cvyi_graph *graph, const cvyi_call *call,
                                  cvy_error *err)
{
    const char *const layer = cvyi_call_layer(graph, call);
    int r = call->in[0];

    while (graph->results[r].call >= 0) {
        cvyi_call *const maker = &graph->calls[graph->results[r].call];
        const cvyi_arrangement *const a = &graph->results[r].arrangement;

        if (maker->attrs.op->features == CVYI_FEATURES_COLLAPSE) {
            if (a->n_blocks != 1 || maker->comment != NULL)
                return CVY_OK;
            maker->comment =
                cvyi_arena_printf(&graph->arena,
                                  "weights of `%s` are permuted: %s -> %s",
                                  layer, source_letters(a->blocks->rank),
                                  port_letters(a->blocks->rank));
            return maker->comment != NULL ? CVY_OK : cvyi_no_memory(err);
        }
        if (maker->n_in != 1)
            return CVY_OK;
        r = maker->in[0];
    }
    return CVY_OK;
}

static cvy_status contract(cvyi_graph *graph, const cvyi_call *call,
                           const cvyi_arrangement *a, cvy_error *err)
{
    permute_param(graph, call->params[0],
                  letter_axis(call->attrs.op->slots[0].letters, 'I'), a);
    return note_at_flatten(graph, call, err);
}

/* Blocks of all inputs in a row; an input in the source's order is a block
 * of one axis. */
static cvy_status join(cvyi_graph *graph, const cvyi_call *call,
                       cvy_error *err)
{
    int n = 0;

    for (int k = 0; k < call->n_in; k++) {
        const int blocks = graph->results[call->in[k]].arrangement.n_blocks;

        n += blocks > 0 ? blocks : 1;
    }

    cvyi_feature_block *const all =
        cvyi_arena_alloc(&graph->arena, (size_t)n, sizeof *all);
    int at = 0;

    if (all == NULL)
        return cvyi_no_memory(err);
    for (int k = 0; k < call->n_in; k++) {
        const cvyi_result *const in = &graph->results[call->in[k]];

        for (int b = 0; b < in->arrangement.n_blocks; b++)
            all[at++] = in->arrangement.blocks[b];
        if (in->arrangement.n_blocks > 0)
            continue;
        all[at].rank = 1;
        if (!cvyi_size_constant(&all[at++].dims[0], in->type.dims[1]))
            return cvyi_fail_in(err, CVY_UNSUPPORTED,
                                cvyi_call_layer(graph, call),
                                "features of an unknown number are joined "
                                "with flattened ones");
    }
    graph->results[call->out[0]].arrangement.n_blocks = n;
    graph->results[call->out[0]].arrangement.blocks = all;
    return CVY_OK;
}

cvy_status cvyi_order_features(cvyi_graph *graph, int at, cvy_error *err)
{
    const cvyi_call *const call = &graph->calls[at];
    const cvyi_arrangement *a = NULL;

    for (int k = 0; k < call->n_in; k++)
        if (graph->results[call->in[k]].arrangement.n_blocks > 0)
            a = &graph->results[call->in[k]].arrangement;
    if (a == NULL)
        return CVY_OK;
    switch (call->attrs.op->features) {
    case CVYI_FEATURES_KEEP:
        return keep(graph, call, a);
    case CVYI_FEATURES_CONTRACT:
        return contract(graph, call, a, err);
    case CVYI_FEATURES_JOIN:
        return join(graph, call, err);
    default:
        /* order_plan.c lets blocks reach only calls that accept them. */
        return cvyi_fail_in(err, CVY_ARGUMENT, cvyi_call_layer(graph, call),
                            "permuted features reached a call that needs the "
                            "source's order");
    }
}
