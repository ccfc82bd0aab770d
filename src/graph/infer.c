/* graph/infer.c - types of the results. */
#include "graph/graph.h"

#include "graph/rules.h"
#include "tensor/tensor.h"

bool cvyi_call_turned(const cvyi_call *call)
{
    return call->attrs.op->order == CVYI_ORDER_CHANNEL &&
           call->axes == CVYI_AXES_LAST;
}

static void permute_type(cvyi_type *type, void (*axes)(int rank, int *perm))
{
    const cvyi_type old = *type;
    int perm[CVYI_MAX_DIMS];

    axes(type->rank, perm);
    for (int i = 0; i < type->rank; i++)
        type->dims[i] = old.dims[perm[i]];
}

/* What a call gives is of the type of what it is called on, or of its table
 * of rows; an operator whose attribute is the type says it itself. A call
 * that is only tried out may have no parameters yet. */
static void infer_dtype(cvyi_inferred *inferred, const cvyi_graph *graph,
                        const cvyi_call *call, const cvyi_type *in)
{
    const cvyi_op *const op = call->attrs.op;
    const int table = op->rows != NULL ? call->params[0] : -1;

    if (op->typed || cvyi_attr_index(op, "dtype") >= 0)
        return;
    for (int i = 0; i < inferred->n_out; i++)
        inferred->out[i].dtype = table >= 0 && table < graph->n_params
                                     ? graph->params[table].stored.dtype
                                 : op->rows != NULL ? CVY_F32
                                                    : in[0].dtype;
}

cvy_status cvyi_graph_infer_call(cvyi_inferred *out, const cvyi_graph *graph,
                                 const cvyi_call *call, cvy_error *err)
{
    const cvyi_op *const op = call->attrs.op;
    cvyi_type *const in = cvyi_alloc((size_t)call->n_in, sizeof *in);
    cvyi_inferred inferred = { 0 };
    cvy_status status;

    if (in == NULL)
        return cvyi_no_memory(err);
    for (int i = 0; i < call->n_in; i++) {
        in[i] = graph->results[call->in[i]].type;
        if (cvyi_call_turned(call))
            permute_type(&in[i], cvyi_axes_last_to_first);
    }
    /* The pool only remembers: a size more in it changes no answer. */
    status = op->infer(&inferred, &call->attrs, in, call->n_in,
                       (cvyi_sizes *)&graph->sizes, err);
    if (status == CVY_OK)
        infer_dtype(&inferred, graph, call, in);
    cvyi_free(in);
    if (status != CVY_OK)
        return cvyi_located(err, status, cvyi_call_layer(graph, call));
    for (int i = 0; i < inferred.n_out; i++)
        if (cvyi_call_turned(call))
            permute_type(&inferred.out[i], cvyi_axes_first_to_last);
    *out = inferred;
    return CVY_OK;
}

cvy_status cvyi_graph_infer(cvyi_graph *graph, cvy_error *err)
{
    for (int i = 0; i < graph->n_calls; i++) {
        const cvyi_call *const call = &graph->calls[i];
        cvyi_inferred inferred = { 0 };

        CVYI_TRY(cvyi_graph_infer_call(&inferred, graph, call, err));
        if (inferred.n_out != call->n_out)
            return cvyi_fail_in(err, CVY_SHAPE, cvyi_call_layer(graph, call),
                                "%s has %d outputs now, and had %d",
                                call->attrs.op->name, inferred.n_out,
                                call->n_out);
        for (int k = 0; k < call->n_out; k++)
            graph->results[call->out[k]].type = inferred.out[k];
    }
    return CVY_OK;
}

bool cvyi_call_is_mixed(const cvyi_graph *graph, const cvyi_call *call)
{
    for (int s = 0; s < CVYI_MAX_SLOTS; s++)
        if (call->params[s] >= 0 &&
            graph->params[call->params[s]].stored.dtype == CVY_F32 &&
            cvyi_dtype_is_half(graph->results[call->out[0]].type.dtype))
            return true;
    return false;
}

/* Types of some results, in the arena. */
static cvyi_type *types_of(cvyi_graph *graph, const int *results, int n)
{
    cvyi_type *const types =
        cvyi_arena_alloc(&graph->arena, (size_t)n, sizeof *types);

    for (int i = 0; types != NULL && i < n; i++)
        types[i] = graph->results[results[i]].type;
    return types;
}

cvy_status cvyi_graph_saying(cvyi_saying *out, cvyi_graph *graph, int call,
                             cvy_error *err)
{
    const cvyi_call *const it = &graph->calls[call];
    const cvyi_type *const in = types_of(graph, it->in, it->n_in);
    const cvyi_type *const outs = types_of(graph, it->out, it->n_out);
    cvyi_shape *const slots =
        cvyi_arena_alloc(&graph->arena, CVYI_MAX_SLOTS, sizeof *slots);
    cvyi_inferred inferred = { 0 };
    unsigned present = 0;

    if (in == NULL || outs == NULL || slots == NULL)
        return cvyi_no_memory(err);
    CVYI_TRY(cvyi_graph_infer_call(&inferred, graph, it, err));
    for (int i = 0; i < CVYI_MAX_SLOTS; i++) {
        slots[i] = inferred.slots[i];
        if (it->params[i] >= 0)
            present |= 1u << i;
    }
    *out = (cvyi_saying){ .attrs = &it->attrs,
                          .in = in,
                          .n_in = it->n_in,
                          .out = outs,
                          .slots = slots,
                          .present = present,
                          .axes = it->axes,
                          .arena = &graph->arena,
                          .sizes = &graph->sizes };
    return CVY_OK;
}
