/* verb/layer.c - one layer of a framework, computed on arrays. */
#include "verb/layer.h"

#include "run/run.h"
#include "tensor/tensor.h"
#include "verb/shape.h"

#include <string.h>

/* ---- making ---- */

static cvy_status read_shapes(cvyi_call_input *out, cvyi_arena *arena,
                              const cvy_layer_options *o, cvy_error *err)
{
    for (int32_t i = 0; i < o->n_inputs; i++) {
        const char *const text = o->inputs[i];
        const char *const equals = strrchr(text, '=');

        if (equals != NULL) {
            out[i].name =
                cvyi_arena_text(arena, text, (size_t)(equals - text));
            if (out[i].name == NULL)
                return cvyi_no_memory(err);
        }
        CVYI_TRY(cvyi_shape_read(out[i].dims, &out[i].rank,
                                 equals != NULL ? equals + 1 : text, err));
    }
    return CVY_OK;
}

/* What stands in the text: exactly one call that can be read. */
static cvy_status read_text(cvy_layer *layer, const cvy_layer_options *o,
                            cvy_error *err)
{
    CVYI_TRY(cvyi_call_texts_read(&layer->texts, o->code, strlen(o->code),
                                  o->from, err));
    if (layer->texts.n != 1)
        return cvyi_fail(err, CVY_ARGUMENT, "a layer is one call, not %d",
                         layer->texts.n);
    return CVY_OK;
}

static bool is_known(const cvyi_type *type)
{
    int64_t n;

    for (int i = 0; i < type->rank; i++)
        if (!cvyi_size_constant(&n, type->dims[i]))
            return false;
    return true;
}

static cvy_status list_weights(cvy_layer *layer)
{
    const int n = layer->call.graph->n_params;

    layer->weights =
        cvyi_arena_alloc(&layer->arena, (size_t)n + 1, sizeof *layer->weights);
    if (layer->weights == NULL)
        return CVY_MEMORY;
    for (int i = 0; i < n; i++)
        layer->weights[layer->n_weights++] = i;
    return CVY_OK;
}

cvy_status cvyi_layer_finish(cvy_layer *layer, cvy_error *err)
{
    const cvyi_graph *const graph = layer->call.graph;

    for (int i = 0; i < graph->n_inputs; i++) {
        const cvyi_result *const r = &graph->results[graph->inputs[i]];

        if (!is_known(&r->type))
            return cvyi_fail_in(err, CVY_ARGUMENT,
                                r->name != NULL ? r->name : "",
                                "its shape is not given");
    }
    if (graph->output_tree.kind != CVYI_TREE_SINGLE)
        return cvyi_fail(err, CVY_UNSUPPORTED, "it has several outputs");
    layer->output = graph->output_tree.result;
    if (!is_known(&graph->results[layer->output].type))
        return cvyi_fail(err, CVY_ARGUMENT, "its output has open sizes");
    if (layer->weights == NULL && list_weights(layer) != CVY_OK)
        return cvyi_no_memory(err);
    return CVY_OK;
}

cvy_status cvyi_layer_build(cvy_layer *layer, const cvyi_call_input *inputs,
                            int n_inputs, cvy_error *err)
{
    const cvyi_call_text *const text = &layer->texts.items[0];

    if (text->status != CVY_OK) {
        if (err != NULL)
            *err = text->err;
        return text->status;
    }
    layer->dialect = text->dialect;
    layer->code = text->code;
    CVYI_TRY(cvyi_call_graph_open(&layer->call, &layer->arena, text, inputs,
                                  n_inputs, err));
    return cvyi_layer_finish(layer, err);
}

static cvy_status make(cvy_layer *layer, const cvy_layer_options *o,
                       cvy_error *err)
{
    cvyi_call_input *const inputs = cvyi_arena_alloc(
        &layer->arena, (size_t)o->n_inputs + 1, sizeof *inputs);

    if (inputs == NULL)
        return cvyi_no_memory(err);
    CVYI_TRY(read_shapes(inputs, &layer->arena, o, err));
    CVYI_TRY(read_text(layer, o, err));
    return cvyi_layer_build(layer, inputs, o->n_inputs, err);
}

cvy_status cvy_layer_open(cvy_layer **out, const cvy_layer_options *options,
                          cvy_error *err)
{
    cvy_layer *layer;
    cvy_status status;

    if (options == NULL || options->code == NULL)
        return cvyi_fail(err, CVY_ARGUMENT, "a layer needs a call");
    layer = cvyi_alloc(1, sizeof *layer);
    if (layer == NULL)
        return cvyi_no_memory(err);
    status = make(layer, options, err);
    if (status == CVY_OK)
        *out = layer;
    else
        cvy_layer_close(layer);
    return status;
}

/* ---- looking ---- */

int32_t cvy_layer_weights(const cvy_layer *layer)
{
    return layer->n_weights;
}

cvy_layer_weight cvy_layer_weight_at(const cvy_layer *layer, int32_t index)
{
    const cvyi_graph *const graph = layer->call.graph;
    cvy_layer_weight weight = { .name = "" };

    if (index < 0 || index >= layer->n_weights)
        return weight;
    weight.name = graph->params[layer->weights[index]].name;
    weight.view = graph->params[layer->weights[index]].stored;
    return weight;
}

const char *cvy_layer_code(const cvy_layer *layer)
{
    return layer->code;
}

static cvy_view shape_of(const cvyi_type *type)
{
    int64_t dims[CVYI_MAX_DIMS] = { 0 };

    for (int i = 0; i < type->rank; i++)
        (void)cvyi_size_constant(&dims[i], type->dims[i]);
    return cvyi_packed(NULL, CVY_F32, type->rank, dims);
}

int32_t cvy_layer_inputs(const cvy_layer *layer)
{
    return layer->call.graph->n_inputs;
}

cvy_view cvy_layer_input(const cvy_layer *layer, int32_t index)
{
    const cvyi_graph *const graph = layer->call.graph;

    if (index < 0 || index >= graph->n_inputs)
        return (cvy_view){ .rank = 0 };
    return shape_of(&graph->results[graph->inputs[index]].type);
}

cvy_view cvy_layer_output(const cvy_layer *layer)
{
    return shape_of(&layer->call.graph->results[layer->output].type);
}

/* ---- computing ---- */

static cvy_status check_view(const cvy_view *view, const cvy_view *wanted,
                             const char *what, cvy_error *err)
{
    bool fits = view->dtype == CVY_F32 && view->rank == wanted->rank &&
                view->data != NULL;

    for (int i = 0; fits && i < wanted->rank; i++)
        fits = view->dims[i] == wanted->dims[i];
    return fits ? CVY_OK
                : cvyi_fail_in(err, CVY_SHAPE, what,
                               "the view does not have the layer's type and "
                               "shape");
}

static cvy_status check_views(const cvy_layer *layer, const cvy_view *in,
                              const cvy_view *out, const cvy_view *bound,
                              cvy_error *err)
{
    const cvy_view result = cvy_layer_output(layer);

    for (int32_t i = 0; i < cvy_layer_inputs(layer); i++) {
        const cvy_view wanted = cvy_layer_input(layer, i);

        CVYI_TRY(check_view(&in[i], &wanted, "input", err));
    }
    CVYI_TRY(check_view(out, &result, "output", err));
    return bound != NULL ? check_view(bound, &result, "bound", err) : CVY_OK;
}

/* Does the call put each number of its input in one place? */
static bool only_moves(const cvyi_call *call, const cvy_view *results)
{
    return call->attrs.op->bound == NULL && call->n_in == 1 &&
           call->n_out == 1 &&
           cvy_view_count(&results[call->in[0]]) ==
               cvy_view_count(&results[call->out[0]]);
}

/* A call once more, for its bound. */
static cvy_status run_bound(const cvy_view *out, const cvyi_graph *graph,
                            const cvyi_call *call, const cvy_view *results,
                            cvy_error *err)
{
    cvyi_arena arena = { 0 };
    cvy_view *const ins =
        cvyi_arena_alloc(&arena, (size_t)call->n_in + 1, sizeof *ins);
    cvy_status status;

    for (int i = 0; ins != NULL && i < call->n_in; i++)
        ins[i] = results[call->in[i]];
    status = ins != NULL
                 ? cvyi_run_call(graph, call, ins, out, CVYI_RUN_BOUND, err)
                 : cvyi_no_memory(err);
    cvyi_arena_close(&arena);
    return status;
}

/* Of the call that made a result. One that only moves numbers moves their
 * bounds as well. `out` is a tensor that the caller closes. */
static cvy_status bound_of(cvy_view *out, const cvyi_graph *graph, int result,
                           const cvy_view *results, cvy_error *err)
{
    const cvy_view *const like = &results[result];
    const cvyi_call *const call =
        graph->results[result].call >= 0
            ? &graph->calls[graph->results[result].call]
            : NULL;
    cvy_view before;
    cvy_status status;

    CVYI_TRY(cvyi_tensor_open(out, CVY_F32, like->rank, like->dims, err));
    if (call == NULL)
        return CVY_OK; /* the input itself */
    if (!only_moves(call, results))
        return run_bound(out, graph, call, results, err);
    before = (cvy_view){ .data = NULL };
    status = bound_of(&before, graph, call->in[0], results, err);
    if (status == CVY_OK)
        status = cvyi_run_call(graph, call, &before, out, CVYI_RUN_VALUE, err);
    cvyi_tensor_close(&before);
    return status;
}

cvy_status cvy_layer_run(const cvy_layer *layer, const cvy_view *in,
                         cvy_view *out, cvy_view *bound, cvy_error *err)
{
    const cvyi_graph *const graph = layer->call.graph;
    const cvyi_symbols none = { 0 };
    cvy_view *results;
    cvy_status status;

    CVYI_TRY(check_views(layer, in, out, bound, err));
    results = cvyi_alloc((size_t)graph->n_results, sizeof *results);
    if (results == NULL)
        return cvyi_no_memory(err);
    for (int i = 0; i < graph->n_inputs; i++)
        results[graph->inputs[i]] = in[i];
    status = cvyi_run_graph(results, graph, &none, true, err);
    if (status == CVY_OK)
        status = cvyi_copy(out, &results[layer->output], err);
    if (status == CVY_OK && bound != NULL) {
        cvy_view packed = { .data = NULL };

        status = bound_of(&packed, graph, layer->output, results, err);
        if (status == CVY_OK)
            status = cvyi_copy(bound, &packed, err);
        cvyi_tensor_close(&packed);
    }
    cvyi_run_close(results, graph);
    cvyi_free(results);
    return status;
}

void cvy_layer_close(cvy_layer *layer)
{
    if (layer == NULL)
        return;
    cvyi_call_graph_close(&layer->call);
    cvyi_call_texts_close(&layer->texts);
    cvyi_arena_close(&layer->arena);
    cvyi_free(layer);
}
