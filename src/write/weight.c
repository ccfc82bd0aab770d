/* write/weight.c - a parameter of the graph as the target stores it. */
#include "write/weight.h"

#include <string.h>

int cvyi_weight_slot(const cvyi_op *op, const char *name)
{
    for (int s = 0; op->slots != NULL && op->slots[s].name != NULL; s++)
        if (strcmp(op->slots[s].name, name) == 0)
            return s;
    return -1;
}

cvy_status cvyi_weight_layout(cvyi_layout *out, const cvyi_graph *graph,
                              int call, const cvyi_said_slot *slot,
                              const cvyi_shape *neutral, cvy_error *err)
{
    const int rank = graph->results[graph->calls[call].in[0]].type.rank;

    return cvyi_layout_parse(out, slot->layout, rank > 2 ? rank - 2 : 0,
                             neutral->rank, neutral->dims, err);
}

/* What stands in for a parameter is of the type of those beside it. */
static cvy_dtype type_beside(const cvyi_graph *graph, const cvyi_call *call)
{
    for (int s = 0; s < CVYI_MAX_SLOTS; s++)
        if (call->params[s] >= 0)
            return graph->params[call->params[s]].stored.dtype;
    return graph->results[call->out[0]].type.dtype;
}

/* From stored to the target's shape. One feature block is part of it; several
 * cannot be: they are put in order when the weights are written. */
static cvy_status whole_layout(cvyi_layout *out, const cvyi_graph *graph,
                               int call, const cvyi_said_slot *slot,
                               const cvyi_param *param, cvy_error *err)
{
    const cvyi_shape neutral = cvyi_param_shape(param);
    cvyi_layout before = param->layout, after;

    if (param->n_blocks == 1)
        CVYI_TRY(cvyi_layout_split(&before, &param->layout,
                                   param->permuted_axis, param->blocks[0].rank,
                                   param->blocks[0].dims,
                                   param->blocks[0].order, err));
    CVYI_TRY(cvyi_weight_layout(&after, graph, call, slot, &neutral, err));
    return cvyi_layout_then(out, &before, &after, err);
}

cvy_status cvyi_weight_make(cvyi_written_weight *out, cvyi_graph *graph,
                            int call, const cvyi_said_slot *slot,
                            const char *name, cvy_error *err)
{
    const cvyi_call *const c = &graph->calls[call];
    const int index = cvyi_weight_slot(c->attrs.op, slot->slot);
    cvyi_written_weight weight = { .name = name, .dtype = CVY_F32 };
    cvyi_saying saying;

    if (index < 0)
        return cvyi_fail_in(err, CVY_ARGUMENT, slot->slot,
                            "%s has no such slot", c->attrs.op->name);
    weight.param = c->params[index];
    if (weight.param >= 0) {
        const cvyi_param *const param = &graph->params[weight.param];

        CVYI_TRY(whole_layout(&weight.layout, graph, call, slot, param, err));
        weight.dtype = param->stored.dtype;
    } else {
        CVYI_TRY(cvyi_graph_saying(&saying, graph, call, err));
        CVYI_TRY(cvyi_weight_layout(&weight.layout, graph, call, slot,
                                    &saying.slots[index], err));
        weight.fill = slot->fill;
        weight.dtype = type_beside(graph, c);
    }
    *out = weight;
    return CVY_OK;
}
