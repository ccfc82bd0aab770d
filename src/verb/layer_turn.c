/*
 * verb/layer_turn.c - the layer of the other framework that computes the same.
 *
 * A copy of the layer's graph goes through the passes and gets the target's
 * words, as everything that is carried over. Then each parameter moves into
 * memory of the new layer, in the order in which the target keeps it.
 */
#include "verb/layer.h"

#include "tensor/tensor.h"
#include "verb/dialect.h"
#include "write/snippet.h"
#include "write/weight.h"

#include <string.h>

typedef struct turning {
    cvy_layer *layer; /* that is made */
    cvyi_graph *graph;
    cvyi_target target;
    cvyi_findings findings;
    cvyi_snippet snippet;
} turning;

/* ---- the other's graph ---- */

static cvy_status to_words(turning *t, const cvy_layer *layer, cvy_error *err)
{
    CVYI_TRY(cvyi_graph_copy(&t->graph, layer->call.graph, err));
    CVYI_TRY(cvyi_pass_run(t->graph, &t->target, NULL, &t->findings, err));
    return cvyi_snippet_write(&t->snippet, t->graph, t->target.dialect,
                              &t->findings, err);
}

/* ---- weights ---- */

static cvy_status new_array(cvy_view *out, turning *t,
                            const cvyi_layout *layout, cvy_error *err)
{
    int64_t dims[CVY_MAX_RANK];
    const int rank = cvyi_layout_target(layout, dims);
    size_t bytes;
    void *data;

    if (!cvyi_packed_size(&bytes, CVY_F32, rank, dims))
        return cvyi_no_memory(err);
    data = cvyi_arena_alloc(&t->graph->arena, bytes > 0 ? bytes : 1, 1);
    if (data == NULL)
        return cvyi_no_memory(err);
    *out = cvyi_packed(data, CVY_F32, rank, dims);
    return CVY_OK;
}

/* From where the source has it, through `layout`, row after row. */
static cvy_status copy_through(const cvy_view *to, const cvyi_layout *layout,
                               const cvy_view *stored, cvy_error *err)
{
    cvy_view from;

    CVYI_TRY(cvyi_layout_view(&from, layout, stored, err));

    const cvy_view rows = cvyi_packed(to->data, CVY_F32, from.rank, from.dims);

    return cvyi_copy(&rows, &from, err);
}

static void fill(const cvy_view *to, double value)
{
    float *const p = to->data;

    for (int64_t i = 0, n = cvy_view_count(to); i < n; i++)
        p[i] = (float)value;
}

/* The parameter of call `i` that `weight` says, as the target keeps it: made
 * anew, or in the place of the source's. */
static cvy_status take(turning *t, int i, const cvyi_said_slot *slot,
                       const cvyi_written_weight *weight, cvy_error *err)
{
    cvyi_graph *const graph = t->graph;
    cvyi_call *const call = &graph->calls[i];
    const int index = cvyi_weight_slot(call->attrs.op, slot->slot);
    cvyi_shape neutral;
    cvyi_layout layout;
    cvyi_param param = { .slot = slot->slot, .created = t->layer->n_weights };
    cvyi_saying saying;

    if (weight->param >= 0) {
        param = graph->params[weight->param];
        neutral = cvyi_param_shape(&param);
    } else {
        CVYI_TRY(cvyi_graph_saying(&saying, graph, i, err));
        neutral = saying.slots[index];
    }
    CVYI_TRY(cvyi_weight_layout(&layout, graph, i, slot, &neutral, err));
    const cvy_view stored = param.stored;

    CVYI_TRY(new_array(&param.stored, t, &layout, err));
    if (weight->param >= 0)
        CVYI_TRY(copy_through(&param.stored, &weight->layout, &stored, err));
    else
        fill(&param.stored, weight->fill);
    param.layout = cvyi_layout_inverse(&layout);
    param.n_blocks = 0;
    param.name =
        cvyi_arena_text(&graph->arena, weight->name, strlen(weight->name));
    if (param.name == NULL)
        return cvyi_no_memory(err);
    if (weight->param >= 0)
        graph->params[weight->param] = param;
    else
        CVYI_TRY(
            cvyi_graph_add_param(&call->params[index], graph, &param, err));
    t->layer->weights[t->layer->n_weights++] = call->params[index];
    return CVY_OK;
}

/* What no word of the target names stays as it is, in memory of its own. */
static cvy_status keep(turning *t, cvy_error *err)
{
    for (int i = 0; i < t->graph->n_params; i++) {
        cvyi_param *const param = &t->graph->params[i];
        const cvyi_layout same =
            cvyi_layout_identity(param->stored.rank, param->stored.dims);
        const cvy_view stored = param->stored;

        CVYI_TRY(new_array(&param->stored, t, &same, err));
        CVYI_TRY(cvyi_copy(&param->stored, &stored, err));
    }
    return CVY_OK;
}

static cvy_status take_all(turning *t, cvy_error *err)
{
    const cvyi_snippet *const snippet = &t->snippet;
    int w = 0;

    t->layer->weights =
        cvyi_arena_alloc(&t->layer->arena, (size_t)snippet->n_weights + 1,
                         sizeof *t->layer->weights);
    if (t->layer->weights == NULL)
        return cvyi_no_memory(err);
    CVYI_TRY(keep(t, err));
    for (int i = 0; i < snippet->n_calls; i++)
        for (int s = 0; s < snippet->said[i].n_slots; s++)
            CVYI_TRY(take(t, i, &snippet->said[i].slots[s],
                          &snippet->weights[w++], err));
    return CVY_OK;
}

/* ---- the whole ---- */

static cvy_status turn(turning *t, const cvy_layer *layer, const char *target,
                       cvy_error *err)
{
    CVYI_TRY(cvyi_dialect_target(&t->target, layer->dialect, target, err));
    CVYI_TRY(to_words(t, layer, err));
    CVYI_TRY(take_all(t, err));
    t->layer->dialect = t->target.dialect;
    t->layer->code = cvyi_arena_text(
        &t->layer->arena, cvyi_text_c(&t->snippet.code), t->snippet.code.size);
    if (t->layer->code == NULL)
        return cvyi_no_memory(err);
    t->layer->call.graph = t->graph;
    t->graph = NULL;
    return cvyi_layer_finish(t->layer, err);
}

cvy_status cvy_layer_turn(cvy_layer **out, const cvy_layer *layer,
                          const char *target, cvy_error *err)
{
    turning t = { .layer = cvyi_alloc(1, sizeof *t.layer) };
    cvy_status status;

    if (t.layer == NULL)
        return cvyi_no_memory(err);
    status = turn(&t, layer, target, err);
    cvyi_snippet_close(&t.snippet);
    cvyi_findings_close(&t.findings);
    cvyi_graph_close(t.graph);
    if (status == CVY_OK)
        *out = t.layer;
    else
        cvy_layer_close(t.layer);
    return status;
}
