/*
 * pass/order_features.c - the order of flattened features.
 *
 * What was planned for them (order_absorb.c) goes into the results, and into
 * the parameters of the calls that read them.
 */
#include "pass/order.h"

/* Letters of the axes behind the batch: "H W C", "C H W". */
static const char *letters_of(int rank, cvyi_axes axes)
{
    static const char *const letters[][4] = {
        [CVYI_AXES_LAST] = { "C", "L C", "H W C", "D H W C" },
        [CVYI_AXES_FIRST] = { "C", "C L", "C H W", "C D H W" },
    };

    if (rank < 1 || rank > 4)
        return axes == CVYI_AXES_FIRST ? "C ..." : "... C";
    return letters[axes][rank - 1];
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

int cvyi_order_axis(const cvyi_graph *graph, const cvyi_call *call, int slot)
{
    const cvyi_op *const op = call->attrs.op;
    const int param = call->params[slot];
    const bool sums = op->features == CVYI_FEATURES_CONTRACT;
    int axis;

    if (param < 0 || (sums ? slot > 0 : op->features != CVYI_FEATURES_KEEP))
        return -1;
    axis = letter_axis(op->slots[slot].letters, sums ? 'I' : 'C');
    /* One number for all features has no order. */
    return axis >= 0 && cvyi_param_shape(&graph->params[param]).dims[axis] == 1
               ? -1
               : axis;
}

/* The flatten that made the features says what became of them. */
static cvy_status note_at_flatten(cvyi_graph *graph,
                                  const cvyi_order_plan *plan,
                                  const cvyi_call *call, cvy_error *err)
{
    const cvyi_axes from =
        plan->axes == CVYI_AXES_FIRST ? CVYI_AXES_LAST : CVYI_AXES_FIRST;
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
                                  layer, letters_of(a->blocks->rank, from),
                                  letters_of(a->blocks->rank, plan->axes));
            return maker->comment != NULL ? CVY_OK : cvyi_no_memory(err);
        }
        if (maker->n_in != 1)
            return CVY_OK;
        r = maker->in[0];
    }
    return CVY_OK;
}

static void permute_params(cvyi_graph *graph, const cvyi_call *call,
                           const cvyi_arrangement *features)
{
    for (int s = 0; s < CVYI_MAX_SLOTS; s++) {
        const int axis = cvyi_order_axis(graph, call, s);

        if (axis < 0)
            continue;

        cvyi_param *const param = &graph->params[call->params[s]];

        param->permuted_axis = axis;
        param->n_blocks = features->n_blocks;
        param->blocks = features->blocks;
    }
}

static void keep_features(cvyi_result *result, const cvyi_order_plan *plan,
                          int index)
{
    result->arrangement.n_blocks = plan->features[index].n_blocks;
    result->arrangement.blocks = plan->features[index].blocks;
}

cvy_status cvyi_order_features(cvyi_graph *graph, const cvyi_order_plan *plan,
                               int at, cvy_error *err)
{
    const cvyi_call *const call = &graph->calls[at];
    const cvyi_arrangement in = graph->results[call->in[0]].arrangement;

    /* Results made by the pass have more axes than features have. */
    for (int k = 0; k < call->n_out; k++)
        if (call->out[k] < plan->n)
            keep_features(&graph->results[call->out[k]], plan, call->out[k]);
    if (in.n_blocks == 0)
        return CVY_OK;
    permute_params(graph, call, &in);
    return call->attrs.op->features == CVYI_FEATURES_CONTRACT
               ? note_at_flatten(graph, plan, call, err)
               : CVY_OK;
}
